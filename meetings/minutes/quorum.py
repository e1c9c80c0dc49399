"""The quorum of a meeting. Pure: no database."""
from dataclasses import dataclass

from projectoffice.accounts.models import Body


@dataclass(frozen=True)
class Quorum:
    """How many of the voting are there; ``is_there`` is None where the body asks for none."""

    rule: str
    members: int
    present: int

    @property
    def needed(self):
        """The least number of members that must be there: half or two thirds, rounded up."""
        return {Body.Quorum.HALF: -(-self.members // 2), Body.Quorum.TWO_THIRDS: -(-self.members * 2 // 3)}.get(self.rule, 0)

    @property
    def is_there(self):
        if self.rule == Body.Quorum.NONE:
            return None
        return self.members > 0 and self.present >= self.needed

    @property
    def sentence(self):
        """«Присутствовали 14 из 19 членов, кворум имеется.»; empty without members."""
        if not self.members:
            return ""
        count = f"Присутствовали {self.present} из {self.members} членов"
        if self.is_there is None:
            return f"{count}."
        return f"{count}, кворум {'имеется' if self.is_there else 'отсутствует'}."

    @property
    def warning(self):
        """«Кворума нет: присутствуют 5 из 13. …» where members are expected and too few came; nothing else bars it."""
        if self.is_there is not False or not self.members:
            return ""
        return (f"Кворума нет: присутствуют {self.present} из {self.members}, нужно не меньше {self.needed}. Проверьте явку: "
                "решения, принятые без кворума, могут признать недействительными.")


def quorum_of(body, participants):
    """The quorum among these Participants (a list)."""
    voting = [each for each in participants if each.votes]
    return Quorum(body.quorum, len(voting), sum(each.attendance == "present" for each in voting))
