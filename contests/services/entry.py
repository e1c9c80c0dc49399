"""Verbs of an entry being written: begun, saved as typed, its authors, partners, nomination, files and scan."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Sum

from portfolios.models.project import institutions_of
from portfolios.services.typed import Saved, judge
from projectoffice.accounts.access import is_office, person_of, system
from projectoffice.accounts.models import Post, User
from projectoffice.common.history import record
from projectoffice.common.russian import file_size

from ..models import Entry, EntryAnswer, EntryAuthor, EntryFile, Nomination
from .door import open_contest
from .entry_door import open_for_writing, save

MIB = 2**20
MOST_BYTES = 200 * MIB
MOST_FILES = 30
MOST_PARTNERS = 20
CELLS = ("name", "post", "phone", "email")


@transaction.atomic
def start_entry(contest, *, by, nomination, institution, title=""):
    """A draft of an institution's team; who begins it for the own institution is its first author and contact."""
    contest = open_contest(contest, by, "enter")
    if nomination.contest_id != contest.pk:
        raise ValidationError({"nomination": "Выберите номинацию этого конкурса."})
    if institution.closed_on is not None:
        raise ValidationError({"institution": "Это учреждение закрыто."})
    own = works_in(by, institution)
    if not own and not (by is system() or is_office(by)):
        raise PermissionDenied("contests.write_entry")
    entry = Entry.objects.create(contest=contest, nomination=nomination, institution=institution, title=title.strip(),
                                 created_by=person_of(by))
    if own:
        entry.authors.create(person=by, name=by.full_name, post=post_in(by, institution), email=by.email, is_contact=True, position=1)
    record("start_entry", entry, "Начата заявка" if own else "Заявку начал офис", by=by)
    return entry


def works_in(user, institution):
    return user is not system() and institutions_of(user).filter(institution=institution).exists()


def post_in(person, institution):
    post = person.posts.current().filter(institution=institution).first()
    return str(post or "")[:300]


# ── saved as typed ────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def save_draft(entry, typed, shown, *, by):
    """Write the changed ones of ``typed`` ({name: text}); ``shown`` are the marks of what the page began from.

    Names are ``title``, ``contact`` (the author's id), ``answer-<field>`` of the present nomination and
    ``author-<id>-name|post|phone|email`` of its own authors; others are nobody's. A text over its limit is kept: only
    sending asks for the limit. Raises Collision when somebody else changed one of the same texts meanwhile.
    """
    entry = open_for_writing(entry, by)
    changed, shown = judge(entry, stored_texts(entry), typed, shown)
    if changed:
        write(entry, changed)
        record("save_entry", entry, "Изменён текст заявки", by=by, changes={"fields": sorted(changed)[:50]})
    return Saved(shown, sorted(changed))


def stored_texts(entry):
    """{name: text} of everything one types in an entry."""
    answers = {answer.field_id: answer.text for answer in entry.answers.all()}
    authors = list(entry.authors.all())
    texts = {"title": entry.title, "contact": next((str(each.pk) for each in authors if each.is_contact), "")}
    texts |= {f"answer-{field.pk}": answers.get(field.pk, "") for field in entry.nomination.fields.all()}
    return texts | {f"author-{each.pk}-{cell}": getattr(each, cell) for each in authors for cell in CELLS}


def write(entry, changed):
    authors: dict = {}
    for name, text in changed.items():
        kind, _, rest = name.partition("-")
        if kind == "answer":
            EntryAnswer.objects.update_or_create(entry=entry, field_id=int(rest), defaults={"text": text})
        elif kind == "author":
            key, cell = rest.split("-")
            authors.setdefault(int(key), {})[cell] = text
    for key, cells in authors.items():
        write_author(entry, entry.authors.get(pk=key), cells)
    if "contact" in changed:
        mark_contact(entry, changed["contact"])
    save(entry, title=changed.get("title", entry.title))


def write_author(entry, author, cells):
    for cell, text in cells.items():
        setattr(author, cell, text)
    if "name" in cells:
        author.person = colleague_named(entry, author.name)
    author.save()


def colleague_named(entry, name):
    """The one who works in one of the entry's institutions and is called so; None when nobody or several are."""
    wanted = key_of(name)
    if not wanted:
        return None
    here = User.objects.active().filter(pk__in=colleagues_of(entry))
    found = [person for person in here.filter(surname__iexact=name.split()[0]) if key_of(person.full_name) == wanted]
    return found[0] if len(found) == 1 else None


def key_of(name):
    return " ".join(name.lower().replace("ё", "е").split())


def colleagues_of(entry):
    """Ids of people with a post today in the institution that enters or in a partner."""
    places = [entry.institution_id, *(place.pk for place in entry.partners.all())]
    return Post.objects.current().filter(institution__in=places).values("person")


def mark_contact(entry, key):
    entry.authors.filter(is_contact=True).update(is_contact=False)
    if key:
        entry.authors.filter(pk=int(key)).update(is_contact=True)


# ── authors and partners ──────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def add_author(entry, *, by):
    """An empty line at the end, while the nomination has room."""
    entry = open_for_writing(entry, by)
    authors = entry.authors.aggregate(last=Max("position"))
    if entry.authors.count() >= entry.nomination.most_authors:
        raise ValidationError(f"В этой номинации авторов не больше {entry.nomination.most_authors}.")
    author = entry.authors.create(position=(authors["last"] or 0) + 1, is_contact=not entry.authors.filter(is_contact=True).exists())
    save(entry)
    record("add_author", entry, "Добавлен автор", by=by)
    return author


@transaction.atomic
def remove_author(entry, author, *, by):
    """Out of the entry; done twice is done once."""
    entry = open_for_writing(entry, by)
    known = entry.authors.filter(pk=author.pk).first()
    if known:
        record("remove_author", entry, f"Убран автор: {known.name or 'пустая строка'}", by=by)
        known.delete()
        save(entry)


@transaction.atomic
def move_author(entry, author, *, by, up):
    """One place up or down; at the edge nothing happens."""
    entry = open_for_writing(entry, by)
    rows = list(entry.authors.all())
    place = next((index for index, each in enumerate(rows) if each.pk == author.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, each in enumerate(rows, start=1):
        each.position = position
    EntryAuthor.objects.bulk_update(rows, ["position"])
    save(entry)
    record("move_author", entry, f"Порядок авторов: {author.name or 'пустая строка'} {'выше' if up else 'ниже'}", by=by)


@transaction.atomic
def add_partner(entry, institution, *, by):
    """One more institution that takes part; the same one twice is one."""
    entry = open_for_writing(entry, by)
    if institution.pk == entry.institution_id:
        raise ValidationError({"partner": "Это учреждение само подаёт заявку."})
    if entry.partners.filter(pk=institution.pk).exists():
        return entry
    if entry.partners.count() >= MOST_PARTNERS:
        raise ValidationError({"partner": f"Партнёров не больше {MOST_PARTNERS}."})
    entry.partners.add(institution)
    record("add_partner", entry, f"Учреждение-партнёр: {institution}", by=by)
    return save(entry)


@transaction.atomic
def remove_partner(entry, institution, *, by):
    entry = open_for_writing(entry, by)
    if entry.partners.filter(pk=institution.pk).exists():
        entry.partners.remove(institution)
        record("remove_partner", entry, f"Больше не партнёр: {institution}", by=by)
        save(entry)
    return entry


# ── another nomination ────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def change_nomination(entry, nomination, *, by):
    """Another nomination for a draft: answers go over by their question's words; the others wait should it change back."""
    entry = open_for_writing(entry, by, "change_nomination")
    if nomination.contest_id != entry.contest_id:
        raise ValidationError({"nomination": "Выберите номинацию этого конкурса."})
    if nomination.pk == entry.nomination_id:
        return entry
    texts = {answer.field.label: answer.text for answer in entry.answers.filter(field__nomination=entry.nomination_id).select_related("field")}
    for field in nomination.fields.all():
        if texts.get(field.label):
            EntryAnswer.objects.update_or_create(entry=entry, field=field, defaults={"text": texts[field.label]})
    before, entry.nomination = entry.nomination, nomination
    record("change_nomination", entry, f"Номинация: «{nomination}» вместо «{before}»", by=by)
    return save(entry, nomination=nomination)


def fitting_words(entry, nomination: Nomination):
    """How many of the written answers find their question in another nomination, and how many stay aside."""
    labels = set(nomination.fields.values_list("label", flat=True))
    written = [answer for answer in entry.answers.filter(field__nomination=entry.nomination_id).select_related("field") if answer.text]
    fits = sum(answer.field.label in labels for answer in written)
    return fits, len(written) - fits


# ── files and the signed paper ────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def add_file(entry, stored, *, by):
    """A file that goes with the entry; the very same file a second time is the one that is there."""
    entry = open_for_writing(entry, by)
    rows = entry.files.filter(removed=False)
    if known := rows.filter(file__sha256=stored.sha256, file__name=stored.name).first():
        return known
    if rows.count() >= MOST_FILES:
        raise ValidationError({"files": f"К заявке прикладывают не больше {MOST_FILES} файлов. Лишние можно убрать."})
    refuse_heavy(rows, stored.size)
    row = EntryFile.objects.create(entry=entry, file=stored, added_by=person_of(by))
    save(entry)
    record("add_entry_file", entry, f"Приложен файл «{stored.name}»", by=by)
    return row


def refuse_heavy(rows, size):
    taken = rows.aggregate(total=Sum("file__size"))["total"] or 0
    if taken + size > MOST_BYTES:
        raise ValidationError({"files": f"Файлы заявки вместе занимают не больше {file_size(MOST_BYTES)}, а с этим было бы "
                                        f"{file_size(taken + size)}. Уберите лишнее или уменьшите файл."})


@transaction.atomic
def remove_file(row, *, by, back=False):
    """Out of the entry, or back into it; submissions that name the file keep it."""
    entry = open_for_writing(row.entry, by)
    row = EntryFile.objects.select_for_update(of=("self",)).select_related("file").get(pk=row.pk)
    if row.removed is back:
        if back:
            refuse_heavy(entry.files.filter(removed=False), row.file.size)
        row.removed = not back
        row.save(update_fields=["removed"])
        save(entry)
        words = "Возвращён" if back else "Убран"
        record("return_entry_file" if back else "remove_entry_file", entry, f"{words} файл «{row.file}»", by=by)
    return row


@transaction.atomic
def put_scan(entry, stored, *, by):
    """The paper with the director's signature and the seal; a newer one takes its place."""
    entry = open_for_writing(entry, by)
    if entry.signed_scan_id and entry.signed_scan.sha256 == stored.sha256:
        return entry
    record("put_entry_scan", entry, "Загружен скан с подписью и печатью", by=by)
    return save(entry, signed_scan=stored)
