"""The passport of a project: what it tells the route, the printer and the register."""
import uuid
from collections import Counter

from django.db.models import Q
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.documents import route
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Document, Stamp

from ..models import Indicator, Milestone, Passport, Project, Stage
from ..models.project import READS_ALL
from ..passports import LABELS, from_iso, indicator_shown, missing, period, source_of
from ..services.passport import TEXTS

COLUMNS = [
    {"key": "fact", "title": "Раздел паспорта", "width": 28, "caption": True},
    {"key": "words", "title": "Содержание", "width": 72},
]
TEAM = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Фамилия и инициалы", "width": 25},
    {"key": "post", "title": "Должность", "width": 33},
    {"key": "role", "title": "Роль и обязанности", "width": 35},
]
STAGES = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Этап", "width": 38, "caption": True},
    {"key": "term", "title": "Сроки", "width": 20},
    {"key": "result", "title": "Результат", "width": 35},
]
POINTS = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Контрольная точка", "width": 73, "caption": True},
    {"key": "due", "title": "Срок", "width": 20},
]
# Where at least one point stands under a stage, the table says of each under which.
POINTS_OF_STAGES = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Контрольная точка", "width": 45, "caption": True},
    {"key": "stage", "title": "Этап", "width": 30},
    {"key": "due", "title": "Срок", "width": 18},
]
INDICATORS = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Показатель", "width": 41, "caption": True},
    {"key": "baseline", "title": "Исходное значение", "width": 16},
    {"key": "target", "title": "Целевое значение", "width": 16},
    {"key": "counting", "title": "Как считается", "width": 20},
]
BEFORE = ("problem", "goal", "tasks", "audience", "results", "products", "resources")


def passport_of(document):
    return Passport.objects.select_related("document__in_force", "project__portfolio", "project__model", "project__head").get(
        document=document)


def passport_content(document):
    passport = passport_of(document)
    passport.document = document
    return printed(source_of(passport))


def printed(source):
    """The source laid out: one table of facts and texts, then tables with columns of their own. Pure."""
    card = source["card"]
    return {
        "head": {"title": ["Паспорт проекта", f"«{card['title']}»"], "period": [card["start"], card["end"]]},
        "columns": COLUMNS,
        "sections": [
            {"uid": uid_of(card, "facts"), "title": "", "rows": [*facts(card), *texts(source)]},
            *tables(source),
        ],
        "source": source,
    }


def facts(card):
    term = period(from_iso(card["start"]), from_iso(card["end"]))
    pairs = [
        ("kind", "Вид проекта", card["kind"]), ("portfolio", "Управленческий портфель", card["portfolio"]),
        ("model", "Управленческая модель", card["model"]), ("lead", "Ведущее учреждение", card["lead"]),
        ("partners", "Учреждения-участники", card["partners"]), ("head", "Руководитель проекта", card["head"]),
        ("term", "Сроки", term),
    ]
    return [row_of(card, name, title, words) for name, title, words in pairs if words]


def texts(source):
    return [row_of(source["card"], name, LABELS[name], source["texts"][name]) for name in BEFORE if source["texts"].get(name)]


def row_of(card, name, title, words):
    return {"uid": uid_of(card, name), "cells": {"fact": title, "words": words}}


def uid_of(card, name):
    """The same part of the same passport has the same uid in every edition."""
    return str(uuid.uuid5(uuid.UUID(card["uid"]), name))


def tables(source):
    card = source["card"]
    team = [{"name": row["name"], "post": row["post"], "role": ", ".join(filter(None, [row["role"], row["duty"]]))}
            for row in source["team"]]
    named = Counter()
    for row in team:
        named[row["name"]] += 1
        row["uid"] = uid_of(card, f"team:{row['name']}:{named[row['name']]}")
    yield table(card, "team", "Команда проекта", TEAM, team)
    yield table(card, "stages", "Этапы", STAGES, [
        {**row, "term": period(from_iso(row["start"]), from_iso(row["end"]))} for row in source["stages"]])
    stages = {row["uid"]: row["name"] for row in source["stages"]}
    points = [{**row, "due": period(None, from_iso(row["due"])).removeprefix("до "), "stage": stages.get(row.get("stage"), "")}
              for row in source["milestones"]]
    yield table(card, "milestones", "Контрольные точки", POINTS_OF_STAGES if any(row["stage"] for row in points) else POINTS, points)
    yield table(card, "indicators", "Показатели", INDICATORS, [indicator_shown(row) for row in source["indicators"]])


def table(card, name, title, columns, rows):
    keys = [column["key"] for column in columns if column["key"] != "label"]
    return {"uid": uid_of(card, name), "title": title, "columns": columns, "rows": [
        {"uid": row["uid"], "cells": {"label": f"{place}.", **{key: row[key] for key in keys}}}
        for place, row in enumerate(rows, start=1)
    ]}


def passport_problems(document):
    """What bars sending, each with its place on the passport's page."""
    return [Problem(each.sentence, "stamps" if each.anchor == "stamps" else "missing") for each in missing(passport_of(document))]


def readable_passports(user):
    """Who sees the project reads what is in force; what is being prepared, who keeps it, supervises it, is to sign it."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, READS_ALL):
        return Q()
    asked = Stamp.objects.active().filter(signer__in=route.deciding_for(user), document__state=Document.State.IN_APPROVAL)
    seen = Passport.objects.filter(project__in=Project.objects.visible_to(user).values("pk"))
    kept = Passport.objects.filter(project__in=Project.objects.kept_by(user).values("pk"))
    supervised = Passport.objects.filter(project__portfolio__head__in=route.deciding_for(user))
    return (Q(in_force__isnull=False, pk__in=seen.values("document")) | Q(pk__in=kept.values("document"))
            | Q(pk__in=supervised.values("document")) | Q(pk__in=asked.values("document")))


def supervises(user, document):
    """The head of the portfolio reads what its projects are writing."""
    return document.passport.project.portfolio.head_id in route.deciding_for(user)


def restore_passport(document, snapshot):
    """Put texts and rows back as they are in force; rows added meanwhile leave. Marks on points stay as they are."""
    passport = passport_of(document)
    source = snapshot["source"]
    for name in TEXTS:
        setattr(passport, name, source["texts"].get(name) or type(getattr(passport, name))())
    passport.version += 1
    passport.save()
    project = passport.project
    restore_rows(Stage, project, source["stages"], lambda row: {
        "name": row["name"], "start": from_iso(row["start"]), "end": from_iso(row["end"]), "result": row["result"]})
    stages = {str(stage.uid): stage for stage in project.stages.present()}
    restore_rows(Milestone, project, source["milestones"], lambda row: {
        "name": row["name"], "due": from_iso(row["due"]), "stage": stages.get(row.get("stage"))})
    restore_rows(Indicator, project, source["indicators"], lambda row: {
        "name": row["name"], "unit": row["unit"], "baseline": row["baseline"] or None, "target": row["target"] or None,
        "is_cumulative": row["is_cumulative"]})


def restore_rows(model, project, rows, values):
    live = {str(row.uid): row for row in model.objects.filter(project=project)}
    model.objects.filter(project=project).update(position=None)
    for position, row in enumerate(rows, start=1):
        found = live[row["uid"]]
        for name, value in values(row).items():
            setattr(found, name, value)
        found.position, found.version = position, found.version + 1
        found.save()


def passport_people(document):
    """The head and today's team: to whom the passport in force can be sent."""
    project = passport_of(document).project
    team = project.team.current().filter(person__isnull=False).values("person")
    return list(User.objects.active().filter(Q(pk__in=team) | Q(pk=project.head_id)).in_order())


PASSPORT = register(
    Kind(
        code=Passport.KIND,
        name="Паспорт проекта",
        gender="m",
        issued_word="Утверждён",
        change_permission="portfolios.change_project",
        stamps_permission="portfolios.choose_signers",
        content=passport_content,
        check=passport_problems,
        readable=readable_passports,
        url=lambda document: passport_of(document).get_absolute_url(),
        restore=restore_passport,
        default_stamps=lambda document: OfficeProfile.load().default_stamps,
        public_url=lambda document: reverse("documents:public", args=[document.pk]),
        responsibles=passport_people,
        reads_working=supervises,
        drafts=lambda user: Q(pk__in=[]),  # told by waiting.py, with what is filled in
    )
)
