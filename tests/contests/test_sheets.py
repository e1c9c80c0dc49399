"""Score sheets: marked, saved as it is marked, handed in, given up, voided; who reads what, and when."""
import json
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contests.models import Contest, ContestStage, Criterion, CriterionLevel, Recusal, Review, ScoreSheet
from contests.services import sheet as verbs
from contests.sheet import workflow
from contests.sheet.reading import criteria_of, fingerprint, sheet_of, texts_of
from portfolios.services.typed import Collision, shown_marks
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from tests.canary import flattened, pieces
from tests.contests.things import admitted, announced, expert, review, set_up, sheet_in, stage
from tests.factories import InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def nomination():
    return announced("remote")


@pytest.fixture
def scorer(nomination):
    return expert(nomination.contest, UserFactory(username="scorer"))


@pytest.fixture
def given(nomination, scorer):
    return review(admitted(nomination), scorer)


@pytest.fixture
def client(client, scorer):
    client.force_login(scorer.person)
    return client


def fields(review, *marks, **more):
    """What the form of a sheet sends: marks in the order of the criteria."""
    names = [f"mark-{each.pk}" for each in criteria_of(review)]
    return {**dict(zip(names, map(str, marks), strict=False)), **more}


def stored(review):
    return list(texts_of(review, sheet_of(review), criteria_of(review)).values())


def save(client, review, data, **headers):
    return client.post(reverse("contests:review_save", args=[review.pk]), data, **headers)


def print_of(review):
    return fingerprint(texts_of(review, sheet_of(review), criteria_of(review)))


def hand_in(review, *marks):
    verbs.save_sheet(review, fields(review, *marks), {}, by=review.expert.person)
    return verbs.submit_sheet(review, by=review.expert.person, shown=print_of(review))


class TestMarking:
    def test_marks_are_saved_as_they_are_typed_and_reading_makes_no_sheet(self, client, given):
        client.get(given.get_absolute_url())
        assert not ScoreSheet.objects.exists()
        answer = save(client, given, fields(given, 3, comment="Ясно"), **JSON).json()
        assert stored(given) == ["3", "", "Ясно"]
        save(client, given, fields(given, 3, 1, comment="Ясно и коротко", version=answer["version"]), **JSON)
        assert stored(given) == ["3", "1", "Ясно и коротко"] and ScoreSheet.objects.count() == 1

    @pytest.mark.parametrize("wrong", ["4", "-1", "1.5", "0,5", "NaN", "Infinity", "1" + "0" * 30, "1e1", "٣", "2\x00", "2\u202e", "да"])
    def test_a_mark_outside_the_scale_is_a_sentence_and_keeps_no_other_back(self, client, given, wrong):
        first = criteria_of(given)[0]
        answer = save(client, given, fields(given, wrong, 2, comment="Цело"), **JSON)
        assert answer.status_code == 422 and answer.json()["errors"] == {f"mark-{first.pk}": ["Оценка – целое число от 0 до 3."]}
        assert stored(given) == ["", "2", "Цело"]
        page = save(client, given, fields(given, wrong, 2, comment="Цело"))
        assert page.status_code == 422 and "Оценка – целое число от 0 до 3." in page.content.decode()

    @pytest.mark.parametrize(("typed", "kept"), [("7,5", "7,5"), ("7.5", "7,5"), ("10", "10"), (" 0 ", "0"), ("7,0", "7")])
    def test_comma_and_point_are_both_taken_on_a_long_scale(self, client, scorer, typed, kept):
        nomination = set_up()
        nomination.criteria.filter(position=1).update(maximum=10, has_halves=True)
        CriterionLevel.objects.filter(criterion__nomination=nomination).delete()
        stage(nomination.contest, "remote")
        Contest.objects.filter(pk=nomination.contest_id).update(state="announced")
        given = review(admitted(nomination), expert(nomination.contest, scorer.person))
        assert save(client, given, fields(given, typed), **JSON).status_code == 200
        assert stored(given)[0] == kept
        assert "от 0 до 10, можно с половиной" in client.get(given.get_absolute_url()).content.decode()

    def test_a_forged_form_marks_neither_a_foreign_criterion_nor_another_sheet(self, client, nomination, given):
        foreign = announced("remote").criteria.first()
        onsite = nomination.criteria.first()
        others = review(given.entry)
        forged = {f"mark-{foreign.pk}": "1", f"DELETE-{onsite.pk}": "on", "form-0-DELETE": "on", "sheet": "1", "state": "submitted",
                  "review": str(others.pk), "mark-": "3", "mark-x": "3"}
        assert save(client, given, forged | fields(given, 2), **JSON).status_code == 200
        assert stored(given)[0] == "2" and not others.sheets.exists() and sheet_of(given).state == "draft"
        assert save(client, others, fields(others, 1), **JSON).status_code == 404 and not others.sheets.exists()

    def test_two_windows_of_one_expert_never_overwrite_each_other(self, client, given):
        verbs.save_sheet(given, fields(given, 3), {}, by=given.expert.person)
        answer = save(client, given, fields(given, 1), **JSON)
        assert answer.status_code == 409 and answer.json()["values"][next(iter(fields(given, 1)))] == ["3"]
        page = save(client, given, fields(given, 1))
        assert page.status_code == 409 and "здесь стоит: «3»" in page.content.decode() and stored(given)[0] == "3"
        with pytest.raises(Collision):
            verbs.save_sheet(given, fields(given, 2), {}, by=given.expert.person)

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Vladivostok", "America/New_York"])
    @pytest.mark.parametrize("late", [-1, 0, 1])
    def test_the_round_ends_with_its_last_millisecond_in_any_zone_of_the_server(self, given, zone, late, monkeypatch):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        ends = given.entry.contest.stages.get().ends_at
        moments = {"score": ends + timedelta(milliseconds=late), "submit": ends + timedelta(milliseconds=late)}
        with timezone.override(ZoneInfo(zone)):
            said = [workflow.refusal(given, verb, None, given.entry.contest.stages.all(), moment) for verb, moment in moments.items()]
        assert [bool(words) for words in said] == [late > 0] * 2
        monkeypatch.undo()
        time.tzset()

    def test_a_millisecond_late_nothing_is_handed_in_and_what_was_marked_stays(self, client, given):
        save(client, given, fields(given, 3, 2), **JSON)
        ContestStage.objects.update(ends_at=timezone.now() - timedelta(milliseconds=1))
        with pytest.raises(TransitionNotAllowed, match="Отмеченное сохранено"):
            verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given))
        assert save(client, given, fields(given, 1, 1), **JSON).status_code == 409
        assert stored(given)[:2] == ["3", "2"] and "срок вышел" in client.get(given.get_absolute_url()).content.decode()
        ContestStage.objects.update(ends_at=timezone.now() + timedelta(minutes=1))
        assert verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given)).state == "submitted"


class TestHandingIn:
    def test_repeats_the_marks_then_says_how_many_are_left_and_shows_the_next(self, client, nomination, scorer, given):
        other = review(admitted(nomination), scorer)
        assert save(client, given, fields(given, 3, do="submit")).url == reverse("contests:review_submit", args=[given.pk])
        sent_back = client.get(reverse("contests:review_submit", args=[given.pk]), follow=True)
        assert "Осталось оценить: 2." in sent_back.content.decode()
        save(client, given, fields(given, 3, 2, version=shown_marks(texts_of(given, sheet_of(given), criteria_of(given)))))
        page = client.get(reverse("contests:review_submit", args=[given.pk]))
        assert "5\u00a0баллов</strong> <span class=\"muted\">из 6<" in page.content.decode()
        done = client.post(reverse("contests:review_submit", args=[given.pk]), {"shown": print_of(given)}, follow=True)
        assert "Лист сдан. Осталась 1 работа." in done.content.decode() and sheet_of(given).state == "submitted"
        assert client.get(reverse("contests:scoring_next")).url == other.get_absolute_url()
        assert client.get(given.get_absolute_url()).url == sheet_of(given).get_absolute_url()

    def test_twice_is_once_and_what_was_not_shown_is_not_handed_in(self, given):
        sheet = hand_in(given, 3, 2)
        assert verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given)) == sheet
        assert history_of(sheet).filter(verb="submit_sheet").count() == 1
        with pytest.raises(TransitionNotAllowed, match="уже сдан"):
            verbs.submit_sheet(given, by=given.expert.person, shown="x" * 64)

    def test_a_comment_a_criterion_asks_for_is_asked_for(self, client, scorer):
        nomination = set_up()
        nomination.criteria.filter(position=2).update(needs_comment=True)
        stage(nomination.contest, "remote")
        Contest.objects.filter(pk=nomination.contest_id).update(state="announced")
        given = review(admitted(nomination), expert(nomination.contest, scorer.person))
        with pytest.raises(Exception, match="Осталось оценить: 2"):
            hand_in(given, 3, 2)
        second = criteria_of(given)[1]
        verbs.save_sheet(given, {f"note-{second.pk}": "Нет замера"}, {}, by=scorer.person)
        assert verbs.submit_sheet(given, by=scorer.person, shown=print_of(given)).state == "submitted"

    def test_next_is_the_work_with_the_fewest_sheets_and_the_list_does_not_tell(self, client, nomination, scorer):
        rich, poor = [review(admitted(nomination), scorer) for _ in range(2)]
        before = client.get(reverse("contests:scoring")).content
        sheet_in(rich.entry)
        assert client.get(reverse("contests:scoring_next")).url == poor.get_absolute_url()
        assert strip_token(client.get(reverse("contests:scoring")).content) == strip_token(before)
        sheet_in(poor.entry)
        sheet_in(poor.entry)
        assert client.get(reverse("contests:scoring_next")).url == rich.get_absolute_url()

    def test_an_independent_criterion_stays_outside_the_total(self, client, scorer):
        nomination = set_up()
        nomination.criteria.filter(position=1).update(weight=2)
        nomination.criteria.filter(position=2).update(counts=False)
        stage(nomination.contest, "remote")
        Contest.objects.filter(pk=nomination.contest_id).update(state="announced")
        given = review(admitted(nomination), expert(nomination.contest, scorer.person))
        verbs.save_sheet(given, fields(given, 2, 3), {}, by=scorer.person)
        page = client.get(given.get_absolute_url()).content.decode()
        assert "4\u00a0балла" in page and "не входит в итог" in page and "вес 2" in page

    def test_in_the_hall_the_criteria_of_the_hall_in_the_order_of_speaking(self, client, scorer, nomination):
        Contest.objects.filter(pk=nomination.contest_id).update(state="setup")
        spoken = Criterion.objects.create(nomination=nomination, title="Ответы на вопросы", maximum=3, round="onsite")
        Contest.objects.filter(pk=nomination.contest_id).update(state="announced")
        stage(nomination.contest, "onsite")
        late, early = [review(admitted(nomination, onsite_order=order), scorer, round="onsite") for order in (2, 1)]
        page = client.get(reverse("contests:scoring")).content.decode()
        assert page.index(early.entry.title) < page.index(late.entry.title)
        shown = client.get(early.get_absolute_url()).content.decode()
        assert "выступает 1-й" in shown and f"mark-{spoken.pk}" in shown and shown.count("data-criterion") == 1

    def test_an_arbiter_scores_after_the_round_until_the_results(self, nomination):
        given = review(admitted(nomination), is_arbiter=True)
        ContestStage.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
        stage(nomination.contest, "results", begun=timedelta(0))
        assert hand_in(given, 1, 1).state == "submitted"


def strip_token(content):
    return [line for line in content.splitlines() if b"csrf" not in line.lower() and b"nonce" not in line]


class TestSecrecy:
    SECRET = "Секретный приговор"

    @pytest.fixture
    def others(self, given):
        return sheet_in(given.entry, comment=self.SECRET)

    def test_others_are_read_once_the_own_sheet_is_in_and_not_a_moment_before(self, client, given, others):
        pages = [reverse("contests:scoring"), given.get_absolute_url(), reverse("contests:review_submit", args=[given.pk])]
        verbs.save_sheet(given, fields(given, 3, 2), {}, by=given.expert.person)
        assert client.get(others.get_absolute_url()).status_code == 404
        assert all(self.SECRET not in client.get(page, follow=True).content.decode() for page in pages)
        sheet = verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given))
        assert self.SECRET in client.get(others.get_absolute_url()).content.decode()
        page = client.get(sheet.get_absolute_url()).content.decode()
        assert others.get_absolute_url() in page and others.review.expert.person.surname not in page
        quiet = announced("remote", shows_others=False)
        mine = review(admitted(quiet), expert(quiet.contest, given.expert.person))
        others = sheet_in(mine.entry, comment=self.SECRET)
        assert hand_in(mine, 3, 2) and client.get(others.get_absolute_url()).status_code == 404

    def test_a_team_reads_no_sheet_and_no_organiser_who_scores_here_reads_others(self, cast, client, given, others):
        PostFactory(person=cast.member_of_school_a, institution=given.entry.institution)
        office = expert(given.entry.contest, cast.secretary)
        verbs.save_sheet(given, fields(given, 1), {}, by=given.expert.person)
        client.force_login(cast.office_head)
        assert client.get(sheet_of(given).get_absolute_url()).status_code == 404
        for person, status in ((cast.member_of_school_a, 404), (cast.stranger, 404), (cast.office_head, 200), (office.person, 404)):
            client.force_login(person)
            assert client.get(others.get_absolute_url()).status_code == status, person

    def test_an_expert_in_conflict_opens_finds_and_counts_nothing(self, client, nomination, scorer, given):
        sheet = hand_in(given, 3, 2)
        kept = review(admitted(nomination), scorer)
        PostFactory(person=scorer.person, institution=given.entry.institution)
        page = client.get(reverse("contests:scoring")).content.decode()
        assert given.entry.title not in page and kept.entry.title in page and "Сдано 0 из 1" in page
        for address in (given.get_absolute_url(), sheet.get_absolute_url(), reverse("contests:review_print", args=[given.pk])):
            assert client.get(address).status_code == 404
        assert save(client, given, fields(given, 1), **JSON).status_code == 404

    def test_a_blind_contest_names_nobody(self, client, scorer):
        nomination = announced("remote", is_blind=True)
        place = InstitutionFactory(number=4711)
        entry = admitted(nomination, institution=place, title="Проект Тайниковой, школа № 4711")
        snapshot = entry.submissions.get().snapshot | {
            "authors": [{"name": "Тайникова Вера Олеговна", "post": "завуч", "person": None, "is_contact": True}],
            "partners": [{"id": 1, "name": "Лицей «Тайный»"}],
            "answers": [{"field": 1, "label": "О чём", "text": "Вера Олеговна и лицей «Тайный» придумали курс", "names_authors": False},
                        {"field": 2, "label": "Опыт команды", "text": "Команда Тайниковой", "names_authors": True}],
            "files": [{"id": 1, "name": "Тайникова.pdf", "size": 10, "sha256": "0"}]}
        resubmit(entry, snapshot)
        given = review(entry, expert(nomination.contest, scorer.person))
        hand_in(given, 3, 2)
        other = review(admitted(nomination, institution=place), given.expert)
        pages = [reverse("contests:scoring"), sheet_of(given).get_absolute_url(), reverse("contests:review_print", args=[other.pk]),
                 reverse("contests:review_recuse", args=[given.pk])]
        for page in pages:
            answer = client.get(page)
            seen = flattened("\n".join(pieces(answer)))
            assert answer.status_code == 200 and not [name for name in ("тайник", flattened("№ 4711"), flattened("школа 4711"), "тайный", "олегов") if name in seen], page
        assert "придумали курс" in client.get(sheet_of(given).get_absolute_url()).content.decode()
        open_one = announced("remote")
        seen = review(resubmit(admitted(open_one), snapshot), expert(open_one.contest, scorer.person))
        assert "Тайникова Вера" in client.get(seen.get_absolute_url()).content.decode()


def resubmit(entry, snapshot):
    entry.submissions.create(number=2, snapshot=snapshot)
    return entry


class TestGivingUp:
    def test_two_clicks_and_no_question_a_sheet_that_is_in_stops_to_count(self, client, given):
        sheet = hand_in(given, 3, 2)
        client.post(reverse("contests:review_recuse", args=[given.pk]), {"ground": "works"})
        given.refresh_from_db()
        sheet.refresh_from_db()
        assert given.state == "recused" and sheet.state == "voided" and Recusal.objects.get().entry == given.entry
        assert client.get(given.get_absolute_url()).status_code == 404 and not ScoreSheet.objects.counted().exists()

    def test_another_reason_is_written_and_abstaining_needs_one(self, client, nomination, scorer, given):
        address = reverse("contests:review_recuse", args=[given.pk])
        assert "Напишите причину" in client.post(address, {"ground": "other", "words": " "}).content.decode()
        other = review(admitted(nomination), scorer)
        client.post(reverse("contests:review_abstain", args=[other.pk]), {"reason": "Тема не моя"})
        client.post(address, {"ground": "other", "words": "Рецензировал раньше"})
        assert list(Review.objects.order_by("pk").values_list("state", "reason")) == [("recused", "Рецензировал раньше"), ("abstained", "Тема не моя")]
        assert Recusal.objects.count() == 1

    def test_once_the_sheet_is_in_one_does_not_abstain(self, client, given):
        hand_in(given, 3, 2)
        page = client.post(reverse("contests:review_abstain", args=[given.pk]), {"reason": "Поздно"})
        assert "Лист уже сдан" in page.content.decode() and Review.objects.get().state == "given"


def test_queue_and_scoring_screen_cost_the_same_for_few_and_many(client, nomination, scorer, given):
    def queries(address):
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    sheet_in(admitted(nomination), scorer)
    pages = [reverse("contests:scoring"), given.get_absolute_url()]
    few = [queries(page) for page in pages]
    for _ in range(4):
        sheet_in(admitted(nomination), scorer)
        sheet_in(given.entry)
    assert [queries(page) for page in pages] == few and max(few) <= 20, few


def test_saving_a_mark_asks_little(client, given):
    save(client, given, fields(given, 1), **JSON)
    version = json.dumps(dict.fromkeys(fields(given, 1), "x"))
    with CaptureQueriesContext(connection) as found:
        save(client, given, fields(given, 1, 2, version=version), **JSON)
    assert stored(given)[:2] == ["1", "2"] and len(found) <= 16, [each["sql"][:150] for each in found]
