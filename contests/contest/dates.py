"""What is wrong with the dates of a contest's stages. Pure: moments in, sentences out."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from projectoffice.common.russian import moment_short

# The stages in the order they follow one another; the public jury votes beside the experts.
ORDER = ("acceptance", "check", "remote", "onsite", "jury", "results")
NAMES = {"acceptance": "Приём заявок", "check": "Техническая экспертиза", "remote": "Заочный тур", "onsite": "Очный тур",
         "jury": "Голосование общественного жюри", "results": "Подведение итогов"}


@dataclass(frozen=True)
class Clash:
    """A sentence about the dates and the field it stands beside: the stage and ``starts`` or ``ends``."""

    kind: str
    end: str
    sentence: str


# Which moment may not come before which: (later stage, its end, earlier stage, its end, the words between).
AFTER = (
    ("check", "ends", "acceptance", "ends", "заканчивается раньше приёма заявок: последние заявки останутся непроверенными"),
    ("check", "starts", "acceptance", "starts", "начинается раньше приёма заявок"),
    ("remote", "starts", "acceptance", "ends", "начинается раньше, чем закончится приём заявок"),
    ("onsite", "starts", "acceptance", "ends", "начинается раньше, чем закончится приём заявок"),
    ("onsite", "starts", "remote", "ends", "начинается раньше, чем закончится заочный тур"),
    ("jury", "starts", "acceptance", "ends", "начинается раньше, чем закончится приём заявок"),
    ("results", "starts", "check", "ends", "начинается раньше, чем закончится техническая экспертиза"),
    ("results", "starts", "remote", "ends", "начинается раньше, чем закончится заочный тур"),
    ("results", "starts", "onsite", "ends", "начинается раньше, чем закончится очный тур"),
    ("results", "starts", "jury", "ends", "начинается раньше, чем закончится голосование общественного жюри"),
    ("results", "starts", "acceptance", "ends", "начинается раньше, чем закончится приём заявок"),
)


def clashes(stages: Mapping[str, tuple[datetime, datetime]]):
    """Every ``Clash`` of stages given as ``{kind: (starts, ends)}``; a stage without a date is left out."""
    for kind, (starts, ends) in stages.items():
        if ends <= starts:
            yield Clash(kind, "ends", f"{NAMES[kind]}: окончание должно быть позже начала.")
    told = set()
    for later, end, earlier, other, words in AFTER:
        if later in stages and earlier in stages and (later, end) not in told:
            moment, bound = of(stages[later], end), of(stages[earlier], other)
            if moment < bound:
                told.add((later, end))
                yield Clash(later, end, f"{NAMES[later]} {words} ({moment_short(bound)}).")


def of(stage, end):
    return stage[0] if end == "starts" else stage[1]
