"""The on-site round: who goes on, in which order they speak, who is told, the paper for the hall."""
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.urls import reverse

from contests.assigning.desk import ONSITE
from contests.assigning.onsite import halls
from contests.assigning.printing import snapshot_of
from contests.models import Contest, Criterion, Entry, Review, ScoreSheet
from contests.services import assignment
from contests.services import onsite as verbs
from contests.services.submitting import withdraw_entry
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.sheet import render_pdf
from tests.contests.things import admitted, expert_of, set_up, sheet_of, stage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination():
    found = set_up()
    Criterion.objects.create(nomination=found, title="Защита", maximum=3, round="onsite", position=3)
    for kind in ("remote", "onsite"):
        stage(found.contest, kind)
    Contest.objects.filter(pk=found.contest_id).update(state="announced")
    found.contest.refresh_from_db()
    return found


@pytest.fixture
def works(nomination):
    """Four works with 6, 4, 4 and 2 points of the remote round."""
    expert, found = expert_of(nomination.contest), [admitted(nomination) for _ in range(4)]
    for work, marks in zip(found, [(3, 3), (2, 2), (1, 3), (1, 1)], strict=True):
        sheet_of(work, expert, marks, submitted=True)
    return found


def mark(nomination, by):
    return next(hall.mark for hall in halls(nomination.contest, by))


def order(nomination):
    return list(Entry.objects.filter(nomination=nomination, onsite_order__isnull=False).order_by("onsite_order").values_list("pk", flat=True))


def test_exactly_those_ticked_go_on_and_are_moved_and_drawn(cast, client, nomination, works):
    office = cast.secretary
    first, second, third, _ = (each.pk for each in works)
    verbs.advance(nomination, [third, first], by=office, shown=mark(nomination, office))
    assert order(nomination) == [first, third]
    verbs.advance(nomination, [second, first, third], by=office, shown=mark(nomination, office))
    verbs.move_speaker(Entry.objects.get(pk=second), by=office, up=True)
    assert order(nomination) == [first, second, third]
    client.force_login(office)
    page = reverse("contests:onsite", args=[nomination.contest_id])
    dragged = {"position": "1", "shown": mark(nomination, office)}
    assert f'data-item="{third}"' in client.get(page).content.decode()
    for _ in range(2):  # the second time from a page that shows another order
        assert client.post(reverse("contests:onsite_move", args=[third]), dragged).status_code == 302
    assert order(nomination) == [third, first, second] and "только что изменили" in client.get(page).content.decode()
    verbs.draw_lots(nomination, by=office, shown=mark(nomination, office))
    assert set(order(nomination)) == {first, second, third} and "жребию" in history_of(nomination.contest)[0].sentence


def test_a_work_withdrawn_gives_its_turn_back_and_the_rest_are_drawn_anew(cast, nomination, works):
    verbs.advance(nomination, [each.pk for each in works[:3]], by=cast.secretary, shown=mark(nomination, cast.secretary))
    withdraw_entry(works[1], by=cast.secretary, reason="Команда отказалась")
    with transaction.atomic():  # the wall asks at the end of a transaction
        verbs.draw_lots(nomination, by=cast.secretary, shown=mark(nomination, cast.secretary))
        connection.check_constraints()
    assert set(order(nomination)) == {works[0].pk, works[2].pk}


def test_the_first_so_many_take_their_equals_along(cast, nomination, works):
    verbs.advance_first(nomination, 2, by=cast.secretary, shown=mark(nomination, cast.secretary))
    assert set(order(nomination)) == {each.pk for each in works[:3]}


def test_an_organiser_who_scores_here_learns_no_points(cast, client, nomination, works):
    client.force_login(cast.secretary)
    url = reverse("contests:onsite", args=[nomination.contest_id])
    assert "– 6" in re.sub(r"\s+|<[^>]*>", " ", client.get(url).content.decode())
    expert_of(nomination.contest, cast.secretary)
    page = client.get(url).content.decode()
    assert "баллов не видите" in page and "– 6" not in re.sub(r"\s+|<[^>]*>", " ", page)
    with pytest.raises(PermissionDenied):
        verbs.advance_first(nomination, 1, by=cast.secretary, shown=mark(nomination, cast.secretary))


def test_who_scores_here_decides_nothing_about_who_goes_on(cast, client, nomination, works):
    verbs.advance(nomination, [works[0].pk, works[1].pk], by=cast.office_head, shown=mark(nomination, cast.office_head))
    expert_of(nomination.contest, cast.secretary)
    client.force_login(cast.secretary)
    here = client.get(reverse("contests:onsite", args=[nomination.contest_id])).content.decode()
    assert "Кто проходит, решит другой сотрудник офиса" in here and works[1].title in here and "/onsite/" not in re.sub(r"<a .*?>", "", here.split("<main")[1])
    shown = {"shown": mark(nomination, cast.secretary), "entry": [works[0].pk], "do": "chosen", "direction": "up"}
    for name, pk in [("onsite_advance", nomination.pk), ("onsite_draw", nomination.pk), ("onsite_move", works[1].pk), ("onsite_tell", nomination.contest_id)]:
        assert client.post(reverse(f"contests:{name}", args=[pk]), shown).status_code == 403, name
    assert order(nomination) == [works[0].pk, works[1].pk]


def test_an_order_nobody_looked_at_is_refused(cast, nomination, works):
    shown = mark(nomination, cast.secretary)
    verbs.advance(nomination, [works[0].pk], by=cast.office_head, shown=shown)
    for late in (lambda: verbs.advance(nomination, [], by=cast.secretary, shown=shown), lambda: verbs.draw_lots(nomination, by=cast.secretary, shown=shown)):
        with pytest.raises(StaleVersion):
            late()
    assert order(nomination) == [works[0].pk]


def test_only_those_who_go_on_are_given_to_the_panel_and_a_marked_one_stays(cast, nomination, works):
    office, expert = cast.secretary, expert_of(nomination.contest)
    verbs.advance(nomination, [works[0].pk, works[1].pk], by=office, shown=mark(nomination, office))
    assignment.give_to_panel(nomination, ONSITE, [expert], by=office)
    given = Review.objects.filter(round="onsite", state="given")
    assert set(given.values_list("entry", flat=True)) == {works[0].pk, works[1].pk}
    sheet = ScoreSheet.objects.create(review=given.get(entry=works[0]))
    ScoreSheet.objects.filter(pk=sheet.pk).update(state="submitted", submitted_at=sheet.started_at)
    with pytest.raises(ValidationError, match="уже оценены"):
        verbs.advance(nomination, [works[1].pk], by=office, shown=mark(nomination, office))
    verbs.advance(nomination, [works[0].pk], by=office, shown=mark(nomination, office))
    assert list(given.values_list("entry", flat=True)) == [works[0].pk]


def test_each_team_is_told_its_place_once(cast, nomination, works):
    works[0].authors.create(name="Ряжская Вера", email="team@example.test", is_contact=True)
    verbs.advance(nomination, [works[0].pk], by=cast.secretary, shown=mark(nomination, cast.secretary))
    for _ in range(2):
        verbs.tell_speakers(nomination.contest, by=cast.secretary)
    letter = OutgoingMail.objects.get(key__startswith="entry_onsite")
    assert letter.address == "team@example.test" and "порядке выступлений – 1" in letter.body


@pytest.mark.parametrize("blind", [False, True])
def test_the_paper_names_the_institution_unless_the_contest_is_blind(cast, nomination, works, blind):
    contest = nomination.contest
    verbs.advance(nomination, [works[1].pk], by=cast.secretary, shown=mark(nomination, cast.secretary))
    contest.is_blind = blind
    works[1].submissions.create(number=2, snapshot=works[1].submissions.get().snapshot | {"title": f"Теплица. {str(works[1].institution).upper()}"})
    Entry.objects.filter(pk=works[1].pk).update(title=f"Теплица. {str(works[1].institution).upper()}")
    snapshot = snapshot_of(contest, halls(contest, cast.secretary))
    cells = snapshot["sections"][0]["rows"][0]["cells"].values()
    assert (str(works[1].institution) in cells) is not blind
    assert (str(works[1].institution).upper() in " ".join(cells)) is not blind and "Теплица" in " ".join(cells)
    if blind:
        assert render_pdf(snapshot, mode="ink").pdf.startswith(b"%PDF")


def test_only_the_office_says_who_goes_on(nomination, works):
    with pytest.raises(PermissionDenied):
        verbs.advance(nomination, [works[0].pk], by=UserFactory(), shown="")
