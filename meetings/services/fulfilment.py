"""The office's own word about a line of the plan in force, and taking it back."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import date_short

from ..fulfilment.lines import plan_rows
from ..fulfilment.reading import mark_facts, marks_by_place
from ..models import MeetingPlan, PlanItem, PlanLineMark
from ..plan.in_force import is_in_force

Verdict = PlanLineMark.Verdict
NEEDS_A_DAY = (Verdict.HELD, Verdict.PARTLY)
NEEDS_A_REASON = (Verdict.MOVED, Verdict.CANCELLED, Verdict.NOT_HELD)
FIELDS = ("verdict", "date", "moved_to", "reason")
LONGEST_WORDS = 80


@transaction.atomic
def mark_line(plan: MeetingPlan, uid, place, *, by, verdict, date=None, moved_to="", reason="", version, edition):
    """Say what became of a line. Said twice, it is said once.

    ``version`` is that of the mark the page showed (0: none), ``edition`` the number of the plan's edition.
    Raises StaleVersion when somebody else said something meanwhile.
    """
    item, line, mark = open_line(plan, uid, place, edition, by)
    values = checked(verdict, date, moved_to, reason)
    if mark and all(getattr(mark, name) == value for name, value in values.items()):
        return mark
    check_shown(mark, version)
    mark = mark or PlanLineMark(item=item, line=place, version=0)
    for name, value in values.items():
        setattr(mark, name, value)
    said(mark, line, by)
    record("mark_line", plan.document, f"{line_words(line)}: {sentence_of(mark)}", by=by,
           changes={"row": str(uid), "line": place} | {name: str(value or "") for name, value in values.items()})
    return mark


@transaction.atomic
def unmark_line(plan: MeetingPlan, uid, place, *, by, version, edition):
    """Take the office's word back: the line is judged by the meetings again. Raises StaleVersion."""
    _, line, mark = open_line(plan, uid, place, edition, by)
    if mark is None or not mark.verdict:
        return
    check_shown(mark, version)
    for name, value in (("verdict", ""), ("date", None), ("moved_to", ""), ("reason", "")):
        setattr(mark, name, value)
    said(mark, line, by)
    record("unmark_line", plan.document, f"{line_words(line)}: отметка снята, судят по заседаниям", by=by,
           changes={"row": str(uid), "line": place})


def open_line(plan, uid, place, edition, by):
    """(the row, its line, the mark of it) under the lock of the plan's document; every mark at its line's place of now."""
    document = plan.document = locked(plan.document)
    require(by, "meetings.mark_plan", document)
    if not is_in_force(plan):
        raise TransitionNotAllowed("Отмечать можно строки действующего плана.")
    if document.in_force.number != edition:
        raise TransitionNotAllowed("Пока вы отмечали, вступила в силу новая редакция плана. Проверьте строку и отметьте ещё раз.")
    row = next((row for row in plan_rows(document.in_force.snapshot) if row.uid == str(uid)), None)
    line = next((line for line in row.lines if line.place == place), None) if row else None
    if line is None:
        raise TransitionNotAllowed("Этой строки в действующем плане нет. Обновите страницу.")
    item = PlanItem.objects.get(plan=plan, uid=uid)
    return item, line, put_in_place(item, row).get(place)


def put_in_place(item, row):
    """{place: mark} with every mark moved to where its line stands now; what lost its line goes behind the last one."""
    marks = list(item.marks.order_by("line"))
    by_line = {mark.line: mark for mark in marks}
    placed = {place: by_line[said.place] for place, (said, _) in marks_by_place(row, [mark_facts(mark) for mark in marks]).items()}
    kept = {mark.pk for mark in placed.values()}
    lost = [mark for mark in marks if mark.pk not in kept]
    behind = 1 + max((place for line in row.lines for place in (line.place, *(sub.place for sub in line.subs))), default=0)
    for place, mark in [*placed.items(), *enumerate(lost, start=behind)]:
        if mark.line != place:
            mark.line = place
            mark.save(update_fields=["line"])
    return placed


def check_shown(mark, version):
    shown = mark.version if mark else 0
    if shown != version:
        raise StaleVersion(mark or PlanLineMark(verdict="", version=0))


def said(mark, line, by):
    mark.text, mark.by, mark.at, mark.version = line.text, person_of(by), timezone.now(), mark.version + 1
    mark.save()


def checked(verdict, date, moved_to, reason):
    """The values as they are stored; ValidationError beside each field that lacks what its verdict needs."""
    errors = {}
    if verdict not in Verdict.values:
        errors["verdict"] = "Выберите, что стало с вопросом."
    if verdict in NEEDS_A_DAY and date is None:
        errors["date"] = "Укажите день, когда вопрос рассмотрели."
    elif verdict in NEEDS_A_DAY and date > timezone.localdate():
        errors["date"] = "Этот день ещё не наступил."
    if verdict in NEEDS_A_REASON and not reason.strip():
        errors["reason"] = "Назовите причину: её прочтут в информации о выполнении."
    if errors:
        raise ValidationError(errors)
    return {
        "verdict": verdict,
        "date": date if verdict in NEEDS_A_DAY else None,
        "moved_to": bare(moved_to) if verdict == Verdict.MOVED else "",
        "reason": reason.strip(),
    }


def bare(moved_to):
    """«на март» and «март» are the same: the word «на» is printed with it."""
    words = moved_to.strip().rstrip(".")
    return words[3:].strip() if words.lower().startswith("на ") else words


def line_words(line):
    words = " ".join(line.text.split())
    return f"Вопрос «{words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS].rstrip() + '…'}»"


def sentence_of(mark):
    what = mark_facts(mark)
    words = [mark.get_verdict_display().lower(), date_short(what.date) if what.date else "", f"на {what.moved_to}" if what.moved_to else ""]
    sentence = " ".join(filter(None, words))
    return f"{sentence} ({what.reason})" if what.reason else sentence
