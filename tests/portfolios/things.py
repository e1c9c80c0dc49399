"""Portfolios, projects and passports of the tests. Names are invented."""
from datetime import date, timedelta

import factory
from django.utils import timezone

from portfolios.models import (
    Indicator,
    IndicatorValue,
    ManagementModel,
    MethodProduct,
    Milestone,
    Passport,
    Portfolio,
    ProgressReport,
    Project,
    ProjectInstitution,
    ReportingPeriod,
    Stage,
    TeamMember,
)
from portfolios.report.submission import fingerprint, take
from portfolios.services import product as products
from portfolios.services import report as reports
from portfolios.services import report_parts
from portfolios.services.passport import start_passport
from projectoffice.accounts.access import system
from projectoffice.common.lines import from_text
from projectoffice.common.uploads import store_upload
from projectoffice.documents.models import Document
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.common.files import PDF, small, upload
from tests.factories import InstitutionFactory, StampFactory, UserFactory


class PortfolioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Portfolio

    name = factory.Sequence(lambda n: f"Портфель {n}")


class ModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ManagementModel

    portfolio = factory.SubFactory(PortfolioFactory)
    name = factory.Sequence(lambda n: f"Модель {n}")


class ProjectFactory(factory.django.DjangoModelFactory):
    """A project that is being carried out in the school year 2026/2027, without people or institutions."""

    class Meta:
        model = Project

    portfolio = factory.SubFactory(PortfolioFactory)
    title = factory.Sequence(lambda n: f"Проект {n}")
    status = Project.Status.ACTIVE
    start = date(2026, 9, 1)
    end = date(2027, 5, 31)


class PeriodFactory(factory.django.DjangoModelFactory):
    """Reports of a portfolio for a month, each a month of its own; due in three days."""

    class Meta:
        model = ReportingPeriod

    portfolio = factory.SubFactory(PortfolioFactory)
    title = factory.Sequence(lambda n: f"за период {n}")
    start = factory.Sequence(lambda n: date(2026, 9, 1) + timedelta(days=n))
    end = factory.LazyAttribute(lambda period: period.start + timedelta(days=30))
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))


class ReportFactory(factory.django.DjangoModelFactory):
    """A draft nobody has begun, of a project that is being carried out; in another state, what that state needs."""

    class Meta:
        model = ProgressReport

    project = factory.SubFactory(ProjectFactory)
    period = factory.LazyAttribute(lambda report: PeriodFactory(portfolio=report.project.portfolio))
    due_at = factory.LazyAttribute(lambda report: report.period.due_at)
    state = "draft"
    submitted_at = factory.LazyAttribute(lambda report: timezone.now() if report.state in ("submitted", "accepted") else None)
    decided_at = factory.LazyAttribute(lambda report: timezone.now() if report.state in ("returned", "accepted") else None)
    remark = factory.LazyAttribute(lambda report: "Дополните показатели." if report.state == "returned" else "")


def led_by(school, **fields):
    """A project with this leading institution."""
    project = ProjectFactory(**fields)
    ProjectInstitution.objects.create(project=project, institution=school, role="lead")
    return project


def with_editor(project, person):
    return TeamMember.objects.create(project=project, person=person, name=person.short_name, role="editor")


TEXTS = {
    "problem": "Опыт остаётся у одного человека.", "goal": "Учить друг друга.", "tasks": "1. Собрать команду.\n2. Начать.",
    "audience": "Педагоги.", "results": "– открытые занятия", "products": "– методичка", "resources": "Два часа в неделю.",
}


def filled_passport(project=None, by=None, approver=None):
    """A passport with everything in it; approved by ``approver`` in ink."""
    project = project or ProjectFactory()
    project.head = project.head or UserFactory()
    project.save()
    if not project.institutions.filter(role="lead").exists():
        ProjectInstitution.objects.create(project=project, institution=InstitutionFactory(), role="lead")
    passport = start_passport(project, by=by or system())
    for name, text in TEXTS.items():
        setattr(passport, name, from_text(text) if name in ("problem", "tasks", "results", "products") else text)
    passport.save()
    TeamMember.objects.create(project=project, name="Соколова М.А.", role="member")
    Stage.objects.create(project=project, position=1, name="Подготовка", start=project.start, end=project.end, result="Готово")
    Milestone.objects.create(project=project, position=1, name="Первый показ", due=date(2026, 11, 10))
    Indicator.objects.create(project=project, position=1, name="Участники", unit="человек", baseline=0, target=120, is_cumulative=True)
    StampFactory(document=passport.document, signer=approver or UserFactory(), method="ink")
    return passport


def in_force(passport, by):
    """The passport approved on paper."""
    document = send(passport.document, by=by)
    for stamp in document.stamps.active():
        record_ink(stamp, by=by, signed_on=document.sent_at.date())
    return Passport.objects.select_related("document__in_force", "project").get(pk=passport.pk)


def fresh(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


def document_of(passport):
    return Document.objects.get(pk=passport.document_id)


def report_of(project, **fields):
    """A draft report of this project, for a period of its portfolio."""
    period = fields.pop("period", None) or PeriodFactory(portfolio=project.portfolio)
    report = ProgressReport.objects.create(**{"period": period, "project": project, "due_at": period.due_at} | fields)
    report_parts.begin_parts([report])
    return report


def stored_file(name="Фото.pdf", content=PDF):
    """A file as it lies in the store."""
    return store_upload(small(name, content), by=None)


def written(report, **texts):
    """The report with everything that is needed to send it."""
    words = {"done": "Прошли все встречи.", "problems": "", "plans": "Открытый показ.", "course": "on_track"} | texts
    for name, text in words.items():
        setattr(report, name, text)
    report.save()
    for row in report.project.indicators.all():
        IndicatorValue.objects.get_or_create(report=report, indicator=row, defaults={"text": "10", "value": 10, "evidence": "журнал"})
    return report


def shown(report):
    """What a page that shows the report as it stands carries."""
    return fingerprint(take(fresh(report)))


def sent(report, by, **texts):
    """The report written and submitted by this person."""
    if report.state in ("draft", "returned"):
        written(report, **texts)
    reports.submit_report(report, by=by, shown=shown(report))
    return fresh(report)


def accepted(report, by, checker):
    report = sent(report, by)
    return reports.accept_report(report, by=checker, number=report.submissions.first().number)


class ProductFactory(factory.django.DjangoModelFactory):
    """A draft of a methodical product without authors and files."""

    class Meta:
        model = MethodProduct

    title = factory.Sequence(lambda n: f"Продукт {n}")
    annotation = "Для учителей начальной школы."
    year = 2026


def ready_product(**fields):
    """A draft that has everything to be sent: annotation, an author of the portal, a file."""
    author = fields.pop("author", None) or UserFactory()
    product = ProductFactory(**{"created_by": author} | fields)
    products.add_author(product, by=system(), person=author)
    products.add_files(product, [upload("материал.pdf", PDF)], by=system())
    return fresh(product)


def submitted_product(**fields):
    return products.submit_product(ready_product(**fields), by=system())


def published_product(**fields):
    product = submitted_product(**fields)
    return products.publish_product(product, by=system(), version=product.version)


def withdrawn_product(**fields):
    product = published_product(**fields)
    return products.withdraw_product(product, by=system(), version=product.version, reason="Устарел")
