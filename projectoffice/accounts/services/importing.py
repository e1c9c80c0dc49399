"""Verbs of the import: keep a checked table, then apply it as a unit."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record_many

from .. import imports
from ..access import require
from ..models import ImportCheck, Institution, Post, User

PERMISSION = {"people": "accounts.manage_people", "institutions": "accounts.manage_institutions"}
WRITTEN = 500  # rows per statement


@transaction.atomic
def check_import(kind, *, by, file_name, rows):
    """Check the rows of a file and keep what was found until somebody presses «Импортировать»."""
    require(by, PERMISSION[kind])
    checked = imports.TABLES[kind]().check(rows)
    if not checked:
        raise ValidationError("Под названиями граф нет ни одной строки.")
    return ImportCheck.objects.create(
        kind=kind, file_name=file_name[:255], created_by=by, rows=[one.as_json() for one in checked]
    )


@transaction.atomic
def apply_import(check, *, by):
    """Do what the preview said, all or nothing; judged anew, because others work meanwhile. Done twice is done once.

    Rows with problems stay out and are named in the report. Returns the check with its report.
    """
    require(by, PERMISSION[check.kind])
    check = locked(check)
    if check.applied_at:
        return check
    table = imports.TABLES[check.kind]()
    # One import at a time, so that the same file in two tabs does not make everybody twice.
    list(ImportCheck.objects.select_for_update().filter(kind=check.kind, applied_at__isnull=True).order_by("pk"))
    checked = table.judge([(row["row"], row["values"]) for row in check.rows])
    writers = {"people": write_people, "institutions": write_institutions}
    writers[check.kind](table, checked, by)
    check.report = {
        action: [one.row for one in checked if one.action == action]
        for action in (imports.CREATE, imports.UPDATE, imports.SAME, imports.WRONG)
    }
    check.rows = [one.as_json() for one in checked]
    check.applied_at = timezone.now()
    check.save()
    return check


def words_of(table, one):
    form = table.form_for(one.values)
    form.is_valid()
    return form.cleaned_data


def write_people(table, checked, by):
    new, posts = [], []
    for one in checked:
        if one.action == imports.CREATE:
            words = words_of(table, one)
            person = User(**{name: words[name] for name in ("surname", "given_name", "patronymic", "email", "phone")})
            person.set_unusable_password()
            new.append(person)
            if words["title"]:
                posts.append(Post(person=person, title=words["title"], institution=words["institution"], since=words["since"]))
        elif one.action == imports.UPDATE:
            update_person(table, one, posts)
    User.objects.bulk_create(new, batch_size=WRITTEN)
    for post in posts:
        post.person_id = post.person.pk
    Post.objects.bulk_create(posts, batch_size=WRITTEN)
    changed = User.objects.in_bulk([one.id for one in checked if one.action == imports.UPDATE])
    record_many("import_person", [(person, "Внесён из таблицы Excel") for person in new], by=by)
    record_many("import_person", [(person, "Дополнен из таблицы Excel") for person in changed.values()], by=by)


def update_person(table, one, posts):
    fields = {name: after for name, (_, after) in one.changes.items() if name != "title"}
    if fields:
        User.objects.filter(pk=one.id).update(**fields, version=F("version") + 1)
    if "title" in one.changes:
        words = words_of(table, one)
        posts.append(Post(person=User(pk=one.id), title=words["title"], institution=words["institution"], since=words["since"]))


def write_institutions(table, checked, by):
    new = [Institution(**words_of(table, one)) for one in checked if one.action == imports.CREATE]
    Institution.objects.bulk_create(new, batch_size=WRITTEN)
    for one in checked:
        if one.action == imports.UPDATE:
            fields = {name: after for name, (_, after) in one.changes.items()}
            Institution.objects.filter(pk=one.id).update(**fields, version=F("version") + 1)
    changed = Institution.objects.in_bulk([one.id for one in checked if one.action == imports.UPDATE])
    record_many("import_institution", [(row, "Внесено из таблицы Excel") for row in new], by=by)
    record_many("import_institution", [(row, "Дополнено из таблицы Excel") for row in changed.values()], by=by)
