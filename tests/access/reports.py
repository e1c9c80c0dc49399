"""Progress reports: of school A's own project, of one with a part of school B, in each state."""
from django.utils import timezone

from portfolios.services.report import submit_report
from tests.common.files import PDF, small
from tests.factories import UserFactory
from tests.portfolios.things import PeriodFactory, led_by, report_of, sent, shown, stored_file

from . import Row, only
from .portfolios import KEEPERS, KEEPS, OUTSIDERS, SEES, kept


def furnish(world):
    cast = world.cast
    head = cast.member_of_school_a
    school_a, school_b = (person.current_post.institution for person in (head, cast.member_of_school_b))
    own = led_by(school_a, portfolio=world.portfolio, head=head, title="Проект с отчётами")
    world.own_with_reports, world.unasked_period = own, PeriodFactory(portfolio=world.portfolio)
    world.progress_report = report_of(own)
    world.report_file = world.progress_report.files.create(file=stored_file())
    world.sent_progress_report = sent(report_of(own), by=head)
    world.told_report = report_of(own, done="Готово", course="on_track")
    submit_report(world.told_report, by=cast.secretary, shown=shown(world.told_report), source="письмо", source_date=timezone.localdate(),
                  source_file=stored_file())
    world.ready_report = report_of(own, done="Готово", course="on_track")
    network = led_by(school_a, portfolio=world.portfolio, head=head, kind="network", title="Сетевой с отчётами")
    network.institutions.create(institution=school_b)
    world.report_part = report_of(network, period=PeriodFactory(portfolio=world.portfolio)).parts.get()
    world.sent_part = report_of(network, period=PeriodFactory(portfolio=world.portfolio)).parts.get()
    world.sent_part.text, world.sent_part.sent_at, world.sent_part.sent_by = "Показ", world.sent_progress_report.submitted_at, UserFactory()
    world.sent_part.source_file = stored_file()
    world.sent_part.save()
    world.told_part = report_of(network, period=PeriodFactory(portfolio=world.portfolio)).parts.get()
    world.told_part.text = "Показ"
    world.told_part.save()


def report(world):
    return [world.progress_report.pk]


def sent_report(world):
    return [world.sent_progress_report.pk]


def submission(world):
    return [world.sent_progress_report.pk, 1]


def file(world):
    return [world.report_file.pk]


def part(world):
    return [world.report_part.pk]


def sent_part(world):
    return [world.sent_part.pk]


NOT_A_SCHOOL = [name for name in OUTSIDERS if name != "member_of_school_b"]
SEES_PART = only("staff", "member_of_school_a", "member_of_school_b", hidden_from=NOT_A_SCHOOL)


def by_coordinator(**data):
    return only(*KEEPERS, ok=302, hidden_from=NOT_A_SCHOOL, data=lambda world: data)


ROWS = [
    Row("portfolios:report_start", lambda world: [world.own_with_reports.pk, world.unasked_period.pk], post=kept()),
    Row("portfolios:report", report, get=SEES),
    Row("portfolios:report", sent_report, case="sent", get=SEES),
    Row("portfolios:report_save", report, post=kept(done="Провели встречу", do="save")),
    Row("portfolios:report_submit", lambda world: [world.ready_report.pk], get=KEEPS, post=kept(
        shown="0" * 64, source="письмо", source_date="2026-09-01")),
    Row("portfolios:report_withdraw", sent_report, post=kept()),
    Row("portfolios:report_file_add", report, post=only(
        *KEEPERS, ok=302, hidden_from=OUTSIDERS, data=lambda world: {"file": small("фото.pdf", PDF)})),
    Row("portfolios:report_file", file, get=SEES),
    Row("portfolios:report_file_remove", file, post=kept()),
    Row("portfolios:report_submission", submission, get=SEES),
    Row("portfolios:report_submission_source", lambda world: [world.told_report.pk, 1], get=SEES),
    Row("portfolios:report_pdf", submission, get=SEES),
    Row("portfolios:report_compare", sent_report, get=SEES),
    Row("portfolios:report_history", sent_report, get=SEES),
    Row("portfolios:report_part", part, get=SEES_PART, post=only(
        "office", "member_of_school_b", ok=302, hidden_from=NOT_A_SCHOOL, data=lambda world: {"text": "Три встречи", "do": "save"})),
    Row("portfolios:report_part_send", lambda world: [world.told_part.pk], get=only("office", hidden_from=NOT_A_SCHOOL), post=only(
        "office", ok=302, hidden_from=NOT_A_SCHOOL, data=lambda world: {"source": "письмо", "source_date": "2026-09-01"})),
    Row("portfolios:report_part_source", sent_part, get=SEES_PART),
    Row("portfolios:report_part_take", sent_part, post=by_coordinator()),
    Row("portfolios:report_part_return", sent_part, get=only(*KEEPERS, hidden_from=NOT_A_SCHOOL), post=by_coordinator(remark="Сколько?")),
]
