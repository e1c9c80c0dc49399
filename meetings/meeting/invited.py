"""Who was invited to a meeting, what became of each letter, whom to phone. Reads only."""
from collections import Counter
from dataclasses import dataclass, field

from projectoffice.common.mail import dressed
from projectoffice.common.models import MailState, OutgoingMail

from ..models import Meeting, Participant
from .calendar_file import CANCEL
from .telling import Telling


@dataclass
class Guest:
    """A participant with what became of the last letter about the meeting; ``copy`` went to who acts for them."""

    participant: Participant
    is_reachable: bool
    is_uninformed: bool
    letters: list = field(default_factory=list)

    @property
    def was_called_off(self):
        return any(f":{CANCEL}:" in letter.key for letter in self.letters)

    @property
    def phone(self):
        return self.participant.person.phone if self.participant.person else ""


@dataclass(frozen=True)
class Invited:
    """What the meeting's page says about its invitations."""

    guests: list
    to_tell: list

    @property
    def to_phone(self):
        """Who must be phoned: no address, or the letter was not taken."""
        return [guest for guest in self.guests
                if not guest.is_reachable or any(letter.state == MailState.FAILED for letter in guest.letters)]

    @property
    def letters(self):
        return [letter for guest in self.guests for letter in guest.letters]

    @property
    def summary(self):
        """«передано почтовому серверу 12, в очереди 1» in the order of the states."""
        counts = Counter(letter.state for letter in self.letters)
        said = [f"{state.label[:1].lower()}{state.label[1:]} {counts[state]}" for state in MailState if counts[state]]
        return ", ".join(said) or "пока ни одного"

    @property
    def has_trouble(self):
        return any(letter.state == MailState.FAILED for letter in self.letters)


def invited(meeting):
    """The invitations of a meeting, in the order of its participants; the same few queries for any number."""
    telling = Telling(meeting)
    last = last_letters(meeting)
    uninformed = {each.pk for each in telling.uninformed}
    guests = [
        Guest(each, bool(telling.addressees(each)), each.pk in uninformed, last.get(each.pk, []))
        for each in telling.participants
    ]
    is_on = meeting.state == Meeting.State.ANNOUNCED
    return Invited(guests, [guest for guest in guests if guest.is_uninformed] if is_on else [])


def last_letters(meeting):
    """{participant: letters} of the newest telling each was written about: one's own, then that of who acts."""
    letters = OutgoingMail.objects.filter(key__startswith=f"meeting:{meeting.pk}:").select_related("person").defer("body")
    newest = {}
    for letter in letters:
        sequence, participant = (int(letter.key.split(":")[part]) for part in (2, 4))
        known = newest.setdefault(participant, {})
        letter.heading = letter.subject.partition(":")[0]
        known.setdefault(sequence, []).append(dressed(letter))
    return {participant: sorted(known[max(known)], key=lambda letter: letter.key) for participant, known in newest.items()}
