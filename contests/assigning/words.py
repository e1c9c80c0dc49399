"""Sentences about an assignment. Pure but for what the desk has read."""
from collections import Counter

from projectoffice.common.russian import plural

from .desk import HAD_IT, OTHER_NOMINATION

CONFLICT = "conflict"
KINDS = {CONFLICT: "в конфликте интересов", OTHER_NOMINATION: "из других номинаций", HAD_IT: "эту работу уже отдали"}


def experts(number):
    return f"{number}\u00a0{plural(number, 'эксперта,экспертов,экспертов')}"


def shortage_words(desk, shortage):
    """«Не хватает 2 экспертов: 3 в конфликте интересов, 1 уже взял сколько может»."""
    entry = desk.by_entry[shortage.entry]
    reasons = Counter(kind_of(desk.bar(entry, expert)) for expert in desk.by_expert if expert not in desk.given.get(entry.pk, ()))
    words = [f"{reasons[kind]} {told}" for kind, told in KINDS.items() if reasons[kind]]
    words += [f"{shortage.full} без свободных мест"] if shortage.full else []
    return f"Не хватает {experts(shortage.missing)}: " + ("; ".join(words) if words else "больше никого нет") + "."


def kind_of(why):
    return why if why in ("", OTHER_NOMINATION, HAD_IT) else CONFLICT


def spread_words(loads):
    """«от 5 до 6 работ», «5 работ»: what each expert would have."""
    if not loads:
        return ""
    least, most = min(loads), max(loads)
    word = plural(most, "работа,работы,работ")
    return f"{most}\u00a0{word}" if least == most else f"от\u00a0{least} до\u00a0{most}\u00a0{plural(most, 'работы,работ,работ')}"
