"""Experts of a contest, their invitations and conflicts."""
import uuid

from contests.models import ConflictRuling, EntryAuthor, Recusal, Review
from contests.services import expert as verbs
from tests.contests.expert_things import invited, shown
from tests.contests.things import admitted, announced, expert_of, sheet_of
from tests.factories import InstitutionFactory, PostFactory, UserFactory

from . import Row, everybody, only

EXPERT = "member_of_school_a"
UNSEEN = ["department_head", "acting", "administrator", "member_of_school_b", "stranger", "downgraded", "ended"]


def furnish(world):
    office = world.cast.secretary
    world.expert_contest = announced("remote").contest
    world.expert, world.expert_token = invited(world.expert_contest, office, world.cast.member_of_school_a)
    world.expert_removed = expert_of(world.expert_contest)
    verbs.remove_expert(world.expert_removed, by=office, reason="Замена")
    world.expert_to_remove = expert_of(world.expert_contest)
    world.expert_recusal = Recusal.objects.create(expert=world.expert_to_remove, institution=InstitutionFactory(), ground="works")
    world.work = admitted(world.expert_contest.nominations.get())
    world.expert_free = expert_of(world.expert_contest)
    world.work_given = Review.objects.create(entry=world.work, expert=expert_of(world.expert_contest))
    namesake = expert_of(world.expert_contest, UserFactory(surname="Однофамильцева"))
    world.namesake = [namesake.pk, admitted(world.expert_contest.nominations.get()).pk]
    EntryAuthor.objects.create(entry_id=world.namesake[1], name=namesake.person.full_name)
    tied = [admitted(world.expert_contest.nominations.get()) for _ in range(2)]
    world.to_decide = sheet_of(tied[0], namesake, [1, 1], submitted=True).review
    world.ruling = ConflictRuling.objects.create(expert=namesake, entry=tied[1], conflict="works", reason="Пост появился потом")
    PostFactory(person=namesake.person, institution=tied[0].institution)
    world.expert_new_person = UserFactory(surname="Новосёлова")


def nomination(world):
    return [world.work.nomination_id]


def contest(world):
    return [world.expert_contest.pk]


def expert(world):
    return [world.expert.pk]


def work(world):
    return [world.work.pk]


ROWS = [
    Row("contests:onsite", contest, get=only("office")),
    Row("contests:onsite_order", contest, get=only("office")),
    Row("contests:onsite_tell", contest, post=only("office", ok=302)),
    Row("contests:onsite_advance", nomination, post=only("office", ok=302, data=lambda world: {"do": "chosen"})),
    Row("contests:onsite_draw", nomination, post=only("office", ok=302)),
    Row("contests:onsite_move", work, post=only("office", ok=302, data=lambda world: {"way": "up"})),
    Row("contests:assignment", contest, get=only("office"), post=only("office", ok=302, data=lambda world: {"shown": "x"})),
    Row("contests:assignment_works", contest, get=only("office")),
    Row("contests:assignment_entry", work, get=only("office"), post=only("office", ok=302, data=lambda world: {"expert": world.expert_free.pk})),
    Row("contests:assignment_panel", lambda world: [world.work.nomination_id], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"experts": [world.expert_free.pk]})),
    Row("contests:assignment_take", lambda world: [world.work_given.pk], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"reason": "Замена"})),
    Row("contests:experts", contest, get=only("office")),
    Row("contests:experts_export", contest, get=only("office")),
    Row("contests:expert_new", contest, get=only("office"), post=only("office", ok=302, data=lambda world: {
        "key": str(uuid.uuid4()), "people": world.expert_new_person.full_name})),
    Row("contests:expert_invite", contest, get=only("office"), post=only("office", ok=302, data=lambda world: {
        "expert": [f"{pk}:{version}" for pk, version in shown(world.expert_to_remove).items()]})),
    Row("contests:expert_edit", expert, get=only("office"), post=only("office", data=lambda world: {"key": str(uuid.uuid4()), "version": "x"})),
    Row("contests:expert_answer", lambda world: [world.expert_token], get=everybody()),
    Row("contests:expert_answer", lambda world: ["x" * 43], case="unknown", get=everybody(ok=410)),
    Row("contests:expert_reply", expert, get=only(EXPERT, hidden_from=UNSEEN), post=only(
        EXPERT, ok=302, hidden_from=UNSEEN, data=lambda world: {"answer": "no"})),
    Row("contests:expert_say", expert, get=only("office"), post=only("office", data=lambda world: {"answer": "yes"})),
    Row("contests:expert_conflicts", expert, get=only("office", EXPERT, hidden_from=UNSEEN), post=only(
        "office", EXPERT, hidden_from=UNSEEN, data=lambda world: {"ground": "works"})),
    Row("contests:conflict_lift", lambda world: [world.expert_recusal.pk], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"reason": "Ошибка"})),
    Row("contests:conflicts", contest, get=only("office")),
    Row("contests:conflict_decide", lambda world: [world.to_decide.pk], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"shown": "works", "keeps": "yes", "reason": "Сдан раньше"})),
    Row("contests:namesake_rule", lambda world: world.namesake, get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"reason": "Другой человек"})),
    Row("contests:ruling_withdraw", lambda world: [world.ruling.pk], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"reason": "Ошибка"})),
    Row("contests:expert_remove", lambda world: [world.expert_to_remove.pk], get=only("office"), post=only(
        "office", ok=302, data=lambda world: {"reason": "Замена"})),
    Row("contests:expert_return", lambda world: [world.expert_removed.pk], post=only("office", ok=302)),
]
