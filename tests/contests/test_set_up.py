"""A contest being set up, announced, prolonged, taken back, cancelled, repeated: who may, when, and what becomes of it."""
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contests.contest import workflow
from contests.contest.checking import problems_of
from contests.contest.reading import whole
from contests.models import AwardLevel, Contest, ContestStage, Criterion, TieRule
from contests.services import award as awards
from contests.services import contest as verbs
from contests.services import nomination as parts
from contests.services.copying import copy_contest
from projectoffice.accounts.services.people import fingerprint
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.canary import Canaries
from tests.factories import UserFactory

from .things import ContestFactory, EntryFactory, NominationFactory, announced, expert_of, juror_of, set_up, stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def fresh(obj):
    return type(obj).objects.get(pk=obj.pk)


def ready(**fields):
    """The nomination of a contest that may be announced at once."""
    nomination = set_up(**fields)
    contest = nomination.contest
    AwardLevel.objects.create(contest=contest, title="Победитель", places="1", position=1)
    stage(contest, "acceptance", begun=-DAY, left=9 * DAY)
    stage(contest, "remote", begun=-10 * DAY, left=20 * DAY)
    return nomination


def missing(contest):
    return " ".join(problem.sentence for problem in problems_of(whole(Contest.objects.filter(pk=contest.pk)).get(), timezone.now()) if problem.stops)


def remarks(contest):
    return " ".join(problem.sentence for problem in problems_of(whole(Contest.objects.filter(pk=contest.pk)).get(), timezone.now()) if not problem.stops)


def mark(row, names):
    return names, fingerprint(fresh(row), names)


def rename(nomination, by, title="Другая"):
    return parts.save_nomination(nomination, by=by, shown=mark(nomination, parts.NOMINATION), title=title)


class TestTheTable:
    TABLE = {
        "setup": {"edit", "announce", "cancel", "copy", "experts", "jury"},
        "announced": {"back_to_setup", "prolong", "cancel", "copy", "enter", "check", "experts", "invite", "assign", "onsite", "arbiter",
                      "chair", "remind_experts", "jury", "score", "vote", "annul", "award", "publish"},
        "finished": {"copy", "arbiter", "chair", "annul", "award", "correct", "project", "papers"},
        "cancelled": {"copy"},
    }

    @pytest.mark.parametrize("state", TABLE)
    def test_what_may_be_done_in_each_state(self, state):
        contest = ContestFactory(state=state)
        for kind in ("acceptance", "remote", "jury"):
            stage(contest, kind)
        moment = timezone.now()
        assert {verb for verb in workflow.RULES if not workflow.refusal(contest, verb, moment)} == self.TABLE[state]

    def test_what_is_not_the_offices_is_nobodys_who_is_not_asked(self, cast):
        contest = announced("acceptance").contest
        for person in (cast.member_of_school_a, cast.stranger, cast.department_head, cast.administrator):
            assert workflow.available(contest, person, ("prolong", "cancel", "copy", "back_to_setup"), timezone.now()) == {}
        assert len(workflow.available(contest, cast.secretary, ("prolong", "cancel", "copy", "back_to_setup"), timezone.now())) == 4

    @pytest.mark.parametrize("begun, left, word", [(-DAY, 2 * DAY, "начнётся"), (2 * DAY, -DAY, "срок вышел"), (DAY, DAY, "")])
    def test_a_stage_opens_and_closes_rights(self, begun, left, word):
        contest = ContestFactory(state="announced")
        stage(contest, "acceptance", begun=begun, left=left)
        found = workflow.refusal(contest, "enter", timezone.now())
        assert word in found if word else found == ""

    @pytest.mark.parametrize("zone", ["Europe/Samara", "Asia/Vladivostok", "America/Los_Angeles"])
    def test_the_last_moment_is_within_and_the_next_millisecond_is_not_in_any_zone(self, zone):
        contest = ContestFactory(state="announced")
        ends = datetime(2027, 5, 14, 18, tzinfo=ZoneInfo("Europe/Samara"))
        ContestStage.objects.create(contest=contest, kind="acceptance", starts_at=ends - DAY, ends_at=ends)
        with timezone.override(ZoneInfo(zone)):
            told = [workflow.refusal(contest, "enter", ends + timedelta(milliseconds=ms)) for ms in (-1, 0, 1)]
        assert [bool(words) for words in told] == [False, False, True]

    def test_a_stranger_changes_nothing(self, cast):
        nomination = ready()
        for act in (lambda: verbs.announce(nomination.contest, by=cast.stranger), lambda: rename(nomination, cast.member_of_school_a),
                    lambda: verbs.create_contest(by=cast.department_head, title="Смотр", year=2027),
                    lambda: copy_contest(nomination.contest, by=cast.stranger, title="Ещё", year=2028)):
            with pytest.raises(PermissionDenied):
                act()


class TestWhatIsMissing:
    def test_a_new_contest_lacks_all_that_makes_one(self, cast):
        contest = verbs.create_contest(by=cast.secretary, title="Смотр", year=2027)
        words = missing(contest)
        assert all(word in words for word in ("Нет дат приёма", "Нет ни одной номинации", "Нет ни одной награды"))
        with pytest.raises(ValidationError) as refusal:
            verbs.announce(contest, by=cast.secretary)
        assert len(refusal.value.messages) == 3 and fresh(contest).is_setup

    def test_what_is_ready_is_announced_once(self, cast):
        contest = ready().contest
        assert missing(contest) == ""
        verbs.announce(contest, by=cast.secretary)
        assert fresh(contest).state == "announced" and fresh(contest).announced_at
        with pytest.raises(TransitionNotAllowed):
            verbs.announce(contest, by=cast.secretary)

    def test_a_criterion_without_words_is_worth_a_look_and_bars_nothing(self):
        nomination = ready()
        nomination.criteria.first().levels.filter(mark=2).delete()
        assert "нет слов оценок: 2" in remarks(nomination.contest) and missing(nomination.contest) == ""

    @pytest.mark.parametrize("spoil, word", [
        (lambda n: n.criteria.all().delete(), "нет критериев"),
        (lambda n: n.criteria.update(counts=False), "ни один критерий не входит в итог"),
        (lambda n: n.criteria.filter(position=1).update(round="onsite"), "его дат нет"),
        (lambda n: TieRule.objects.create(contest=n.contest, rule="criterion", criterion_title="Обоснованность"), "такого нет ни в одной"),
        (lambda n: AwardLevel.objects.update(places="2"), "Место 1 не отмечено"),
        (lambda n: AwardLevel.objects.create(contest=n.contest, title="Ещё", places="1"), "уже отдано"),
        (lambda n: n.contest.stages.filter(kind="acceptance").update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - DAY), "уже закончился"),
        (lambda n: n.contest.stages.filter(kind="remote").update(starts_at=timezone.now()), "раньше, чем закончится приём"),
        (lambda n: Contest.objects.update(pass_mark=Decimal("6.5")), "не набрать"),
        (lambda n: Contest.objects.update(rounds="last"), "критериев очного тура нет"),
        (lambda n: Contest.objects.update(public_weight=Decimal("0.2")), "дат голосования нет"),
    ])
    def test_each_fault_is_told_with_its_cure(self, cast, client, spoil, word):
        nomination = ready()
        spoil(nomination)
        assert word in missing(nomination.contest)
        client.force_login(cast.secretary)
        page = client.get(f"/contests/{nomination.contest_id}/announce/").content.decode()
        assert word in page and "Объявить «" not in page
        for problem in problems_of(whole(Contest.objects.filter(pk=nomination.contest_id)).get(), timezone.now()):
            assert client.get(problem.url.split("#")[0]).status_code == 200
            assert "#" not in problem.url or f'id="{problem.url.split("#")[1]}"' in client.get(problem.url.split("#")[0]).content.decode()

    def test_a_tie_rule_of_a_criterion_some_nomination_has_is_right(self):
        nomination = ready()
        TieRule.objects.create(contest=nomination.contest, rule="criterion", criterion_title="Обоснованность проблемы")
        assert missing(nomination.contest) == ""

    def test_the_office_is_reminded_before_the_acceptance_begins_and_nobody_else(self, cast):
        contest = ready().contest
        assert [row.whose for row in waiting_for(cast.secretary)] == [contest.title]
        assert not [row for row in waiting_for(cast.member_of_school_a) if row.whose == contest.title]
        verbs.announce(contest, by=cast.secretary)
        assert waiting_for(cast.secretary) == []


class TestFrozen:
    def every_change(self, nomination, by):
        contest, criterion, field = nomination.contest, nomination.criteria.first(), nomination.fields.first()
        award, tie = contest.award_levels.first(), contest.tie_rules.first()
        words = {name: getattr(criterion, name) for name in parts.CRITERION}
        yield lambda: rename(nomination, by)
        yield lambda: parts.add_nomination(contest, by=by, title="Ещё")
        yield lambda: parts.remove_nomination(nomination, by=by)
        yield lambda: parts.move_nomination(nomination, by=by, up=True)
        yield lambda: parts.add_field(nomination, by=by, label="Ещё", limit=10)
        yield lambda: parts.save_field(field, by=by, shown=mark(field, parts.FIELD), label="Иначе")
        yield lambda: parts.remove_field(field, by=by)
        yield lambda: parts.add_criterion(nomination, by=by, title="Ещё", levels={})
        yield lambda: parts.save_criterion(criterion, by=by, shown=mark(criterion, parts.CRITERION), levels={0: "иначе"}, **words)
        yield lambda: parts.remove_criterion(criterion, by=by)
        yield lambda: awards.add_award_level(contest, by=by, title="Ещё", places="2", paper="diploma")
        yield lambda: awards.save_award_level(award, by=by, shown=mark(award, awards.AWARD), title="Иначе", places="1")
        yield lambda: awards.remove_award_level(award, by=by)
        yield lambda: awards.add_tie_rule(contest, by=by, rule="chair")
        yield lambda: awards.remove_tie_rule(tie, by=by)
        yield lambda: verbs.save_contest(contest, by=by, shown=mark(contest, verbs.RULES), experts_per_entry=5)
        yield lambda: verbs.save_stages(contest, by=by, shown=verbs.mark_of_stages(verbs.stages_of(contest)), dates={})

    @pytest.mark.parametrize("number", range(17))
    def test_once_announced_no_part_of_it_changes_and_the_words_say_why(self, cast, number):
        nomination = ready()
        TieRule.objects.create(contest=nomination.contest, rule="shared", position=1)
        verbs.announce(nomination.contest, by=cast.secretary)
        change = list(self.every_change(nomination, cast.secretary))[number]
        with pytest.raises(TransitionNotAllowed, match="больше не меняют"):
            change()

    @pytest.mark.parametrize("number", range(17))
    def test_the_same_changes_are_made_while_it_is_set_up(self, cast, number):
        nomination = ready()
        TieRule.objects.create(contest=nomination.contest, rule="shared", position=1)
        list(self.every_change(nomination, cast.secretary))[number]()

    def test_the_page_of_a_criterion_says_so_instead_of_asking(self, cast, client):
        nomination = announced("acceptance")
        client.force_login(cast.secretary)
        page = client.get(f"/contests/criteria/{nomination.criteria.first().pk}/").content.decode()
        assert "больше не меняют" in page and 'name="weight"' not in page

    def test_a_form_opened_before_is_refused_in_words_and_keeps_what_was_typed(self, cast, client):
        nomination = announced("acceptance")
        client.force_login(cast.secretary)
        criterion = nomination.criteria.first()
        answer = client.post(f"/contests/criteria/{criterion.pk}/", {
            "title": "Подменённый", "round": "remote", "maximum": 5, "weight": "2", "key": uuid.uuid4(), "version": fingerprint(criterion, (*parts.CRITERION, "words"))})
        assert "больше не меняют" in answer.content.decode() and "Подменённый" in answer.content.decode()
        assert fresh(criterion).title == criterion.title

    def test_the_database_keeps_a_contest_with_entries_announced_and_its_parts_in_their_place(self):
        nomination, other = announced("acceptance"), set_up()
        EntryFactory(nomination=nomination, contest=nomination.contest)
        for change in (lambda: Contest.objects.filter(pk=nomination.contest_id).update(state="setup"),
                       lambda: type(nomination).objects.filter(pk=other.pk).update(contest=nomination.contest),
                       lambda: nomination.criteria.update(nomination=other)):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


class TestBack:
    def test_while_there_is_no_entry_it_is_set_up_again_and_out_of_sight(self, cast):
        contest = ready().contest
        verbs.announce(contest, by=cast.secretary)
        verbs.back_to_setup(contest, by=cast.secretary)
        assert fresh(contest).is_setup and not Contest.objects.visible_to(cast.stranger).exists()

    def test_a_draft_entry_is_enough_to_keep_it(self, cast):
        nomination = announced("acceptance")
        assert workflow.can(nomination.contest, "back_to_setup", cast.secretary)
        EntryFactory(nomination=nomination, contest=nomination.contest)
        assert not workflow.can(nomination.contest, "back_to_setup", cast.secretary)
        with pytest.raises(TransitionNotAllowed, match="нет заявок"):
            verbs.back_to_setup(nomination.contest, by=cast.secretary)


class TestProlonging:
    @pytest.fixture
    def contest(self):
        contest = announced("acceptance").contest
        stage(contest, "remote", begun=-12 * DAY, left=20 * DAY)
        return contest

    def ask(self, contest, by, shown=None, reason="Праздники", **dates):
        stages = verbs.stages_of(contest)
        wanted = {kind: (each.starts_at, each.ends_at) for kind, each in stages.items()}
        for name, moved in dates.items():
            kind, end = name.split("_")
            starts, ends = wanted[kind]
            wanted[kind] = (starts + moved, ends) if end == "starts" else (starts, ends + moved)
        return verbs.prolong(contest, by=by, shown=shown or verbs.mark_of_stages(stages), dates=wanted, reason=reason)

    def test_a_vote_that_is_over_is_never_opened_again(self, cast, contest):
        contest.stages.filter(kind="acceptance").update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - 5 * DAY)
        window = stage(contest, "jury", begun=3 * DAY, left=-DAY)
        self.ask(contest, cast.secretary, remote_ends=DAY)  # other dates may still move
        with pytest.raises(ValidationError) as refused:
            self.ask(contest, cast.secretary, jury_ends=5 * DAY)
        assert "начать его снова нельзя" in refused.value.message_dict["jury_ends"][0] and fresh(window).ends_at == window.ends_at
        window.ends_at += 2 * DAY
        window.save()
        self.ask(contest, cast.secretary, jury_ends=DAY)

    def test_those_who_write_hear_of_it_with_the_reason_and_others_do_not(self, cast, contest):
        nomination = contest.nominations.get()
        writing = EntryFactory(nomination=nomination, contest=contest, created_by=UserFactory())
        author = UserFactory()
        writing.authors.create(person=author, name=author.short_name)
        done = EntryFactory(nomination=nomination, contest=contest, created_by=UserFactory(), state="withdrawn")
        expert = expert_of(contest)
        self.ask(contest, cast.secretary, acceptance_ends=DAY)
        letters = OutgoingMail.objects.filter(subject__startswith="Изменились сроки")
        assert {letter.person for letter in letters} == {writing.created_by, author} and done.created_by and expert.person
        assert all("Праздники" in letter.body and "Приём заявок" in letter.body for letter in letters)
        assert "Праздники" in history_of(contest)[0].sentence

    def test_experts_and_the_jury_hear_of_their_stages(self, cast, contest):
        stage(contest, "jury", begun=-12 * DAY, left=15 * DAY)
        expert, juror = expert_of(contest), juror_of(contest)
        self.ask(contest, cast.secretary, remote_ends=DAY, jury_ends=DAY)
        assert set(OutgoingMail.objects.values_list("person", flat=True)) == {expert.person_id, juror.person_id}

    @pytest.mark.parametrize("dates, field, word", [
        ({"acceptance_ends": -DAY}, "acceptance_ends", "только продлить"), ({"acceptance_starts": DAY}, "acceptance_starts", "уже начался"),
        ({"remote_starts": -timedelta(hours=1)}, "remote_starts", "Раньше объявленного"),
        ({"acceptance_ends": 5 * DAY}, "remote_starts", "раньше, чем закончится приём"), ({}, "__all__", "остались прежними")])
    def test_what_breaks_a_promise_or_the_order_is_refused_beside_its_field(self, cast, contest, dates, field, word):
        with pytest.raises(ValidationError) as refusal:
            self.ask(contest, cast.secretary, **dates)
        words = refusal.value.message_dict if hasattr(refusal.value, "error_dict") else {"__all__": refusal.value.messages}
        assert word in " ".join(words[field])

    def test_a_stage_that_is_over_goes_on_only_past_this_moment(self, cast):
        contest = announced("acceptance").contest
        stage(contest, "check", begun=5 * DAY, left=-2 * DAY)
        ContestStage.objects.filter(kind="acceptance").update(starts_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - 3 * DAY)
        with pytest.raises(ValidationError) as refusal:
            self.ask(contest, cast.secretary, check_ends=DAY)
        assert "уже прошёл" in refusal.value.message_dict["check_ends"][0]
        self.ask(contest, cast.secretary, check_ends=5 * DAY)

    def test_two_who_move_the_same_dates_do_not_overwrite_each_other(self, cast, contest):
        shown = verbs.mark_of_stages(verbs.stages_of(contest))
        self.ask(contest, cast.secretary, acceptance_ends=DAY)
        with pytest.raises(StaleVersion):
            self.ask(contest, cast.office_head, shown=shown, acceptance_ends=timedelta(hours=5))

    def test_the_page_moves_them_and_tells_what_has_begun(self, cast, client, contest):
        client.force_login(cast.secretary)
        address = f"/contests/{contest.pk}/prolong/"
        page = client.get(address)
        form = page.context["form"]
        assert 'name="acceptance_starts"' not in page.content.decode() and 'name="remote_starts"' in page.content.decode()
        local = "%Y-%m-%dT%H:%M"
        stages = verbs.stages_of(contest)
        data = {f"{kind}_{end}": timezone.localtime(getattr(stages[kind], f"{end}_at")).strftime(local)
                for kind in ("acceptance", "remote") for end in ("starts", "ends")}
        later = timezone.localtime(stages["acceptance"].ends_at + DAY)
        data |= {"acceptance_ends": later.strftime(local), "version": form["version"].value(), "reason": "Праздники", "acceptance_starts": "2020-01-01T00:00", "key": uuid.uuid4()}
        assert client.post(address, data).status_code == 302
        moved = verbs.stages_of(contest)
        assert moved["acceptance"].ends_at == later.replace(second=0, microsecond=0)
        assert (moved["acceptance"].starts_at, moved["remote"].starts_at) == (stages["acceptance"].starts_at, stages["remote"].starts_at)


class TestCancelling:
    def test_everybody_concerned_hears_why(self, cast):
        nomination = announced("acceptance", announced_at=timezone.now())
        contest = nomination.contest
        team = EntryFactory(nomination=nomination, contest=contest, created_by=UserFactory()).created_by
        expert, juror = expert_of(contest), juror_of(contest)
        verbs.cancel(contest, by=cast.secretary, reason="Мало заявок")
        letters = list(OutgoingMail.objects.all())
        assert {letter.person for letter in letters} == {team, expert.person, juror.person} and all("Мало заявок" in letter.body for letter in letters)
        with pytest.raises(TransitionNotAllowed):
            verbs.cancel(contest, by=cast.secretary, reason="Ещё раз")

    def test_given_up_before_it_was_announced_it_stays_the_offices_own(self, cast, client):
        contest = ready().contest
        verbs.cancel(contest, by=cast.secretary, reason="Не нужен")
        assert client.get(f"/public/contests/{contest.pk}/").status_code == 404
        assert not Contest.objects.visible_to(cast.member_of_school_a).exists() and not OutgoingMail.objects.exists()
        assert Contest.objects.visible_to(cast.secretary).exists()


class TestNextYear:
    def test_structure_and_rules_go_along_and_dates_move_a_year_on(self, cast):
        source = ready(title="Смотр", year=2027, is_blind=True, pass_mark=Decimal("4.5"))
        first = source.contest
        zone = ZoneInfo("Europe/Samara")
        with timezone.override(zone):
            leap = datetime(2028, 2, 29, 18, tzinfo=zone)
            ContestStage.objects.create(contest=first, kind="results", starts_at=leap - DAY, ends_at=leap)
            TieRule.objects.create(contest=first, rule="chair", position=1)
            copy = copy_contest(first, by=cast.secretary, title="Смотр", year=2028)
            ends = timezone.localtime(copy.stages.get(kind="results").ends_at)
        assert (ends.year, ends.month, ends.day, ends.hour) == (2029, 3, 1, 18)
        assert (copy.is_blind, copy.pass_mark, copy.state, copy.regulation, copy.copied_from) == (True, Decimal("4.5"), "setup", None, first)
        twin = copy.nominations.get()
        assert [str(each) for each in twin.criteria.all()] == [str(each) for each in source.criteria.all()]
        assert [each.words for each in twin.criteria.all()] == [each.words for each in source.criteria.all()]
        assert twin.fields.count() == 1 and copy.award_levels.count() == 1 and copy.tie_rules.count() == 1
        assert source.criteria.count() == 2 and first.award_levels.count() == 1

    def test_sent_twice_makes_one(self, cast, client):
        contest = announced("acceptance").contest
        client.force_login(cast.secretary)
        data = {"title": "Ещё", "year": 2028, "key": uuid.uuid4()}
        assert {client.post(f"/contests/{contest.pk}/copy/", data).url for _ in range(2)} == {Contest.objects.get(title="Ещё").get_absolute_url()}

    def test_a_title_that_exists_in_that_year_is_refused_in_words(self, cast, client):
        contest = announced("acceptance").contest
        client.force_login(cast.secretary)
        page = client.post(f"/contests/{contest.pk}/copy/", {"title": contest.title, "year": contest.year, "key": uuid.uuid4()})
        assert "в этом году уже есть" in page.content.decode()


class TestParts:
    def test_rows_move_up_and_down_and_stay_at_the_ends(self, cast):
        nomination = set_up()
        for number in (2, 3):
            parts.add_field(nomination, by=cast.secretary, label=f"Вопрос {number}", limit=10)

        def move(label, **way):
            parts.move_field(nomination.fields.get(label=label), by=cast.secretary, **way)
            return [field.label for field in nomination.fields.all()]

        assert move("Вопрос 3", up=True) == ["О чём работа", "Вопрос 3", "Вопрос 2"]
        assert move("О чём работа", up=True) == ["О чём работа", "Вопрос 3", "Вопрос 2"]
        assert move("О чём работа", up=False) == ["Вопрос 3", "О чём работа", "Вопрос 2"]
        assert list(nomination.fields.values_list("position", flat=True)) == [1, 2, 3]

    def test_a_criterion_moves_among_those_of_its_round(self, cast):
        nomination = set_up()
        parts.add_criterion(nomination, by=cast.secretary, title="Защита", round="onsite", levels={})
        parts.move_criterion(nomination.criteria.get(title="Защита"), by=cast.secretary, up=True)
        assert list(nomination.criteria.filter(round="remote").values_list("position", flat=True)) == [1, 2]
        assert nomination.criteria.get(title="Защита").position == 1

    def test_the_same_title_twice_is_refused_in_words(self, cast):
        nomination = ready()
        contest = nomination.contest
        for act, word in ((lambda: parts.add_nomination(contest, by=cast.secretary, title=nomination.title), "Такая номинация уже есть"),
                          (lambda: parts.add_criterion(nomination, by=cast.secretary, title="Обоснованность проблемы", levels={}), "уже есть"),
                          (lambda: awards.add_award_level(contest, by=cast.secretary, title="Победитель", places="", paper="diploma"), "Такая награда"),
                          (lambda: verbs.create_contest(by=cast.secretary, title=contest.title, year=contest.year), "в этом году уже есть")):
            with pytest.raises(ValidationError, match=word):
                act()

    def test_a_part_belongs_to_its_own_contest_whatever_page_it_was_opened_from(self, cast):
        """The address of a part names the part alone: it cannot be asked about through another, unfinished contest."""
        frozen = announced("acceptance")
        set_up()
        with pytest.raises(TransitionNotAllowed):
            parts.add_criterion(frozen, by=cast.secretary, title="Ещё", levels={})

    def test_two_editors_of_a_criterion_see_each_others_words(self, cast):
        criterion = set_up().criteria.first()
        names = (*parts.CRITERION, "words")
        shown = mark(criterion, names)
        words = {name: getattr(criterion, name) for name in parts.CRITERION}
        parts.save_criterion(criterion, by=cast.secretary, shown=shown, levels={0: "совсем нет"}, **words)
        with pytest.raises(StaleVersion):
            parts.save_criterion(criterion, by=cast.office_head, shown=shown, levels={0: "иначе"}, **words)
        assert fresh(criterion).words == "0 – совсем нет"

    def test_who_changes_the_card_does_not_disturb_who_changes_the_rules(self, cast):
        contest = ready().contest
        card, rules = mark(contest, verbs.CARD), mark(contest, verbs.RULES)
        verbs.save_contest(contest, by=cast.secretary, shown=card, about="О школе")
        verbs.save_contest(contest, by=cast.office_head, shown=rules, experts_per_entry=4)
        with pytest.raises(StaleVersion):
            verbs.save_contest(contest, by=cast.office_head, shown=card, about="О городе")
        assert (fresh(contest).about, fresh(contest).experts_per_entry) == ("О школе", 4)

    def test_removed_twice_is_removed_once(self, cast):
        field = set_up().fields.get()
        parts.remove_field(field, by=cast.secretary)
        parts.remove_field(field, by=cast.secretary)
        assert [event.verb for event in history_of(field.nomination.contest)] == ["remove_entryfield"]

    def test_no_contest_grows_without_end(self, cast):
        nomination = set_up()
        type(nomination.fields.get()).objects.bulk_create(
            type(nomination.fields.get())(nomination=nomination, label=f"В{n}", position=n) for n in range(2, 101))
        with pytest.raises(ValidationError, match="Больше 100"):
            parts.add_field(nomination, by=cast.secretary, label="Ещё", limit=10)


class TestTruths:
    def told(self):
        return " ".join(map(str, violations()))

    def test_what_is_right_is_left_alone(self, cast):
        verbs.announce(ready().contest, by=cast.secretary)
        assert self.told() == ""

    @pytest.mark.parametrize("spoil, word", [
        (lambda n: n.criteria.first().levels.filter(mark=3).update(mark=9), "есть слова оценки 9"),
        (lambda n: AwardLevel.objects.update(places="первое"), "непонятны"),
        (lambda n: n.criteria.all().delete() and Contest.objects.update(state="announced"), "нет критериев"),
        (lambda n: n.delete() and Contest.objects.update(state="announced"), "без номинаций")])
    def test_what_went_round_the_verbs_is_found(self, spoil, word):
        spoil(ready())
        assert word in self.told()


class TestPages:
    @pytest.fixture(autouse=True)
    def office(self, cast, client):
        client.force_login(cast.secretary)

    @pytest.mark.parametrize("field, value", [
        *[("year", bad) for bad in ("1999", "2100", "10000000000000000000000000000000", "NaN", "20 27", "две тысячи", "\x00", "-2027", "")],
        *[("title", bad) for bad in ("", "Смотр\x00", "я" * 301)]])
    def test_a_card_nobody_means_is_refused_in_words_and_kept(self, client, field, value):
        data = {"title": "Смотр-конкурс", "year": "2027", "about": "О школе", "key": uuid.uuid4()} | {field: value}
        page = client.post("/contests/new/", data)
        assert page.status_code == 200 and page.context["form"].errors[field] and "О школе" in page.content.decode()
        assert not Contest.objects.exists()

    @pytest.mark.parametrize("field", ["weight", "maximum", "words"])
    @pytest.mark.parametrize("value", ["NaN", "1" + "0" * 30, "-1", "\x00", "0 – а\n0 – б", "1,5,1"])
    def test_a_criterion_nobody_means_is_refused_in_words(self, client, field, value):
        nomination = set_up()
        data = {"title": "Новый", "round": "remote", "maximum": "5", "weight": "1,5", "words": "0 – нет", "key": uuid.uuid4()} | {field: value}
        page = client.post(f"/contests/nominations/{nomination.pk}/criteria/new/", data)
        assert page.status_code == 200 and page.context["form"].errors and nomination.criteria.count() == 2

    def test_a_criterion_with_a_decimal_comma_and_its_words_is_stored(self, client):
        nomination = set_up()
        data = {"title": "Новый", "round": "onsite", "maximum": "2", "weight": "1,5", "words": "0 – нет\n2 – да", "key": uuid.uuid4()}
        assert client.post(f"/contests/nominations/{nomination.pk}/criteria/new/", data).status_code == 302
        found = Criterion.objects.get(title="Новый")
        assert (found.weight, found.counts, found.words) == (Decimal("1.5"), False, "0 – нет\n2 – да")

    def test_words_for_a_hundred_thousand_marks_are_refused(self, client):
        nomination = set_up()
        data = {"title": "Новый", "round": "onsite", "maximum": "100", "weight": "1", "words": "\n".join(f"{n} – да" for n in range(9000)), "key": uuid.uuid4()}
        page = client.post(f"/contests/nominations/{nomination.pk}/criteria/new/", data)
        assert page.status_code == 200 and page.context["form"].errors["words"]

    def test_dates_in_the_wrong_order_and_halves_of_a_stage_are_refused_beside_their_field(self, client):
        contest = set_up().contest
        address = f"/contests/{contest.pk}/stages/"
        shown = client.get(address).context["form"]["version"].value()
        page = client.post(address, {"version": shown, "key": uuid.uuid4(), "acceptance_starts": "2027-05-14T18:00", "acceptance_ends": "2027-05-01T18:00",
                                     "remote_starts": "2027-06-01T09:00", "results_starts": "9999-01-01T00:00", "results_ends": "завтра"})
        errors = page.context["form"].errors
        assert {"acceptance_ends", "remote_ends", "results_starts", "results_ends"} == set(errors) and not contest.stages.exists()

    def test_stages_are_kept_by_the_clock_of_the_office(self, client):
        contest = set_up().contest
        address = f"/contests/{contest.pk}/stages/"
        shown = client.get(address).context["form"]["version"].value()
        data = {"version": shown, "key": uuid.uuid4(), "acceptance_starts": "2027-05-01T09:00", "acceptance_ends": "2027-05-14T18:00"}
        assert client.post(address, data).status_code == 302
        assert contest.stages.get().ends_at == datetime(2027, 5, 14, 18, tzinfo=ZoneInfo("Europe/Samara"))
        # The same form again was opened on other dates.
        assert "Сейчас записано: «14.05.2027, 18:00»" in client.post(address, data | {"acceptance_ends": "2027-05-20T18:00"}).content.decode()

    def test_the_rules_are_stored_as_shares_and_points(self, client):
        contest = set_up().contest
        address = f"/contests/{contest.pk}/rules/"
        shown = client.get(address).context["form"]["version"].value()
        data = {"version": shown, "key": uuid.uuid4(), "experts_per_entry": "4", "combining": "sum", "pass_mark": "10,5", "divergence": "", "rounds": "weighted",
                "onsite_share": "40 %", "public_weight": "15", "votes_each": "2", "is_blind": "on"}
        assert client.post(address, data).status_code == 302
        found = fresh(contest)
        assert (found.experts_per_entry, found.combining, found.pass_mark, found.divergence) == (4, "sum", Decimal("10.5"), None)
        assert (found.onsite_share, found.public_weight, found.is_blind, found.shows_others) == (Decimal("0.4"), Decimal("0.15"), True, False)

    def test_a_tie_rule_goes_by_a_criterion_of_this_contest_alone(self, client):
        nomination, foreign = set_up(), set_up()
        foreign.criteria.update(title="Чужой критерий")
        address = f"/contests/{nomination.contest_id}/ties/"
        assert client.post(address, {"rule": "criterion:Чужой критерий", "key": uuid.uuid4()}).status_code == 200
        assert client.post(address, {"rule": "criterion:Обоснованность проблемы", "key": uuid.uuid4()}).status_code == 302
        assert [str(rule) for rule in TieRule.objects.all()] == ["Выше оценка по критерию «Обоснованность проблемы»"]
        assert "criterion:Обоснованность проблемы" not in client.get(address).content.decode()

    def test_a_removed_regulation_is_gone_and_a_picture_is_none(self, client):
        from django.core.files.uploadedfile import SimpleUploadedFile

        contest = set_up().contest
        address = f"/contests/{contest.pk}/edit/"
        card = {"title": contest.title, "year": contest.year, "key": uuid.uuid4()}

        def save(**more):
            return client.post(address, card | {"version": client.get(address).context["form"]["version"].value()} | more)

        assert save(regulation=SimpleUploadedFile("положение.pdf", b"GIF89a")).context["form"].errors["regulation"]
        assert save(regulation=SimpleUploadedFile("положение.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF")).status_code == 302
        assert b"".join(client.get(f"/contests/{contest.pk}/regulation/")).startswith(b"%PDF")
        assert save(no_regulation="on").status_code == 302 and fresh(contest).regulation is None

    def test_pages_cost_the_same_for_any_number_of_rows(self, client, cast):
        def cost(address):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        def pages(nomination):
            pk = nomination.contest_id
            return ["/contests/", f"/contests/{pk}/", f"/contests/{pk}/announce/", f"/contests/nominations/{nomination.pk}/", f"/contests/{pk}/ties/"]

        few = ready()
        little = [cost(address) for address in pages(few)]
        many = ready()
        for number in range(6):
            other = NominationFactory(contest=many.contest)
            for place in range(4):
                criterion = parts.add_criterion(other, by=cast.secretary, title=f"К{place}", levels={0: "нет"})
                parts.add_criterion(many, by=cast.secretary, title=f"К{number}{place}", levels={0: "нет"})
            awards.add_award_level(many.contest, by=cast.secretary, title=f"Н{number}", places=str(number + 2), paper="diploma")
            ready()
        assert criterion and [cost(address) for address in pages(many)] == little and max(little) <= 20

    def test_the_public_page_costs_the_same_too(self, client, cast):
        few, many = ready(), ready()
        for _ in range(5):
            other = NominationFactory(contest=many.contest)
            parts.add_criterion(other, by=cast.secretary, title="К", levels={0: "нет"})
        counts = []
        for nomination in (few, many):
            verbs.announce(nomination.contest, by=cast.secretary)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/public/contests/{nomination.contest_id}/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 20


class TestSecrecy:
    def planted(self, canaries):
        nomination = ready(title=f"Смотр {canaries.plant('title')}", about=canaries.plant("about"))
        nomination.title, nomination.about = canaries.plant("nomination"), canaries.plant("for which works")
        nomination.save()
        nomination.fields.update(label=canaries.plant("question"))
        nomination.criteria.filter(position=1).update(title=canaries.plant("criterion"))
        nomination.criteria.first().levels.filter(mark=0).update(text=canaries.plant("level"))
        nomination.contest.award_levels.update(title=canaries.plant("award"))
        return nomination

    def pages(self, nomination):
        pk = nomination.contest_id
        return ["/", "/contests/", f"/contests/{pk}/", f"/contests/{pk}/history/", f"/contests/{pk}/regulation/", f"/contests/{pk}/announce/",
                f"/contests/{pk}/edit/", f"/contests/{pk}/copy/", f"/contests/nominations/{nomination.pk}/", f"/public/contests/{pk}/",
                f"/contests/criteria/{nomination.criteria.first().pk}/", f"/contests/fields/{nomination.fields.get().pk}/"]

    @pytest.mark.parametrize("who", ["member_of_school_a", "stranger", "department_head", "administrator", None])
    def test_a_contest_in_set_up_leaks_nothing(self, cast, client, who):
        canaries = Canaries()
        nomination = self.planted(canaries)
        if who:
            client.force_login(getattr(cast, who))
        assert canaries.scan(*[client.get(page) for page in self.pages(nomination)]) == set()

    def test_the_office_reads_all_of_it_and_everybody_once_it_is_announced(self, cast, client):
        canaries = Canaries()
        nomination = self.planted(canaries)
        client.force_login(cast.secretary)
        assert canaries.scan(*[client.get(page) for page in self.pages(nomination)]) == set(canaries.places.values())
        verbs.announce(nomination.contest, by=cast.secretary)
        client.logout()
        assert canaries.scan(client.get(f"/public/contests/{nomination.contest_id}/")) == set(canaries.places.values())
        assert "title" in canaries.scan(client.get("/"))

    def test_what_was_set_up_and_taken_back_is_not_told_to_participants(self, cast, client):
        canaries = Canaries()
        nomination = ready()
        gone = parts.add_nomination(nomination.contest, by=cast.secretary, title=canaries.plant("taken back"))
        parts.remove_nomination(gone, by=cast.secretary)
        verbs.announce(nomination.contest, by=cast.secretary)
        client.force_login(cast.member_of_school_a)
        assert canaries.scan(*[client.get(page) for page in self.pages(nomination)]) == set()
        client.force_login(cast.secretary)
        assert canaries.scan(client.get(f"/contests/{nomination.contest_id}/history/")) == {"taken back"}

    def test_names_nobody_consented_to_stay_off_the_public_page(self, cast, client):
        nomination = ready(about="Вопросы – Тайнова А.И.")
        verbs.announce(nomination.contest, by=cast.secretary)
        assert "Тайнова А.И." not in client.get(f"/public/contests/{nomination.contest_id}/").content.decode()
