"""Names and responsibles as people type them: «Сергеева О.А., директор» is one person, a collective stays whole."""
import re

from projectoffice.common.lines import typed_marker

_SURNAME = r"[А-ЯЁ][а-яё]+(?:[-–][А-ЯЁ][а-яё]+)?"
_INITIALS = r"[А-ЯЁ]\.[ \u00a0]*(?:[А-ЯЁ]\.?(?![а-яё]))?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|ьич|оглы|кызы)"
FULL_NAME = rf"{_SURNAME}[ \u00a0]+[А-ЯЁ][а-яё]+[ \u00a0]+{_PATRONYMIC}"
PERSON = rf"(?:{_SURNAME}[ \u00a0]*{_INITIALS}|{_INITIALS}[ \u00a0]*{_SURNAME}|{FULL_NAME})"
_PERSON = re.compile(rf"(?<![А-ЯЁа-яё.]){PERSON}")
_NAMED_AT_END = re.compile(rf"(?:^|[\s,;])(?:{PERSON})$")
# «школа имени А.С. Пушкина» names no responsible.
_HONOURED = re.compile(rf"(?<![а-яё])им(?:ени|\.)\s*{PERSON}", re.IGNORECASE)
_ONLY_PEOPLE = re.compile(rf"{PERSON}(?:[\s/]+(?:и[ \u00a0]+)?{PERSON})+\.?$")
# Words with which a role begins: after a line end they begin a new responsible, other small letters go on with the old.
_ROLE = re.compile(
    r"(?:директор|замест|зам\b|руководител|начальник|заведующ|зав\b|методист|председател|секретар|специалист|член|администраци|педагог|учител"
    r"|воспитател|команд|рабоч|эксперт|жюри|отдел|все\b|куратор|координатор|представител|старш|главн|ведущ|и\.\s?о|врио|социальн|классн|психолог"
    r"|организатор|модератор|участник|сотрудник|проектн|управленческ|творческ|совет|комисси|центр|учрежден|образовательн|школ|мбу|моу|мку|мбоу)",
    re.IGNORECASE)
# A collective or several people: it does not belong to the name after the comma.
_MANY = re.compile(r"(?:руководители|заместители|директора|начальники|члены|педагоги|учителя|воспитатели|специалисты|методисты|команды|администраци"
                   r"|рабоч[а-я]+ групп|представители|эксперты|кураторы|участники|все\b|жюри|отдел|проектн[а-я]+ (?:офис|команд))", re.IGNORECASE)
_PLURAL = re.compile(r"(?:руководители|заместители|начальники|члены|педагоги|учителя|воспитатели|специалисты|методисты|команды"
                     r"|рабоч[а-я]+ групп|представители|эксперты|кураторы|участники)", re.IGNORECASE)
# «–», «нет», «не указан»: the cell says that nobody is named.
_NOBODY = re.compile(r"[\W_]*|нет|не (?:указан|назначен|определ[её]н)[аоы]?\.?", re.IGNORECASE)
_HANGING = re.compile(r"(?:,|[-–—]|\b(?:и|по|в|на|с|со|от|при|для|за|о|об|к))$", re.IGNORECASE)


def split_responsibles(text):
    """The responsibles of a cell, in order; `text` has a line end for every paragraph and line break."""
    found = []
    for line in _whole_lines(text):
        for part in _outside_brackets(line, ";"):
            found.extend(_split_people(part))
    return [name for name in (_tidy(part) for part in found) if name]


def _tidy(part):
    part = part.strip(" \t\u00a0\n;")
    return "" if _NOBODY.fullmatch(part) else part.rstrip(",").rstrip()


def _whole_lines(text):
    """Lines without their list marks; a line that only goes on with the one before is joined to it."""
    lines = []
    for raw in text.split("\n"):
        line = re.sub(r"[ \t]+", " ", raw).strip(" \u00a0")
        _, mark = typed_marker(line)
        goes_on = lines and not mark and _goes_on(lines[-1], line)
        line = line[mark:]
        if not line:
            continue
        if goes_on:
            # «Пак А.А.» and «директор школы» on the next line: a post stands behind a comma.
            sign = "," if line[0].islower() and _ROLE.match(line) and _NAMED_AT_END.search(lines[-1]) else ""
            lines[-1] = f"{lines[-1]}{sign} {line}"
        else:
            lines.append(line)
    return lines


def _goes_on(before, line):
    if not line or before.endswith(";"):
        return False
    if line.startswith("(") or _HANGING.search(before) or re.match(r"(?:и|по|в|на|с|от|при|для)\s", line):
        return True
    if not line[0].islower() or (_PERSON.search(before) and (_PERSON.search(line) or _PLURAL.match(line))):
        return False
    return bool(_PERSON.search(before)) or not _ROLE.match(line)


def _outside_brackets(text, sign):
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")" and depth > 0)
        if letter == sign and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _split_people(text):
    """Cuts at the commas before a person; posts and phones stay with theirs."""
    people, held = [], []
    for part in _outside_brackets(text, ","):
        names = find_person(part)
        if not names:
            if _PLURAL.match(part.strip()) and _has_person(held):
                people.append(",".join(held))
                held = []
            held.append(part)
            continue
        if held and (_has_person(held) or _MANY.match(held[0].strip())):
            people.append(",".join(held))
            held = []
        held.append(part)
        if _ONLY_PEOPLE.match(part.strip()):
            earlier = ",".join(held[:-1])
            one_by_one = [found.group() for found in _PERSON.finditer(part)]
            people.extend(filter(None, [earlier, *one_by_one[:-1]]))
            held = [one_by_one[-1]]
    if held:
        people.append(",".join(held))
    return people


def find_person(text):
    """The first person named in the text, or None."""
    return _PERSON.search(_HONOURED.sub("", text))


def _has_person(parts):
    return any(find_person(part) for part in parts)
