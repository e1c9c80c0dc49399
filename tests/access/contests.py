"""Contests: one being set up, one announced, and the parts of both."""
import io
import uuid
from datetime import timedelta

from django.utils import timezone

from contests.models import AwardLevel, TieRule
from projectoffice.common.models import StoredFile
from tests.contests.things import announced, set_up, stage

from . import Row, everybody, only, public

SETUP = ["department_head", "acting", "administrator", "others"]


def furnish(world):
    world.nomination_in_setup = ours = set_up(regulation=stored("setup.pdf"))
    world.contest_in_setup = ours.contest
    world.tie = TieRule.objects.create(contest=ours.contest, rule="shared", position=1)
    world.award = AwardLevel.objects.create(contest=ours.contest, title="Победитель", places="1", position=1)
    stage(ours.contest, "acceptance")
    stage(ours.contest, "remote", begun=-timedelta(days=11), left=timedelta(days=20))
    world.nomination_announced = announced("acceptance", regulation=stored("announced.pdf"), announced_at=timezone.now())
    world.contest_announced = world.nomination_announced.contest
    world.contest_without_entries = announced("acceptance", announced_at=timezone.now()).contest


def stored(name):
    file = StoredFile(name=name, content_type="application/pdf", size=5, sha256="0" * 64)
    file.data.save(name, io.BytesIO(b"%PDF-"))
    return file


def in_setup(world):
    return [world.contest_in_setup.pk]


def announced_one(world):
    return [world.contest_announced.pk]


def nomination(world):
    return [world.nomination_in_setup.pk]


def field(world):
    return [world.nomination_in_setup.fields.get().pk]


def criterion(world):
    return [world.nomination_in_setup.criteria.first().pk]


def first(name):
    return lambda world: [getattr(world, name).pk]


def key():
    return str(uuid.uuid4())


def by_office(url, args=lambda world: [], /, ok=302, **data):
    """A page of the office with a form; a form of what exists carries no mark here, so it is asked again."""
    return Row(url, args, get=only("office"), post=only("office", ok=ok, data=lambda world: {"key": key(), **data}))


def button(url, args, **data):
    return Row(url, args, post=only("office", ok=302, data=lambda world: data))


ROWS = [
    Row("contests:contests", get=only("known")),
    Row("contests:contest", in_setup, case="in set-up", get=only("office", hidden_from=SETUP)),
    Row("contests:contest", announced_one, case="announced", get=only("known")),
    Row("contests:nomination", nomination, case="in set-up", get=only("office", hidden_from=SETUP)),
    Row("contests:nomination", first("nomination_announced"), case="announced", get=only("known")),
    Row("contests:contest_history", in_setup, case="in set-up", get=only("office", hidden_from=SETUP)),
    Row("contests:contest_history", announced_one, case="announced", get=only("office", "heads")),
    Row("contests:regulation", in_setup, case="in set-up", get=public("office")),
    Row("contests:regulation", announced_one, case="announced", get=everybody()),
    Row("contests:public_contest", in_setup, case="in set-up", get=everybody(ok=404)),
    Row("contests:public_contest", announced_one, case="announced", get=everybody()),
    by_office("contests:contest_new", title="Смотр-конкурс", year=2027),
    by_office("contests:contest_edit", in_setup, ok=200, title="Смотр-конкурс", year=2027),
    by_office("contests:contest_rules", in_setup, ok=200, experts_per_entry=3),
    by_office("contests:contest_stages", in_setup, ok=200),
    by_office("contests:contest_announce", in_setup),
    button("contests:contest_back", first("contest_without_entries")),
    by_office("contests:contest_prolong", announced_one, ok=200),
    by_office("contests:contest_cancel", first("contest_without_entries"), reason="Не нужен"),
    by_office("contests:contest_copy", announced_one, title="Ещё один", year=2028),
    by_office("contests:nomination_new", in_setup, title="Ещё номинация", most_authors=3),
    by_office("contests:nomination_edit", nomination, ok=200, title="Номинация", most_authors=3),
    button("contests:nomination_move", nomination, way="up"),
    by_office("contests:field_new", nomination, label="Вопрос", limit=100),
    by_office("contests:field_edit", field, ok=200, label="Вопрос", limit=100),
    button("contests:field_move", field, way="up"),
    by_office("contests:criterion_new", nomination, ok=200, title="Критерий"),
    by_office("contests:criterion_edit", criterion, ok=200, title="Критерий"),
    button("contests:criterion_move", criterion, way="down"),
    by_office("contests:award_level_new", in_setup, title="Лауреат", places="2-3", paper="diploma"),
    by_office("contests:award_level_edit", first("award"), ok=200, title="Победитель", paper="diploma"),
    button("contests:award_level_move", first("award"), way="down"),
    by_office("contests:tie_rules", in_setup, rule="earlier:"),
    button("contests:tie_rule_move", first("tie"), way="down"),
    button("contests:tie_rule_remove", first("tie")),
    button("contests:award_level_remove", first("award")),
    button("contests:field_remove", field),
    button("contests:criterion_remove", criterion),
    button("contests:nomination_remove", nomination),
]
