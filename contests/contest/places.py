"""Places of award levels as they are typed: «1», «2–3», nothing for the rest. Pure."""
import re

from projectoffice.common.russian import quoted

SHAPE = re.compile(r"([1-9][0-9]{0,2})(?:\s*[-–—]\s*([1-9][0-9]{0,2}))?")
NOT_PLACES = "Впишите место или промежуток, например 1 или 2–3. Пусто – всем остальным."
REST = None


def read_places(typed):
    """``(first, last)``, or None for the rest; ValueError with a sentence for anything else."""
    text = str(typed).strip()
    if not text:
        return REST
    found = SHAPE.fullmatch(text)
    if not found:
        raise ValueError(NOT_PLACES)
    first = int(found[1])
    last = int(found[2] or first)
    if last < first:
        raise ValueError(f"Промежуток записан наоборот: сначала {last}, потом {first}.")
    return first, last


def written_places(places):
    """«1», «2–3»: the one way they are stored."""
    if places is REST:
        return ""
    first, last = places
    return str(first) if first == last else f"{first}–{last}"


def holes(levels):
    """Sentences about places nobody gets or two levels get; ``levels`` are ``(title, places)`` in any order."""
    taken = sorted((places, title) for title, places in levels if places is not REST)
    expected = 1
    for (first, last), title in taken:
        if first > expected:
            hole = written_places((expected, first - 1))
            yield f"Места {hole} не отмечены ни одной наградой." if first - 1 > expected else f"Место {hole} не отмечено ни одной наградой."
        elif first < expected:
            yield f"Награда {quoted(title)} занимает место, которое уже отдано другой."
        expected = max(expected, last + 1)
    rest = [title for title, places in levels if places is REST]
    if len(rest) > 1:
        yield "Остальным отдано несколько наград: " + ", ".join(f"{quoted(title)}" for title in rest) + ". Укажите места."
