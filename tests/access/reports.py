"""Progress reports: of school A's own project, of one with a part of school B, in each state."""
from tests.portfolios.things import led_by, report_of, sent

from . import Row, only
from .portfolios import OUTSIDERS, SEES


def furnish(world):
    cast = world.cast
    school_a, school_b = (person.current_post.institution for person in (cast.member_of_school_a, cast.member_of_school_b))
    own = led_by(school_a, portfolio=world.portfolio, head=cast.member_of_school_a, title="Проект с отчётами")
    world.progress_report = report_of(own)
    world.sent_progress_report = sent(report_of(own), by=cast.member_of_school_a)
    network = led_by(school_a, portfolio=world.portfolio, head=cast.member_of_school_a, kind="network", title="Сетевой с отчётами")
    network.institutions.create(institution=school_b)
    world.report_part = report_of(network).parts.get()


def report(world):
    return [world.progress_report.pk]


def sent_report(world):
    return [world.sent_progress_report.pk]


def part(world):
    return [world.report_part.pk]


NOT_A_SCHOOL = [name for name in OUTSIDERS if name != "member_of_school_b"]
SEES_PART = only("staff", "member_of_school_a", "member_of_school_b", hidden_from=NOT_A_SCHOOL)

ROWS = [
    Row("portfolios:report", report, get=SEES),
    Row("portfolios:report", sent_report, case="sent", get=SEES),
    Row("portfolios:report_part", part, get=SEES_PART),
]
