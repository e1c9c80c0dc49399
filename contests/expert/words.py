"""The words pages share about an expert: badge, load, nominations."""
from projectoffice.common.russian import plural

from ..models import Expert, Recusal

State = Expert.State
BADGES = {
    State.LISTED: ("neutral", "Не приглашён"), State.INVITED: ("wait", "Приглашение отправлено"), State.ACCEPTED: ("done", "Участвует"),
    State.DECLINED: ("closed", "Отказ"), State.REMOVED: ("closed", "Выведен"),
}


def badge(expert):
    return BADGES[State(expert.state)]


def own_ground(ground):
    """The ground as an expert says it of oneself."""
    return "Работаю в этом учреждении" if ground == Recusal.Ground.WORKS else Recusal.Ground(ground).label


def own_grounds():
    return [(ground, own_ground(ground)) for ground in Recusal.Ground]


def works(number):
    """«12 работ»."""
    return f"{number}\u00a0{plural(number, 'работа,работы,работ')}"


def load_words(load, limit):
    """«12 из 20», or the number alone where there is no limit."""
    return str(load) if limit is None else f"{load} из {limit}"


def nomination_words(expert):
    """In which nominations this expert scores; ``nominations`` are prefetched."""
    return "; ".join(each.title for each in expert.nominations.all()) or "все"
