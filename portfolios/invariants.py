"""Truths about projects and their papers that must hold in the data at any time."""
from django.db.models import F

from projectoffice.common.invariants import invariant
from projectoffice.common.lines import MARKERS
from projectoffice.documents.table import truths

from .contacts import parse_contact
from .models import (
    ActivityResponsible,
    ImplementationPlan,
    IndicatorValue,
    MethodProduct,
    Passport,
    ProgressReport,
    Project,
    ReportPart,
    ReportSubmission,
    TeamMember,
)
from .passports import iso
from .product.names import same_letters
from .report.submission import TEXTS
from .table import IMPLEMENTATION_PLAN


@invariant("строки плана реализации стоят подряд")
def activities_stand_in_a_row():
    yield from truths.rows_stand_in_a_row(IMPLEMENTATION_PLAN)


@invariant("деятельность и результат – строки известного вида")
def activities_are_lines():
    yield from truths.cells_are_lines(IMPLEMENTATION_PLAN)


@invariant("план реализации и его документ говорят об одном")
def implementation_plan_agrees_with_its_document():
    for plan in ImplementationPlan.objects.select_related("document"):
        if plan.document.kind != "implementation_plan" or plan.document.year != plan.year:
            yield f"План реализации {plan.pk}: вид или год документа другие."


@invariant("изданная строка осталась в плане реализации")
def issued_activities_are_kept():
    yield from truths.issued_rows_are_kept(IMPLEMENTATION_PLAN)


@invariant("имя и телефон ответственного – те, что напечатаны")
def contacts_are_as_printed():
    for one in ActivityResponsible.objects.iterator():
        if parse_contact(one.text).name != one.name:
            yield f"Ответственный {one.pk}: имя записано не так, как напечатано."


LINES = ("problem", "tasks", "results", "products")


@invariant("модель проекта – из его портфеля")
def model_of_the_own_portfolio():
    for project in Project.objects.filter(model__isnull=False).exclude(model__portfolio=F("portfolio")):
        yield f"Проект {project.pk}: модель чужого портфеля."


@invariant("паспорт и его документ говорят об одном")
def passport_agrees_with_its_document():
    for passport in Passport.objects.exclude(document__kind=Passport.KIND):
        yield f"Паспорт проекта {passport.project_id}: документ другого вида."


@invariant("тексты паспорта – строки известного вида")
def texts_are_lines():
    for passport in Passport.objects.iterator(chunk_size=200):
        for name in LINES:
            texts = getattr(passport, name)
            good = isinstance(texts, list) and all(isinstance(line, dict) and line.get("marker") in MARKERS for line in texts)
            if not good:
                yield f"Паспорт проекта {passport.project_id}: «{name}» записано не по правилам."


@invariant("руководитель проекта один и стоит в команде")
def head_stands_in_the_team():
    heads = TeamMember.objects.current().filter(role=TeamMember.Role.HEAD).values("project", "person")
    found: dict = {}
    for row in heads:
        found.setdefault(row["project"], []).append(row["person"])
    for project in Project.objects.filter(pk__in=found).only("pk", "head"):
        if found[project.pk] != [project.head_id]:
            yield f"Проект {project.pk}: в команде руководителем стоит другой."


@invariant("о контрольной точке сказано то, что действует")
def points_are_told_as_in_force():
    for passport in Passport.objects.filter(document__in_force__isnull=False).select_related("document__in_force", "project"):
        source = passport.document.in_force.snapshot["source"]["milestones"]
        told = {(str(row.uid), row.told_name, iso(row.told_due)) for row in passport.project.milestones.told()}
        if told != {(row["uid"], row["name"], row["due"]) for row in source}:
            yield f"Паспорт проекта {passport.project_id}: о контрольных точках сказано не то, что в действующей редакции."


@invariant("изданная строка осталась в паспорте")
def issued_rows_are_kept():
    for passport in Passport.objects.filter(document__in_force__isnull=False).select_related("document__in_force", "project"):
        source = passport.document.in_force.snapshot["source"]
        for name in ("stages", "milestones", "indicators"):
            kept = {str(uid) for uid in getattr(passport.project, name).values_list("uid", flat=True)}
            for row in source[name]:
                if row["uid"] not in kept:
                    yield f"Паспорт проекта {passport.project_id}: строки {row['uid']} действующей редакции больше нет."


@invariant("опубликованный продукт помнит день публикации")
def published_products_have_their_day():
    for product in MethodProduct.objects.published().filter(published_at__isnull=True):
        yield f"Продукт {product.pk}: опубликован, а день публикации не записан."


@invariant("слова поиска продукта – из его названия и аннотации")
def products_are_found_by_their_own_words():
    for product in MethodProduct.objects.published().iterator(chunk_size=500):
        for text, words in ((product.title, product.title_words), (product.annotation, product.text_words)):
            if not set(words.split()) <= set(same_letters(text).split()) or (text.strip() and not words.strip()):
                yield f"Продукт {product.pk}: ищется по словам, которых в нём нет."


@invariant("отправленный отчёт говорит то же, что его последняя отправка")
def sent_reports_are_as_submitted():
    sent = ProgressReport.objects.filter(state__in=[ProgressReport.State.SUBMITTED, ProgressReport.State.ACCEPTED])
    last: dict = {}
    for row in ReportSubmission.objects.filter(report__in=sent).order_by("number").values_list(
            "report", "snapshot__course", "snapshot__texts", "at").iterator():
        last[row[0]] = row[1:]
    for report in sent.iterator():
        course, texts, at = last.get(report.pk, ("", None, None))
        if texts is None:
            yield f"Отчёт {report.pk}: отправлен, а отправки нет."
        elif (report.course, report.submitted_at, *(getattr(report, name) for name in TEXTS)) != (course, at, *(texts[name] for name in TEXTS)):
            yield f"Отчёт {report.pk}: текст или время другие, чем в последней отправке."


@invariant("отправки отчёта пронумерованы подряд")
def submissions_are_numbered():
    numbers: dict = {}
    for report, number in ReportSubmission.objects.order_by("report", "number").values_list("report", "number"):
        numbers.setdefault(report, []).append(number)
    for report, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"Отчёт {report}: номера отправок {found}."


@invariant("значения и части отчёта – своего проекта")
def reports_hold_their_own():
    for value in IndicatorValue.objects.exclude(indicator__project=F("report__project")):
        yield f"Отчёт {value.report_id}: значение показателя чужого проекта."
    for part in ReportPart.objects.exclude(institution__project=F("report__project")):
        yield f"Отчёт {part.report_id}: часть учреждения чужого проекта."


@invariant("ход проекта – по последнему принятому отчёту")
def course_is_that_of_the_last_report():
    accepted = ProgressReport.objects.filter(state=ProgressReport.State.ACCEPTED).order_by("period__end", "period__start", "pk")
    last = dict(accepted.values_list("project", "course"))
    for project in Project.objects.filter(pk__in=last).only("pk", "course"):
        if project.course != last[project.pk]:
            yield f"Проект {project.pk}: ход не тот, что в последнем принятом отчёте."
