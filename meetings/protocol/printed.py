"""The protocol and the extract as they are printed: the source of a snapshot in, head and sections out. Pure: no database.

The source is the raw content of a protocol as JSON (``kinds/protocol.py`` makes it); both forms, full and short, and
every extract are printed from it. Sections are those of docs/architecture.md § Snapshot; what belongs to a question or
a decision carries its uid, so that comparison and search know the pieces.
"""
import re
from dataclasses import dataclass
from itertools import count

from projectoffice.common.lines import line
from projectoffice.common.russian import MONTHS, NBSP, date_short, plural
from projectoffice.common.text import bind_names, bind_numbers

from ..minutes.quorum import Quorum
from ..minutes.votes import vote_words

FULL, SHORT = "full", "short"
OF_THE_BODY = ("chair", "secretary", "member")
GUESTS = ("invited", "guest")
PRESENT, EXCUSED = "present", "excused"
CONSIDERED, POSTPONED, WITHDRAWN = "considered", "postponed", "withdrawn"
PUT_OFF = {POSTPONED: "Рассмотрение вопроса перенесено", WITHDRAWN: "Вопрос снят с повестки дня"}
ATTENDANCE_LIST = "Список присутствующих"

_ABOUT = re.compile(r"(?:О|Об|Обо)\s")
# A note that goes on with the sentence; one with a capital letter is a sentence of its own.
_GOES_ON = re.compile(r"(?:на|до|к|по|из-за|ввиду|для|в связи)\s")
_INFINITIVE = re.compile(r"([А-ЯЁ][а-яё]+(?:ть|ти|чь|ться|тись))\s")
# What the body itself does by deciding; whoever carries it out is named beside it, not before it.
BODY_DECIDES = {
    "Принять", "Одобрить", "Утвердить", "Согласовать", "Признать", "Рекомендовать", "Поручить", "Перенести", "Снять",
    "Отметить", "Считать", "Назначить", "Избрать", "Включить", "Исключить",
}
DATIVE_ENDINGS = ("у", "ю", "ой", "ей", "ам", "ям", "всем")
_DAY_AND_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}})[ ]+(?=(?:{'|'.join(MONTHS)})\b)")
# «1 июля», «июнь» or «01.07» that no year follows; a term that comes back every year has none.
_WITHOUT_YEAR = re.compile(
    r"\b(?:(?P<figures>(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2]))(?![.\d])"
    r"|(?:январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]*\b(?!\s*\d{4})|ма(?:й|я|е|ю|ем)\b(?!\s*\d{4}))",
    re.IGNORECASE)
_RECURS = re.compile(r"кажд|ежегодн|ежемесячн|ежекварт|\bгод", re.IGNORECASE)
_YEAR = re.compile(r"(?<=\d{4})[ ]+(?=г(?:\.|од))")


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────

def give_numbers(items):
    """Write ``number`` into questions (1, 5.1) and decisions (1.1, 5.1.1) as they stand; returns the same list.

    A question with sub-questions and decisions of its own counts both in one row, so no number is given twice.
    """
    return number_level(items, "")


def number_level(items, above):
    for place, item in enumerate(items, start=1):
        item["number"] = f"{above}{place}"
        places = count(len(item["children"]) + 1)
        number_level(item["children"], f"{item['number']}.")
        for resolution in item["resolutions"]:
            resolution["number"] = f"{item['number']}.{next(places)}"
    return items


# ── the two papers ────────────────────────────────────────────────────────────────────────────────────────

def protocol_content(source, *, number="", form=None):
    """Head, columns and sections of a protocol in its own form or in the one asked for; the source goes along."""
    source = source | {"form": form or source["form"]}
    questions = short_item if source["form"] == SHORT else full_item
    sections = [
        *introduction(source),
        *(agenda(source["items"]) if source["form"] == FULL else ()),
        *(section for item in source["items"] for section in questions(item, source["decided_word"])),
        *opinions(source),
        *attachments(source),
        *attendance_lists(source, number),
    ]
    return {"head": head("ПРОТОКОЛ", source), "columns": [], "sections": sections, "source": source}


def extract_content(snapshot, chosen, *, original=""):
    """Head, columns and sections of an extract: the introduction and the chosen decisions of a protocol's snapshot.

    ``chosen`` holds uids of decisions, and of questions without decisions. Nothing else of the source goes along.
    """
    source = snapshot["source"]
    items = only_chosen(source["items"], set(chosen))
    sections = [
        *introduction(source, with_lists=False),
        *agenda(items),
        *(section for item in items for section in full_item(item, source["decided_word"], discussed=False)),
        *signers(snapshot["stamps"]),
        *([text_section("original", [line(original)], place="after")] if original else []),
    ]
    printed = head("ВЫПИСКА ИЗ ПРОТОКОЛА", source)
    printed |= {name: snapshot["head"].get(name, "") for name in ("number", "date")}
    return {"head": printed, "columns": [], "sections": sections}


def only_chosen(items, chosen):
    """The chosen decisions with the questions they belong to; numbers stay those of the protocol."""
    kept = []
    for item in items:
        children = only_chosen(item["children"], chosen)
        resolutions = [each for each in item["resolutions"] if each["uid"] in chosen]
        if children or resolutions or item["uid"] in chosen:
            kept.append(item | {"children": children, "resolutions": resolutions})
    return kept


def head(word, source):
    return {
        "above": source["organization"].splitlines(),
        "title": [word, *source["heading"].splitlines()],
        "place": source["meeting"]["place"],
    }


# ── above the agenda ──────────────────────────────────────────────────────────────────────────────────────

@dataclass(frozen=True)
class Attendance:
    """Who led, who of the body was there or not, who came as a guest: participants of the source, in printing order."""

    chair: str
    secretary: str
    present: list
    absent: list
    invited: list


def attendance_of(participants):
    def leader(role):
        return next((bind_names(each["name"]) for each in participants if each["role"] == role), "")

    body = [each for each in by_surname(participants) if each["role"] in OF_THE_BODY]
    return Attendance(
        chair=leader("chair"),
        secretary=leader("secretary"),
        present=[each for each in body if each["attendance"] == PRESENT],
        absent=[each for each in body if each["attendance"] != PRESENT],
        invited=[each for each in by_surname(participants) if each["role"] in GUESTS and each["attendance"] == PRESENT],
    )


def by_surname(participants):
    return sorted(participants, key=lambda each: each["name"].casefold().replace("ё", "е").replace(NBSP, " "))


def introduction(source, *, with_lists=True):
    """Chair, secretary, who was there, who was not, who was invited, the quorum."""
    people, limit = attendance_of(source["participants"]), source["attendance_limit"]
    tail = " (список прилагается)" if with_lists else ""
    leaders = [f"{word} – {name}" for word, name in (("Председатель", people.chair), ("Секретарь", people.secretary)) if name]
    yield text_section("leaders", map(line, leaders))
    yield text_section("present", [line(f"Присутствовали: {named_or_counted(people.present, limit, tail)}")])
    if people.absent:
        yield text_section("absent", [line(full_stop(f"Отсутствовали: {', '.join(map(absent_name, people.absent))}"))])
    if len(people.invited) > limit:
        yield text_section("invited", [line(f"Приглашённые: {counted(people.invited)}{tail}.")])
    elif people.invited:
        yield text_section("invited", [line("Приглашённые:"), *(line(name_with_post(each)) for each in people.invited)])
    if sentence := quorum_sentence(source["quorum"]):
        yield text_section("quorum", [line(sentence)])


def named_or_counted(people, limit, tail):
    if len(people) > limit:
        return f"{counted(people)}{tail}."
    return full_stop(", ".join(bind_names(each["name"]) for each in people)) if people else "нет."


def counted(people):
    return f"{len(people)}{NBSP}{plural(len(people), 'человек,человека,человек')}"


def absent_name(participant):
    name = bind_names(participant["name"])
    return f"{name} (по уважительной причине)" if participant["attendance"] == EXCUSED else name


def name_with_post(participant):
    return ", ".join(part for part in (bind_names(participant["name"]), participant["post"].strip()) if part)


def quorum_sentence(quorum):
    return Quorum(quorum["rule"], quorum["members"], quorum["present"]).sentence


def has_attendance_list(source):
    people = attendance_of(source["participants"])
    return max(len(people.present), len(people.invited)) > source["attendance_limit"]


def attendance_lists(source, number):
    """The first appendix, on a page of its own: everybody with the post, when there are too many for the first page."""
    if not has_attendance_list(source):
        return
    people = attendance_of(source["participants"])
    day = date_short(source["meeting"]["date"])
    to_what = f"к протоколу от{NBSP}{day}" + (f" №{NBSP}{number}" if number else "")
    words = [line(f"Приложение №{NBSP}1"), line(to_what)]
    yield text_section("appendix", words, place="appendix", align="right")
    yield text_section("appendix-title", [line(ATTENDANCE_LIST)], place="after", align="center")
    yield text_section("attendance-list", [line(name_with_post(each), marker="number") for each in people.present], place="after")
    if people.invited:
        yield text_section("invited-title", [line("Приглашённые")], place="after", align="center")
        yield text_section("invited-list", [line(name_with_post(each), marker="number") for each in people.invited], place="after")


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────

def agenda(items):
    """ПОВЕСТКА ДНЯ: questions with their numbers and speakers; sub-questions below their question."""
    yield text_section("agenda", [], title="ПОВЕСТКА ДНЯ:")
    for item in each_question(items):
        words = [line(full_stop(question(item)))]
        if item["speakers"]:
            words.append(line(full_stop(f"{'Докладчик' if len(item['speakers']) == 1 else 'Докладчики'} – {speaker_names(item)}")))
        yield text_section(f"{item['uid']}-agenda", words, number=f"{item['number']}.")


def each_question(items):
    for item in items:
        yield item
        yield from each_question(item["children"])


def full_item(item, decided_word, *, discussed=True):
    """СЛУШАЛИ, ВЫСТУПИЛИ, РЕШИЛИ of one question, with the votes; sub-questions stand before its own decisions."""
    if is_only_a_heading(item):
        yield text_section(item["uid"], [], title=f"{item['number']}. {question(item)}")
    else:
        yield from inclusion(item)
        yield heard(item)
        if discussed and item["discussed"]:
            yield text_section(f"{item['uid']}-discussed", item["discussed"], title="ВЫСТУПИЛИ:", indent=True)
    for child in item["children"]:
        yield from full_item(child, decided_word, discussed=discussed)
    yield from decisions(item, decided_word)
    yield from put_off(item) if was_heard(item) else ()


def short_item(item, decided_word):
    """The question with its speakers in brackets, and what was decided."""
    names = f" ({speaker_names(item)})" if item["speakers"] else ""
    yield from inclusion(item)
    yield text_section(item["uid"], [], title=f"{item['number']}. {without_stop(question(item))}{names}")
    for child in item["children"]:
        yield from short_item(child, decided_word)
    yield from decisions(item, decided_word)
    yield from put_off(item)


def is_only_a_heading(item):
    """«Разное» and the like: nothing was said to it but to its sub-questions."""
    return bool(item["children"]) and not (item["heard"] or item["discussed"] or item["speakers"])


def was_heard(item):
    return bool(item["heard"]) or item["outcome"] not in PUT_OFF


def heard(item):
    """«1. СЛУШАЛИ:» with who spoke and what; a question nobody heard says so under its own words."""
    if not was_heard(item):
        title = f"{item['number']}. {without_stop(question(item))}"
        return text_section(item["uid"], [line(put_off_words(item))], title=title, indent=True)
    words = [line(speaker_sentence(item)), *item["heard"]]
    return text_section(item["uid"], words, title=f"{item['number']}. СЛУШАЛИ:", indent=True)


def speaker_sentence(item):
    """«Иванову И.И. – о подведении итогов.»; without a speaker the question alone."""
    asked = full_stop(question(item))
    names = ", ".join(bind_names(each["declined"] or each["text"]) for each in item["speakers"])
    if not names:
        return asked
    if _ABOUT.match(asked):
        return f"{names} – {lower_first(asked)}"
    return f"{names} по вопросу: {asked}"


def inclusion(item):
    if item["added"]:
        voted = vote_words(item["inclusion_vote"])
        words = f"Вопрос {item['number']} включён в повестку дня дополнительно." + (f" {voted}." if voted else "")
        yield text_section(f"{item['uid']}-added", [line(words)])


def put_off(item):
    if item["outcome"] in PUT_OFF:
        yield text_section(f"{item['uid']}-outcome", [line(put_off_words(item))], indent=True)


def put_off_words(item):
    """«…перенесено: докладчик болен.»; «на сентябрь» goes on with the sentence."""
    words, note = PUT_OFF[item["outcome"]], item["outcome_note"].strip()
    if not note:
        return full_stop(words)
    return full_stop(f"{words} {note}" if _GOES_ON.match(note) else f"{words}: {lower_first(note)}")


def decisions(item, decided_word):
    if item["resolutions"]:
        yield text_section(f"{item['uid']}-decided", [], title=f"{decided_word}:")
    for resolution in item["resolutions"]:
        yield text_section(resolution["uid"], resolution_lines(resolution), number=f"{resolution['number']}.")
    if voted := vote_words(item["vote"]):
        yield text_section(f"{item['uid']}-vote", [line(f"{voted}.")], indent=True)


def resolution_lines(resolution):
    """The decision as printed; a charge names who does it, who helps, until when and who controls, where its words do not.

    «Белову С.И. представить отчёт в срок до 1 июля 2027 г.» for an executor in the dative, as the ministry's form
    has it; «Ответственный: Белов С.И.; срок: до 1 июля 2027 г.» for a name as it stands in lists.
    """
    parts = [part for part in resolution["text"].strip().split("\n") if part.strip()] or [""]
    who, due = missing_in("\n".join(parts), resolution) if resolution["is_charge"] else ("", "")
    if len(parts) == 1 and due and not who:
        parts, due = [f"{without_stop(parts[0])}{due_tail(due)}"], ""
    elif len(parts) == 1 and who and is_dative(who) and told_to_do(parts[0]):
        parts, who, due = [f"{upper_first(who)} {lower_first(without_stop(parts[0]))}{due_tail(due)}"], "", ""
    helpers, control = ", ".join(map(bind_names, resolution.get("helpers", ()))), bind_names(resolution.get("controlled_by", ""))
    told = [f"{word}: {words}" for word, words in (
        ("поручить" if is_dative(who) else "ответственный", who),
        ("соисполнители" if len(resolution.get("helpers", ())) > 1 else "соисполнитель", helpers),
        ("срок", due), ("контроль", control)) if words]
    if told:
        parts = [*map(full_stop, parts), upper_first("; ".join(told))]
    return [line(full_stop(part)) for part in parts]


def told_to_do(text):
    """«Представить отчёт»: somebody else's work, and not what the body does by deciding («Одобрить»)."""
    found = _INFINITIVE.match(text)
    return bool(found) and found[1] not in BODY_DECIDES


def is_dative(who):
    """«Белову С.И.», «всем школам», «руководителям школ», by the ending of the first word."""
    first = plain_words(who).split(" ")[0].rstrip(",;")
    return first.endswith(DATIVE_ENDINGS)


def missing_in(text, resolution):
    """Executor and due as printed, each only when the words of the decision do not name it already."""
    who, typed = bind_names(resolution["executor_text"].strip()), resolution["due"].strip()
    due = bind_dates(with_year(typed, resolution))
    plain = plain_words(text)
    first = plain_words(who).split(",")[0].split(" ")[0]
    said = any(words and plain_words(words) in plain for words in (typed, due))
    return "" if first and first[:-1] in plain and len(first) > 3 else who, "" if said else due


def with_year(text, resolution):
    """«до 1 июля» with the year it means; of «с 1 июня по 15 июля» the second says it for both, unless they differ."""
    if not resolution["due_end"] or resolution["is_permanent"] or _RECURS.search(text):
        return text
    years = [day[:4] for day in (resolution["due_start"], resolution["due_end"]) if day]
    places = list(_WITHOUT_YEAR.finditer(text))[-2:]
    if len(set(years)) == 1 or len(places) == 1:
        places, years = places[-1:], years[-1:]
    for place, year in reversed(list(zip(places, years, strict=False))):
        text = f"{text[:place.end()]}{f'.{year}' if place['figures'] else f' {year} г.'}{text[place.end():]}"
    return text


def due_tail(due):
    """« в срок до 1 июля 2027 г.» or «, срок – постоянно»."""
    if not due:
        return ""
    if due.lower().startswith("в срок"):
        return f" {lower_first(due)}"
    return f" в срок {due}" if due.lower().startswith("до ") else f", срок – {lower_first(due)}"


# ── below the questions ───────────────────────────────────────────────────────────────────────────────────

def opinions(source):
    if source["opinions"]:
        yield text_section("opinions", [line(each) for each in source["opinions"]], title="ОСОБОЕ МНЕНИЕ:", indent=True)


def attachments(source):
    names = [ATTENDANCE_LIST] * has_attendance_list(source) + list(source["attachments"])
    if names:
        yield text_section("attachments", [line(full_stop(each), marker="number") for each in names],
                           title="Приложение:" if len(names) == 1 else "Приложения:")


def signers(stamps):
    """Posts and names of those who signed the protocol, without signatures."""
    for stamp in stamps:
        if stamp["place"] == "foot" and stamp["kind"] == "sign":
            yield {"uid": "", "kind": "pair", "left": " ".join(stamp["post"].split()), "right": bind_names(stamp["name"])}


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────

def text_section(uid, lines, *, title="", **layout):
    return {"uid": uid, "kind": "text", "title": title, "lines": list(lines), **layout}


def question(item):
    """As the protocol words it; points of a plan begin with a small letter, a line of the agenda with a capital."""
    return upper_first((item["formula"] or item["title"]).strip())


def speaker_names(item):
    return ", ".join(bind_names(each["text"]) for each in item["speakers"])


def full_stop(text):
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…:;" or text.endswith((".»", "!»", "?»")) else f"{text}."


def without_stop(text):
    """The text without its last full stop; that of «г.» and of initials is no full stop."""
    text = text.rstrip()
    ends = text.endswith(".") and not re.search(r"(?:\b\w|г|гг|т\.\s?[дп]|др|пр)\.$", text)
    return text[:-1] if ends else text


def lower_first(text):
    """The first letter small, unless the word is an abbreviation or a name with initials."""
    is_name = re.match(r"[А-ЯЁ][а-яё-]+\s+[А-ЯЁ]\.", text) or re.match(r"[А-ЯЁA-Z]{2}", text)
    return text if is_name else text[:1].lower() + text[1:]


def upper_first(text):
    return text[:1].upper() + text[1:]


def bind_dates(text):
    """«1 июля 2027 г.» and «№ 5» with no-break spaces, in what we print around the typed text."""
    return bind_numbers(_YEAR.sub(NBSP, _DAY_AND_MONTH.sub(rf"\1{NBSP}", text)))


def plain_words(text):
    return " ".join(text.replace(NBSP, " ").casefold().replace("ё", "е").split())
