"""Verbs of the agenda. Each goes through the meeting's door, so the meeting is locked while its questions change.

Questions stand in places 1, 2, 3 … among those of the same parent; removed ones have no place and come back
to where they stood.
"""
import uuid as uuids

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.accounts.models import User
from projectoffice.accounts.names import people_named
from projectoffice.accounts.services.changing import check_version, lay_over
from projectoffice.common.history import record
from projectoffice.common.models import Event
from projectoffice.common.text import clean_text
from projectoffice.common.uploads import store_upload

from ..meeting import unfinished
from ..models import AgendaItem, AgendaMaterial, AgendaSpeaker
from ..plan.in_force import covered, free_lines, is_in_force, period_of, rows_in_force, suggested_speakers
from ..plan.outline import TITLE_LIMIT
from .door import open_meeting
from .saving import touch

MOST_ITEMS, MOST_SPEAKERS, MOST_MINUTES = 200, 20, 600
NAME_LIMIT = 300


@transaction.atomic
def add_item(meeting, *, by, title, parent=None, speakers=(), minutes=None, closed=False, is_misc=False, added=False, uid=None):
    """A question at the end of the agenda, before «Разное»; under ``parent`` at the end of its sub-questions.

    ``speakers`` are pairs (printed name, person id or None); ``added`` marks a question put at the table. The same
    ``uid`` sent twice gives the same question. Effects: a line of history.
    """
    meeting = open_meeting(meeting, by)
    if uid and (known := meeting.items.filter(uid=uid).first()):
        return known
    parent = checked_parent(meeting, parent)
    if is_misc and parent is None and misc_of(meeting):
        raise ValidationError({"is_misc": "«Разное» в повестке уже есть."})
    item = new_item(
        meeting, by=by, parent=parent, title=read_title(title), minutes=read_minutes(minutes), closed=closed,
        is_misc=is_misc and parent is None, added=added, uid=uid or uuids.uuid4(),
    )
    place(item, parent)
    write_speakers(item, read_speakers(speakers))
    record("add_item", meeting, "Дополнительный вопрос включён в повестку" if added else "Добавлен вопрос", by=by,
           changes={"item": str(item.uid), "title": item.title})
    return item


@transaction.atomic
def save_item(item, *, by, version, speakers=None, **fields):
    """Change title, formula, minutes, ``closed`` and ``is_misc``; ``speakers`` (pairs) are put in place of the former.

    Saved twice, the second call changes nothing. Raises StaleVersion when somebody changed the question meanwhile.
    """
    meeting, item = opened(item, by)
    fields = read_fields(meeting, item, fields)
    changed = {name: value for name, value in fields.items() if getattr(item, name) != value}
    wanted = None if speakers is None else read_speakers(speakers)
    if wanted == speakers_of(item):
        wanted = None
    if not changed and wanted is None:
        return item
    check_version(item, version)
    changes = lay_over(item, changed)
    if wanted is not None:
        changes["speakers"] = [[text for text, _ in speakers_of(item)], [text for text, _ in wanted]]
        write_speakers(item, wanted)
    touch(item, by)
    record("save_item", meeting, "Изменён вопрос", by=by, changes={"item": str(item.uid)} | changes)
    return item


@transaction.atomic
def put_suggested_speakers(item, *, by):
    """Who the plan makes responsible for the row becomes the speakers of a question that has none."""
    meeting, item = opened(item, by)
    if item.plan_item is None or item.speakers.exists():
        return item
    found = suggested_speakers(item.plan_item.plan, [item.plan_item_id]).get(item.plan_item_id, [])
    if not found:
        raise ValidationError("В плане у этой строки нет ответственных.")
    wanted = link(found)
    write_speakers(item, wanted)
    touch(item, by)
    record("put_speakers", meeting, "Докладчики взяты из плана", by=by,
           changes={"item": str(item.uid), "speakers": [text for text, _ in wanted]})
    return item


@transaction.atomic
def move_item(item, *, by, position, parent=None):
    """Put a question at a place counted from 1 among those under ``parent`` (None: on the agenda itself).

    Beyond either end means the end itself. A question that has sub-questions goes under no other.
    """
    meeting, item = opened(item, by)
    if item.position is None:
        raise ValidationError("Этот вопрос удалён. Верните его, чтобы переставить.")
    parent = checked_parent(meeting, parent, item)
    others = siblings(meeting, parent, but=item)
    position = max(1, min(position, len(others) + 1))
    if item.parent_id == (parent.pk if parent else None) and item.position == position:
        return item
    left = item.parent
    item.parent = parent
    others.insert(position - 1, item)
    in_places(others)
    item.save(update_fields=["parent"])
    if left != parent:
        in_places(siblings(meeting, left))
    record("move_item", meeting, "Изменён порядок вопросов", by=by,
           changes={"item": str(item.uid), "place": position, "parent": str(parent.uid) if parent else ""})
    return item


@transaction.atomic
def remove_item(item, *, by):
    """Take a question with its sub-questions off the agenda; everything written in it stays for ``return_item``."""
    meeting, item = opened(item, by)
    if item.position is None:
        return item
    children = siblings(meeting, item)
    was, parent = item.position, item.parent
    for each in [item, *children]:
        each.position = None
        each.save(update_fields=["position"])
    in_places(siblings(meeting, parent))
    record("remove_item", meeting, "Удалён вопрос", by=by,
           changes={"item": str(item.uid), "place": was, "children": [str(child.uid) for child in children]})
    return item


@transaction.atomic
def return_item(item, *, by):
    """Undo ``remove_item``: the question stands where it stood, with the sub-questions that left with it."""
    meeting, item = opened(item, by)
    if item.position is not None:
        return item
    gone = Event.objects.about(meeting).filter(verb="remove_item", changes__item=str(item.uid)).order_by("-pk").first()
    was = gone.changes if gone else {}
    parent = item.parent if item.parent is None or item.parent.position else None
    if item.is_misc and misc_of(meeting):
        item.is_misc = False
    others = siblings(meeting, parent)
    others.insert(min(was.get("place") or len(others) + 1, len(others) + 1) - 1, item)
    item.parent = parent
    item.save(update_fields=["parent", "is_misc"])
    in_places(others)
    if was.get("children"):
        known = {f"{child.uid}": child for child in item.children.filter(uid__in=was["children"])}
        in_places([known[uid] for uid in was["children"] if uid in known])
    record("return_item", meeting, "Возвращён вопрос", by=by, changes={"item": str(item.uid)})
    return item


# From the plan and from earlier meetings

@transaction.atomic
def take_lines(meeting, rows, *, by, lines=None):
    """Put topics of plan rows on the agenda: lines become questions, what is listed under them sub-questions.

    ``rows`` are PlanItems of one plan in force of the meeting's body; ``lines`` is {row pk: places of lines}, without
    it whatever no meeting has yet. Responsibles are suggested on the page, never set. Returns the new questions.
    """
    meeting = open_meeting(meeting, by)
    rows = in_force_rows(meeting, rows)
    plan = rows[0].item.plan
    if meeting.plan_id is None:
        check_period(meeting, plan)
        meeting.plan = plan
        meeting.save(update_fields=["plan"])
    taken = covered([row.item for row in rows])
    added = []
    for row in rows:
        chosen = set(lines.get(row.item.pk, ()) if lines is not None else free_lines(row, taken))
        added += take_row(meeting, row, chosen, by)
    if not added:
        raise ValidationError("Отметьте хотя бы одну строку темы.")
    record("take_lines", meeting, f"Взято из плана: {counted(added)}", by=by,
           changes={"items": [str(item.uid) for item in added]})
    return added


def counted(items):
    """«вопросов 1, подвопросов 2»."""
    parts = sum(item.parent_id is not None for item in items)
    return f"вопросов {len(items) - parts}" + (f", подвопросов {parts}" if parts else "")


def in_force_rows(meeting, rows):
    rows = list(rows)
    if not rows:
        raise ValidationError("Отметьте хотя бы одну строку темы.")
    plan = rows[0].plan
    if any(row.plan_id != plan.pk for row in rows) or meeting.plan_id not in (None, plan.pk):
        raise ValidationError("На одном заседании рассматривают строки одного плана.")
    if plan.body_id != meeting.body_id:
        raise ValidationError("Этот план – другого органа. Создайте заседание того органа, чей план.")
    if not is_in_force(plan):
        raise ValidationError("План ещё не утверждён. Заседание можно создать по утверждённому плану.")
    wanted = {row.pk for row in rows}
    found = [row for row in rows_in_force(plan) if row.item.pk in wanted]
    if len(found) < len(wanted):
        raise ValidationError("Этой строки нет в действующей редакции плана.")
    return found


def check_period(meeting, plan):
    """A planned meeting stands inside the period of its plan."""
    start, end = period_of(plan)
    if meeting.date and not start <= meeting.date <= end:
        raise ValidationError({"date": (
            f"{meeting.date:%d.%m.%Y} – за пределами плана ({start:%d.%m.%Y}–{end:%d.%m.%Y}). "
            "Выберите другой день или создайте внеочередное заседание.")})


def take_row(meeting, row, chosen, by):
    """The chosen lines of one row as questions; a chosen line under one that is not chosen stands for itself."""
    added = []
    for topic in row.outline:
        above = None
        if topic.line in chosen:
            above = from_topic(meeting, row, topic, None, by)
            added += [above] if above else []
        for child in topic.children:
            if child.line in chosen:
                added.append(from_topic(meeting, row, child, above, by))
    return [item for item in added if item]


def from_topic(meeting, row, topic, parent, by):
    """A question made of a topic; «Разное», which an agenda has once, is linked to the one that is there."""
    known = misc_of(meeting) if topic.is_misc and parent is None else None
    if known:
        if known.plan_item_id is not None:
            return None
        known.plan_item, known.plan_line, known.plan_text = row.item, topic.line, topic.text
        touch(known, by)
        return known
    item = new_item(meeting, by=by, parent=parent, title=topic.title, is_misc=topic.is_misc and parent is None,
                    plan_item=row.item, plan_line=topic.line, plan_text=topic.text)
    place(item, parent)
    return item


@transaction.atomic
def carry_over(meeting, items, *, by):
    """Put questions of the body's earlier meetings that were not finished on this agenda, with their origin.

    Speakers, minutes and the lines of the plan go along. What somebody carried already is passed over.
    Returns the new questions.
    """
    meeting = open_meeting(meeting, by)
    wanted = [item.pk for item in items]
    found = [item for item in unfinished.of(meeting, AgendaItem.objects.visible_to(by)) if item.pk in wanted]
    added, parts = [], []
    for source in found:
        added.append(copied(source, meeting, by=by, origin=source))
        parts += [copied(child, meeting, by=by, origin=child, parent=added[-1]) for child in unfinished.children_of(source)]
    if added:
        record("carry_over", meeting, f"Взято неоконченное: {counted([*added, *parts])}", by=by,
               changes={"items": [str(item.uid) for item in added]})
    return added


def copied(source, meeting, *, by, parent=None, origin=None, keeps_plan=True):
    """The question as it was asked, without anything that was said or decided."""
    plan = {name: getattr(source, name) for name in ("plan_item", "plan_line", "plan_text")} if keeps_plan else {}
    item = new_item(meeting, by=by, parent=parent, title=source.title, formula=source.formula, minutes=source.minutes,
                    closed=source.closed, is_misc=source.is_misc, origin=origin, **plan)
    place(item, parent)
    AgendaSpeaker.objects.bulk_create(
        AgendaSpeaker(item=item, text=one.text, person_id=one.person_id, declined=one.declined, position=one.position)
        for one in source.speakers.all()
    )
    return item


# Materials

@transaction.atomic
def add_material(item, file, *, by, title=""):
    """A file to read for a question, checked by its content; without a title it is called as the file is."""
    meeting, item = opened(item, by)
    stored = store_upload(file, by=person_of(by))
    material = AgendaMaterial.objects.create(
        item=item, file=stored, title=clean_text(title, limit=300) or stored.name[:300], added_by=person_of(by))
    record("add_material", meeting, "Приложен материал", by=by, changes={"item": str(item.uid), "title": material.title})
    return material


@transaction.atomic
def remove_material(material, *, by):
    """Take a file off its question; the row stays and can come back. Done twice, the second call changes nothing."""
    return set_removed(material, True, "Убран материал", by)


@transaction.atomic
def return_material(material, *, by):
    """Put a removed file back under its question. Done twice, the second call changes nothing."""
    return set_removed(material, False, "Возвращён материал", by)


def set_removed(material, removed, words, by):
    meeting, item = opened(material.item, by)
    material = AgendaMaterial.objects.select_for_update().get(pk=material.pk)
    if material.removed != removed:
        material.removed = removed
        material.save(update_fields=["removed"])
        record("remove_material" if removed else "return_material", meeting, words, by=by,
               changes={"item": str(item.uid), "title": material.title})
    return material


# What the verbs stand on

def opened(item, by):
    """The meeting, locked and open for edit, and the question as it is now."""
    meeting = open_meeting(item.meeting, by)
    item = AgendaItem.objects.select_related("parent", "plan_item").get(pk=item.pk)
    item.meeting = meeting
    return meeting, item


def new_item(meeting, *, by, **fields):
    if meeting.items.present().count() >= MOST_ITEMS:
        raise ValidationError(f"В повестке помещается не больше {MOST_ITEMS} вопросов.")
    return AgendaItem(meeting=meeting, changed_by=person_of(by), changed_at=timezone.now(), **fields)


def siblings(meeting, parent, but=None):
    found = meeting.items.present().filter(parent=parent).order_by("position", "pk")
    return [item for item in found if but is None or item.pk != but.pk]


def in_places(items):
    """Give these questions the places 1, 2, 3 …"""
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


def place(item, parent):
    """Save a new question at the end; on the agenda itself «Разное» stays the last."""
    others = siblings(item.meeting, parent)
    misc = next((each for each in others if each.is_misc), None) if parent is None and not item.is_misc else None
    if misc and misc == others[-1]:
        item.position = misc.position
        AgendaItem.objects.filter(pk=misc.pk).update(position=F("position") + 1)
    else:
        item.position = len(others) + 1
    item.save()


def misc_of(meeting):
    return meeting.items.present().filter(is_misc=True, parent=None).first()


def checked_parent(meeting, parent, item=None):
    """The parent when a question may stand under it: of this meeting, on the agenda, itself under nothing."""
    if parent is None:
        return None
    parent = meeting.items.present().filter(pk=parent.pk, parent=None).first()
    if parent is None or item is not None and parent.pk == item.pk:
        raise ValidationError("Под этот вопрос подвопрос не поставить. Обновите страницу.")
    if item is not None and (item.is_misc or item.children.present().exists()):
        raise ValidationError("У этого вопроса есть подвопросы, под другой вопрос он не встанет.")
    return parent


def read_title(title):
    title = clean_text(title, limit=TITLE_LIMIT)
    if not title:
        raise ValidationError({"title": "Впишите вопрос."})
    return title


def read_minutes(minutes):
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError({"minutes": f"Укажите минуты от 1 до {MOST_MINUTES}."})
    return minutes


def read_fields(meeting, item, fields):
    read = dict(fields)
    if "title" in read:
        read["title"] = read_title(read["title"])
    if "formula" in read:
        read["formula"] = clean_text(read["formula"], limit=TITLE_LIMIT)
    if "minutes" in read:
        read["minutes"] = read_minutes(read["minutes"])
    if read.get("is_misc") and not item.is_misc:
        if item.parent_id:
            raise ValidationError({"is_misc": "«Разное» – вопрос самой повестки, а не подвопрос."})
        if misc_of(meeting):
            raise ValidationError({"is_misc": "«Разное» в повестке уже есть."})
    return read


def read_speakers(pairs):
    """Pairs (printed name, person id or None) as they may be stored: cleaned, known people recognised."""
    pairs = [(clean_text(text, limit=NAME_LIMIT), person) for text, person in pairs]
    pairs = [pair for pair in pairs if pair[0]]
    if len(pairs) > MOST_SPEAKERS:
        raise ValidationError({"speakers": f"Докладчиков может быть не больше {MOST_SPEAKERS}."})
    return link(pairs)


def link(pairs):
    """The chosen person when it is an active one, otherwise whom the printed name means without doubt."""
    chosen = {person for _, person in pairs if person}
    known = set(User.objects.active().filter(pk__in=chosen).values_list("pk", flat=True)) if chosen else set()
    named = people_named(text for text, person in pairs if person not in known)
    return [(text, person if person in known else getattr(named.get(text), "pk", None)) for text, person in pairs]


def speakers_of(item):
    return [(one.text, one.person_id) for one in item.speakers.all()]


def write_speakers(item, pairs):
    """Put the speakers; who stays keeps the name in the form the protocol needs."""
    declined = {(one.text, one.person_id): one.declined for one in item.speakers.all()}
    item.speakers.all().delete()
    item._prefetched_objects_cache = {}
    AgendaSpeaker.objects.bulk_create(
        AgendaSpeaker(item=item, text=text, person_id=person, declined=declined.get((text, person), ""), position=position)
        for position, (text, person) in enumerate(pairs)
    )
