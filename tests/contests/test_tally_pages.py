"""Pages of those who bring the sheets together: who sees them, the third expert, the chair, late experts, the Excel file."""
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from contests.duties import remind_late_experts
from contests.models import Contest, Entry, Expert, Recusal, Review, ScoreSheet
from contests.services import tally as verbs
from contests.tally.board import standings
from contests.tally.experts import leanings, spreads
from contests.tally.progress import to_remind
from contests.tally.ties import group_with, mark_of
from projectoffice.accounts.models import User
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.models import OutgoingMail
from tests.canary import Canaries
from tests.contests.test_tally import scored
from tests.contests.things import admitted, expert_of, sheet_of, stage
from tests.factories import InstitutionFactory, PostFactory

pytestmark = pytest.mark.django_db


def page(client, person, name, *args):
    client.force_login(person)
    return client.get(reverse(f"contests:{name}", args=args))


def asked(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.fixture
def diverging():
    """Three works: one whose experts diverge, two that are equal; the chair parts equals."""
    nomination, experts = scored([[(3, 3), (1, 0)], [(2, 1), (2, 1)], [(1, 2), (1, 2)]], divergence=Decimal(4), ties=[("chair", "")])
    stage(nomination.contest, "remote")
    return nomination, experts


def test_a_long_contest_is_drawn_fifty_works_at_a_time_with_what_is_left_of_all(cast, client, diverging):
    nomination, _ = diverging
    client.force_login(cast.secretary)
    address = reverse("contests:tally", args=[nomination.contest_id])
    before = [asked(client, address) for _ in range(2)][1]  # the first visit reads what stays in memory
    [admitted(nomination) for _ in range(50)]
    first, last = (client.get(f"{address}?nomination={nomination.pk}&page={number}") for number in (1, 2))
    assert [len(each.context["page"].parts[0].lines) for each in (first, last)] == [50, 3] and asked(client, address) == before <= 25
    for each in (first, last):
        words = each.content.decode()
        assert "Эксперты разошлись на" in words and "Поровну баллов" in words and f"{nomination}: 53" in words
    assert "Показано 50 из 53" in first.content.decode() and "Показать ещё" not in last.content.decode()


class TestWhoSees:
    def test_numbers_stand_side_by_side_for_organisers_and_nothing_of_them_for_the_others(self, cast, client, diverging):
        nomination, experts = diverging
        contest, canaries = nomination.contest, Canaries()
        sheet = ScoreSheet.objects.first()
        words = {name: canaries.plant(name) for name in ("comment", "panel_comment")}
        draft = sheet_of(admitted(nomination), expert_of(contest))
        ScoreSheet.objects.filter(pk=draft.pk).update(comment=canaries.plant("a draft"))
        ScoreSheet.objects.filter(pk=sheet.pk).update(state="voided", void_reason="Перепутаны работы", voided_at=sheet.submitted_at)
        again = ScoreSheet.objects.create(review=sheet.review, **words)
        for criterion in nomination.criteria.all():
            again.scores.create(criterion=criterion, mark=3)
        ScoreSheet.objects.filter(pk=again.pk).update(state="submitted", submitted_at=sheet.submitted_at)
        for person in (cast.secretary, cast.office_head, cast.department_head):
            seen = page(client, person, "tally", contest.pk).content.decode()
            assert "Разброс" in seen and "Нужен третий эксперт" in seen and "решает председатель" in seen
            assert canaries.scan(page(client, person, "sheets_export", contest.pk)) == {"comment", "panel_comment"}
        own = expert_of(contest, cast.office_head)
        for person in (cast.administrator, cast.member_of_school_a, cast.stranger, experts[0].person, own.person):
            for name in ("tally", "sheets_export"):
                found = page(client, person, name, contest.pk)
                assert found.status_code == 403 and canaries.scan(found) == set(), (person, name)
        assert "Свод оценок" not in page(client, own.person, "contest", contest.pk).content.decode()
        for target in (nomination, sheet, sheet.review, sheet.review.entry):
            record("chair_decide", target, "Председатель развёл равные работы", by=cast.secretary)
        feeds = {}
        for person in (cast.secretary, own.person):
            client.force_login(person)
            feeds[person] = client.get("/").content.decode().count("развёл равные работы")
        assert feeds == {cast.secretary: 4, own.person: 0}
        assert page(client, own.person, "scoring_progress", contest.pk).status_code == 200
        Contest.objects.filter(pk=contest.pk).update(state=Contest.State.FINISHED)
        assert page(client, own.person, "tally", contest.pk).status_code == 200

    def test_pages_cost_the_same_for_few_works_and_many(self, cast, client):
        few, _ = scored([[(1, 1)]], divergence=Decimal(1), ties=[("chair", "")])
        many, _ = scored([[(3, 3), (0, 0)], [(2, 2), (2, 2)], [(1, 3), (2, 2)]] * 3, divergence=Decimal(1), ties=[("chair", "")])
        client.force_login(cast.secretary)
        for nomination in (few, many):
            stage(nomination.contest, "remote")
        asked(client, reverse("contests:tally", args=[few.contest.pk]))  # kinds of things are asked for once in a process
        for name, most in (("tally", 30), ("scoring_progress", 22), ("scoring_remind", 22), ("sheets_export", 10)):
            first, second = (asked(client, reverse(f"contests:{name}", args=[each.contest.pk])) for each in (few, many))
            assert first == second <= most, name

    def test_sheets_go_out_as_a_table_with_a_column_a_criterion_and_the_annulled_ones_say_why(self, cast, client, diverging):
        nomination, _ = diverging
        first = ScoreSheet.objects.first()
        ScoreSheet.objects.filter(pk=first.pk).update(state="voided", void_reason="Перепутаны работы", voided_at=first.submitted_at)
        rows = [list(row) for row in load_workbook(io.BytesIO(page(client, cast.secretary, "sheets_export", nomination.contest.pk).content))
                .active.iter_rows(values_only=True)]
        head = rows[0]
        assert len(rows) == 7 and head[12:14] == ["Обоснованность проблемы", "Измеримость результата"]
        voided = rows[1]
        assert voided[head.index("Эксперт")] == first.review.expert.person.full_name
        assert voided[head.index("Причина аннулирования")] == "Перепутаны работы" and voided[head.index("Баллы")] == 6 and voided[12:14] == [3, 3]


    def test_other_weights_are_looked_at_and_change_nothing(self, cast, client):
        nomination, _ = scored([[(3, 0)], [(0, 2)]])
        first, second = nomination.criteria.all()
        url = reverse("contests:what_if", args=[nomination.pk])
        client.force_login(cast.secretary)
        assert client.get(url).context["rows"] == []
        rows = client.get(url, {f"weight-{first.pk}": "1", f"weight-{second.pk}": "2,5"}).context["rows"]
        assert [(row["entry"].number, row["place"], row["before"], row["total"]) for row in rows] == [(2, "1", "2", "5"), (1, "2", "1", "3")]
        for wrong in ("", "-1", "NaN", "1e30", "101", "\x00"):
            found = client.get(url, {f"weight-{first.pk}": wrong, f"weight-{second.pk}": "1"})
            assert found.status_code == 200 and found.context["form"].errors and not found.context["rows"], wrong
        [board] = standings(nomination.contest)
        assert [board.entries[row.key].number for row in board.ranked] == [1, 2]
        assert page(client, expert_of(nomination.contest, cast.office_head).person, "what_if", nomination.pk).status_code == 403


class TestArbiter:
    def test_is_asked_of_somebody_free_and_told_without_naming_the_work(self, cast, client, diverging):
        nomination, _ = diverging
        contest, entry = nomination.contest, nomination.entries.get(number=1)
        free = expert_of(contest)
        url = reverse("contests:arbiter_give", args=[entry.pk])
        client.force_login(cast.secretary)
        assert client.post(url, {"expert": free.pk}).status_code == 302
        review = Review.objects.get(entry=entry, is_arbiter=True)
        [letter] = OutgoingMail.objects.filter(key__startswith="arbiter:")
        assert review.expert == free and letter.address == free.person.email and entry.title not in letter.subject + letter.body
        verbs.give_arbiter(entry, by=cast.secretary, code="remote", expert=free)
        with pytest.raises(TransitionNotAllowed, match="уже назначен"):
            verbs.give_arbiter(entry, by=cast.secretary, code="remote", expert=expert_of(contest))
        assert Review.objects.filter(entry=entry, is_arbiter=True).count() == 1 and OutgoingMail.objects.filter(key__startswith="arbiter:").count() == 1
        assert "Ждём лист третьего эксперта" in page(client, cast.secretary, "tally", contest.pk).content.decode()

    def test_nobody_who_met_the_work_or_stands_close_to_it_may_be_asked(self, cast, diverging):
        nomination, experts = diverging
        contest, entry = nomination.contest, nomination.entries.get(number=1)
        close = {name: expert_of(contest) for name in ("works there", "works at a partner", "is an author", "declared the work", "declared the school",
                                                       "gave it up")}
        PostFactory(person=close["works there"].person, institution=entry.institution)
        partner = PostFactory(person=close["works at a partner"].person, institution=InstitutionFactory()).institution
        entry.partners.add(partner)
        entry.authors.create(name="Автор", person=close["is an author"].person, position=1)
        Recusal.objects.create(expert=close["declared the work"], entry=entry, ground="close")
        Recusal.objects.create(expert=close["declared the school"], institution=entry.institution, ground="close")
        Review.objects.create(entry=entry, expert=close["gave it up"], state="recused")
        removed = Expert.objects.create(contest=contest, person=cast.stranger, state="removed")
        other = expert_of(scored([])[0].contest)
        for name, expert in [*close.items(), ("scored it", experts[0]), ("removed", removed), ("of another contest", other)]:
            with pytest.raises(ValidationError):
                verbs.give_arbiter(entry, by=cast.secretary, code="remote", expert=expert)
            assert not Review.objects.filter(is_arbiter=True).exists(), name

    def test_where_experts_agree_nobody_is_asked(self, cast, diverging):
        nomination, _ = diverging
        agreed = nomination.entries.get(number=2)
        with pytest.raises(TransitionNotAllowed, match="не расходятся"):
            verbs.give_arbiter(agreed, by=cast.secretary, code="remote", expert=expert_of(nomination.contest))
        with pytest.raises(PermissionDenied):
            verbs.give_arbiter(agreed, by=expert_of(nomination.contest, cast.secretary).person, code="remote", expert=expert_of(nomination.contest))


class TestChair:
    def group(self, nomination):
        [board] = standings(nomination.contest)
        return group_with(board, nomination.entries.get(number=2).pk)

    def test_parts_the_equals_with_what_it_rests_on_and_a_sheet_annulled_since_makes_it_outdated(self, cast, client, diverging):
        nomination, _ = diverging
        second, third = nomination.entries.get(number=2), nomination.entries.get(number=3)
        url, shown = reverse("contests:chair_decide", args=[third.pk]), mark_of(self.group(nomination))
        client.force_login(cast.secretary)
        typed = {"shown": shown, f"place-{second.pk}": "2", f"place-{third.pk}": "1", "basis": "Протокол жюри № 2"}
        for wrong in ({"basis": ""}, {f"place-{third.pk}": "2"}, {f"place-{third.pk}": "10" * 30}, {"basis": "А\x00Б"}):
            found = client.post(url, typed | wrong)
            assert found.status_code == 200 and not Entry.objects.filter(chair_order__isnull=False).exists()
        for _ in range(2):
            assert client.post(url, typed).status_code == 302
        [board] = standings(nomination.contest)
        places = {board.entries[row.key].number: (row.place, str(row.decided and row.decided.rule)) for row in board.ranked}
        assert places[3] == (places[2][0] - 1, "chair") and not board.undecided
        seen = page(client, cast.secretary, "tally", nomination.contest.pk).content.decode()
        assert "При равных баллах решил председатель" in seen and seen.count("Протокол жюри № 2") == 1
        for person in (cast.stranger, cast.member_of_school_a):
            assert "Протокол жюри № 2" not in page(client, person, "contest", nomination.contest.pk).content.decode()

    def test_a_decision_of_other_equals_says_nothing_of_new_ones(self, cast, diverging):
        nomination, _ = diverging
        group = self.group(nomination)
        verbs.chair_decide(nomination.entries.get(number=2), by=cast.secretary, order=[row.key for row in group], basis="Протокол", shown=mark_of(group))
        newcomer = admitted(nomination, chair_order=99)
        sheet_of(newcomer, expert_of(nomination.contest), (3, 0), submitted=True)
        [board] = standings(nomination.contest)
        assert [len(each) for each in board.undecided] == [3]
        with pytest.raises(TransitionNotAllowed, match="изменились"):
            verbs.chair_decide(newcomer, by=cast.secretary, order=[row.key for row in group], basis="Протокол", shown=mark_of(group))


class TestProgress:
    def late(self, cast, **days):
        """Of four experts: one done, one behind, one without mail behind, one who gave the work up."""
        nomination, [done] = scored([[(1, 1)], [(2, 2)]])
        contest, work = nomination.contest, nomination.entries.first()
        stage(contest, "remote", **days)
        behind, silent, gave_up = (expert_of(contest) for _ in range(3))
        User.objects.filter(pk=silent.person.pk).update(email="")
        Review.objects.bulk_create([Review(entry=work, expert=behind), Review(entry=work, expert=silent),
                                    Review(entry=work, expert=gave_up, state="abstained")])
        sheet_of(nomination.entries.last(), behind, (1, 1))  # a draft is not in
        return contest, done, behind, silent

    def test_shows_counts_by_experts_and_days_and_reminds_exactly_those_who_are_behind(self, cast, client):
        contest, done, behind, silent = self.late(cast)
        seen = page(client, cast.secretary, "scoring_progress", contest.pk).content.decode()
        assert "сдано листов: 2 из 5" in seen and "Таблицей" in seen and "Напомнить: 2" in seen
        listed = page(client, cast.secretary, "scoring_remind", contest.pk).content.decode()
        assert behind.person.full_name in listed and "Без почты, позвоните" in listed and done.person.full_name not in listed
        url = reverse("contests:scoring_remind", args=[contest.pk])
        client.post(url, {"expert": [done.pk, silent.pk, "x", "9" * 40]})
        assert not OutgoingMail.objects.filter(key__startswith="scoring_reminder").exists()
        for _ in range(2):
            client.post(url, {"expert": [behind.pk, done.pk, silent.pk]})
        [letter] = OutgoingMail.objects.filter(key__startswith="scoring_reminder")
        assert letter.address == behind.person.email and "осталось 2 листа" in letter.body
        assert "Сегодня уже напоминали: 1" in page(client, cast.secretary, "scoring_remind", contest.pk).content.decode()

    def test_who_hands_in_before_the_button_is_pressed_is_not_written_to(self, cast):
        contest, _, behind, _ = self.late(cast)
        shown = [each.expert.pk for each in to_remind(contest)]
        for review in behind.reviews.all():
            sheet = review.sheets.first() or review.sheets.create()
            ScoreSheet.objects.filter(pk=sheet.pk).update(state="submitted", submitted_at=contest.stages.get().starts_at)
        assert verbs.remind_experts(contest, by=cast.secretary, shown=shown) == 0

    @pytest.mark.parametrize(("left", "told"), [(timedelta(days=3), 1), (timedelta(days=1), 1), (timedelta(days=6), 0), (-timedelta(hours=30), 0)])
    def test_the_duty_reminds_three_days_and_a_day_before_the_end(self, cast, left, told):
        contest, _, behind, _ = self.late(cast, begun=timedelta(days=9), left=left)
        assert remind_late_experts() == told and remind_late_experts() == 0
        assert [each.address for each in OutgoingMail.objects.filter(key__startswith="scoring_reminder")] == [behind.person.email] * told


def test_strict_experts_and_flat_criteria_are_named_only_where_there_is_enough_to_judge():
    found = leanings([({"strict": Decimal(2), "mild": Decimal(6)}, Decimal(10))] * 3 + [({"lone": Decimal(1)}, Decimal(10))])
    assert (found["strict"].share, found["mild"].share, found["strict"].is_enough) == (Decimal("-0.4"), Decimal("0.4"), True) and "lone" not in found
    assert not leanings([({1: Decimal(1), 2: Decimal(2)}, Decimal(5))])[1].is_enough
    told = spreads([[{"flat": Decimal(3), "sharp": Decimal(mark)}] for mark in range(5)])
    assert told["flat"].is_flat(5) and not told["sharp"].is_flat(5) and not spreads([[{"flat": Decimal(3)}]])["flat"].is_flat(5)
