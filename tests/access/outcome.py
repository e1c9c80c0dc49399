"""Results: a contest ready to be published, one whose results are out, with the papers of a school."""
from datetime import date

from contests.models import Contest
from contests.services import outcome as verbs
from contests.services.jury_protocol import start_protocol
from projectoffice.common import jobs
from tests.contests.outcome_things import entry_numbered, mark_of, published, scored
from tests.portfolios.things import ModelFactory

from . import Row, everybody, only

STRANGERS = ["department_head", "acting", "administrator", "member_of_school_b", "stranger", "downgraded", "ended"]
TEAM = ("office", "member_of_school_a")
SEES = only("office", "heads")
# Who may not read it and asks for it is asked who begins one.
SEES_PROTOCOL = only("office", "heads")


def furnish(world):
    school = world.cast.member_of_school_a.current_post.institution
    world.to_publish = scored(title="Готов к итогам", institution=school)
    world.result = published(world.cast.secretary, title="С итогами", institution=school)
    world.judged = Contest.objects.get(pk=world.result.contest_id)
    verbs.make_diplomas(world.result, by=world.cast.secretary)
    jobs.run_due()
    start_protocol(world.judged, by=world.cast.secretary, chair=world.cast.office_head, secretary=world.cast.secretary, held_on=date(2027, 10, 1))
    world.won = entry_numbered(world.judged, 1)
    world.won_model = ModelFactory()


def ready(world):
    return [world.to_publish.pk]


def finished(world):
    return [world.judged.pk]


def entry(world):
    return [world.won.pk]


def award(world):
    return [world.result.awards.get(entry=world.won).pk]


def by_office(url, args, /, case="", get=None, ok=302, data=lambda world: {}):
    return Row(url, args, case=case, get=get or only("office"), post=only("office", ok=ok, data=data))


ROWS = [
    Row("contests:results", ready, case="to be published", get=SEES),
    Row("contests:results", finished, case="published", get=SEES),
    by_office("contests:results_publish", ready, data=lambda world: {"shown": mark_of(world.to_publish, world.cast.secretary)}),
    by_office("contests:results_correct", finished, ok=422, data=lambda world: {"protocol": ""}),
    by_office("contests:results_letters", finished),
    by_office("contests:diplomas", finished, data=lambda world: {"name": "", "reason": "Ошибка в подписи"}),
    by_office("contests:diplomas_blank", finished, data=lambda world: {"paper": "diploma", "right": "1,5", "down": "0"}),
    Row("contests:jury_protocol", ready, case="not begun", get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"held_on": "01.10.2027", "chair": "Орлова", "secretary": "Сорокина"})),
    Row("contests:jury_protocol", finished, case="begun", get=SEES_PROTOCOL),
    Row("contests:award_change", entry, get=only("office"), post=only("office", ok=302, data=lambda world: {"level": "none", "reason": "Так"})),
    Row("contests:entry_project", entry, get=only("office"), post=only("office", ok=302, data=lambda world: {"model": world.won_model.pk})),
    Row("contests:score_summary", finished, get=SEES),
    Row("contests:expert_sheet", lambda world: [world.judged.pk, world.result.snapshot["experts"][0]["id"]], get=SEES),
    Row("contests:thanks", finished, get=SEES, post=SEES),
    Row("contests:order_on_results", finished, get=SEES),
    Row("contests:order_to_hold", finished, get=SEES),
    Row("contests:my_result", entry, get=only(*TEAM, hidden_from=STRANGERS)),
    Row("contests:my_result_number", lambda world: [world.won.pk, 1], get=only(*TEAM, hidden_from=STRANGERS)),
    Row("contests:award_paper", award, get=only(*TEAM, hidden_from=STRANGERS)),
    Row("contests:public_results", finished, case="published", get=everybody()),
    Row("contests:public_results", ready, case="before", get=everybody(ok=404)),
    Row("contests:public_results_number", lambda world: [world.judged.pk, 1], get=everybody()),
    Row("contests:public_award", lambda world: [world.result.awards.get(entry=world.won).code], get=everybody()),
]
