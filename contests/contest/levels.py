"""What each mark means, as it is typed: a line a mark, «2 – раскрыто частично». Pure."""
import re

LONGEST = 500
LINE = re.compile(r"([0-9]{1,3})(?:\s*[–—:.)=\t-]\s*|\s+)(?![–—:.)=\s-]*$)(\S.*)")


class LevelsNotRead(ValueError):
    """Sentences about lines that could not be taken."""

    def __init__(self, sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def read_levels(typed, maximum):
    """``{mark: words}`` in the order of marks; LevelsNotRead with a sentence for each line that does not fit (five at most)."""
    found, wrong = {}, []
    for number, line in enumerate(str(typed).split("\n"), start=1):
        line = line.strip()
        if not line:
            continue
        try:
            mark, words = read_line(line, maximum)
            if mark in found:
                raise ValueError(f"слова оценки {mark} уже есть выше")
            found[mark] = words
        except ValueError as error:
            wrong.append(f"Строка {number}: {error}.")
    if wrong:
        more = [f"И ещё строк: {len(wrong) - 5}."] if len(wrong) > 5 else []
        raise LevelsNotRead(wrong[:5] + more)
    return dict(sorted(found.items()))


def read_line(line, maximum):
    match = LINE.fullmatch(line)
    if not match:
        raise ValueError("начните её с оценки, например «2 – раскрыто частично»")
    mark, words = int(match[1]), match[2].strip()
    if mark > maximum:
        raise ValueError(f"оценки {mark} нет, высшая – {maximum}")
    if len(words) > LONGEST:
        raise ValueError(f"здесь помещается {LONGEST} знаков, а набрано {len(words)}")
    return mark, words


def typed_levels(levels):
    """The way back: what one edits; ``levels`` are pairs of a mark and its words."""
    return "\n".join(f"{mark} – {words}" for mark, words in levels)
