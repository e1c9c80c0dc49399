"""What pages, letters and files call things of an entry."""
from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.russian import deadline, plural, term_words

from ..models import Entry

State = Entry.State
LOOKS = {
    State.DRAFT: "neutral", State.SUBMITTED: "progress", State.RETURNED: "wait", State.ADMITTED: "done",
    State.REJECTED: "alert", State.WITHDRAWN: "closed",
}


def badge(entry):
    """Family and word of the badge."""
    return LOOKS[entry.state], State(entry.state).label


def zone_words(office=None):
    """«время – Самара»: whose hour is meant."""
    return f"время – {(office or OfficeProfile.load()).zone_name}"


def until_words(moment, office=None):
    """«до 15 октября, 18:00 · 7 дней (время – Самара)»."""
    return f"{deadline(moment)} ({zone_words(office)})" if moment else ""


def moment_words(moment, office=None):
    """«15 октября, 18:00 (время – Самара)», for sentences."""
    return f"{term_words(moment)} ({zone_words(office)})"


def call_words(office=None):
    """Whom to ask: «Позвоните в офис: (8482) 00-00-00, пн–пт 9:00–17:00.»"""
    office = office or OfficeProfile.load()
    ways = ", ".join(filter(None, (office.phone, office.hours)))
    return f"Позвоните в офис: {ways}." if ways else "Позвоните в Проектный офис."


def number_words(entry):
    return f"Заявка № {entry.number}" if entry.number else "Заявка"


def left_words(text, limit):
    """«осталось 120 знаков», or how many are too many."""
    left = limit - len(text)
    size = f"{abs(left)} {plural(left, 'знак,знака,знаков')}"
    return f"лишних {size}: сократите, прежде чем отправлять" if left < 0 else f"{plural(left, 'остался,осталось,осталось')} {size}"
