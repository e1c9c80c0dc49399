"""The results: what bars them, published once and frozen, corrected beside the old ones; letters looked at first."""
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from contests.entry.submission import take
from contests.models import Award, Contest, Result, ScoreSheet
from contests.models import Diploma as Papers
from contests.outcome import sheets
from contests.outcome.making import drawn
from contests.outcome.page import ResultsPage
from contests.outcome.papers import diploma, diploma_title, entries_by_id, head_of_paper
from contests.services import outcome as verbs
from contests.services import sheet as sheet_verbs
from contests.services.jury_protocol import start_protocol
from contests.services.paper import check_sheet
from contests.services.sheet import void_sheet
from projectoffice.common import jobs
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import Job, OutgoingMail
from projectoffice.documents.models import Document
from projectoffice.documents.services import route
from projectoffice.documents.snapshot import take_snapshot
from tests.cast import make_cast
from tests.portfolios.things import ModelFactory
from tests.races import MeetingPlace, together

from .outcome_things import entry_numbered, latest, mark_of, published, resubmit, scored
from .test_sheet_office import keyed
from .test_sheets import print_of
from .things import admitted, expert, review, sheet_in, sheet_of, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def awards(result):
    return {award.entry.number: award.level.title for award in result.awards.select_related("entry", "level")}


def told(contest, user, which="stops"):
    """What the page of the results says bars them, or only remarks."""
    return " ".join(each.sentence for each in getattr(ResultsPage(Contest.objects.get(pk=contest.pk), user), which))


class TestWhatBars:
    def test_all_that_is_open_is_named_at_once(self, cast):
        contest = scored()
        entry = entry_numbered(contest, 4)
        review(entry, expert(contest))  # given, not scored
        stage(contest, "jury")
        with pytest.raises(ValidationError) as refused:
            verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        words = " ".join(refused.value.messages)
        assert "Не все листы сданы" in words
        assert "общественного жюри" in words
        assert not Result.objects.exists()

    def test_a_work_that_went_on_to_the_hall_is_not_placed_without_a_sheet_from_there(self, cast, client):
        contest = scored(onsite=True, institution=cast.member_of_school_a.current_post.institution)
        first, second = contest.entries.select_related("nomination").order_by("number")[:2]
        assert "в очный тур никто не прошёл" in told(contest, cast.secretary, "remarks")
        for order, entry in enumerate((first, second), start=1):
            type(entry).objects.filter(pk=entry.pk).update(onsite_order=order)
        panel = list(contest.experts.order_by("pk"))
        sheet_in(first, panel[0], (3,), round="onsite")
        assert "оценок оттуда нет. Таких работ: 1" in told(contest, cast.secretary)
        with pytest.raises(ValidationError, match="оценок оттуда нет"):
            verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        sheet_in(second, panel[0], (2,), round="onsite")
        assert told(contest, cast.secretary) == "" and "Оценок меньше, чем по правилам (2), у работ: 2" in told(contest, cast.secretary, "remarks")
        verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        client.force_login(cast.member_of_school_a)
        read = [client.get(reverse("contests:my_result", args=[entry_numbered(contest, number).pk])).content.decode() for number in (1, 3)]
        assert [("Защита" in page, "В очный тур работа не прошла" in page) for page in read] == [(True, False), (False, True)]

    def test_sums_of_unlike_numbers_of_sheets_are_not_compared(self, cast):
        contest = scored(combining="sum")
        assert told(contest, cast.secretary) == ""
        means = scored(title="По среднему")
        more, _ = (sheet_in(entry_numbered(each, 4), expert(each), (1, 1)) for each in (contest, means))
        assert told(means, cast.secretary) == ""
        with pytest.raises(ValidationError, match="не поровну"):
            verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        void_sheet(more, "Лишний лист", cast.secretary)
        type(more.review).objects.filter(pk=more.review_id).update(state="taken", reason="Лишняя")
        verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))

    def test_an_arbiter_who_is_waited_for_and_works_without_a_mark_bar_it(self, cast):
        contest = scored(divergence=1)
        entry = entry_numbered(contest, 1)
        void_sheet(entry.reviews.first().sheets.get(), "Ошибка", cast.secretary)
        sheet_of(entry, entry.reviews.first().expert, (0, 0), submitted=True)
        for given in entry_numbered(contest, 2).reviews.all():
            void_sheet(given.sheets.get(), "Ошибка", cast.secretary)
            given.state = "taken"
            given.save()
        with pytest.raises(ValidationError) as refused:
            verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        assert "решает третий эксперт" in " ".join(refused.value.messages)
        assert "без единой оценки: 1" in " ".join(refused.value.messages)


class TestPublishing:
    def test_freezes_places_awards_and_comments_and_ends_the_contest(self, cast):
        result = published(cast.secretary)
        assert awards(result) == {1: "Победитель", 2: "Лауреат", 3: "Лауреат", 4: "Участник"}
        [nomination] = result.snapshot["nominations"]
        assert [(each["place"], each["total"]) for each in nomination["entries"]] == [("1", "6"), ("2", "5"), ("3", "4"), ("4", "2")]
        assert result.contest.state == Contest.State.FINISHED

    def test_sent_twice_is_published_once_and_other_content_is_refused(self, cast):
        contest = scored()
        shown = mark_of(contest, cast.secretary)
        entry = entry_numbered(contest, 4)
        verbs.change_award(entry, by=cast.secretary, level=contest.award_levels.get(title="Лауреат"), reason="Особое мнение")
        with pytest.raises(StaleVersion):
            verbs.publish(contest, by=cast.secretary, shown=shown)
        shown = mark_of(contest, cast.secretary)
        first, second = (verbs.publish(contest, by=cast.secretary, shown=shown) for _ in range(2))
        assert first == second
        assert awards(first)[4] == "Лауреат"
        with pytest.raises(TransitionNotAllowed):
            verbs.publish(contest, by=cast.secretary, shown="another")

    def test_is_the_right_of_the_office_alone(self, cast):
        contest = scored()
        for person in (cast.department_head, cast.member_of_school_a):
            with pytest.raises(PermissionDenied):
                verbs.publish(contest, by=person, shown=mark_of(contest, cast.secretary))

    def test_an_organiser_who_scores_here_sees_nothing_before_and_decides_nothing(self, cast, client):
        contest = scored()
        expert(contest, cast.secretary)
        entry, shown = entry_numbered(contest, 4), mark_of(contest, cast.office_head)
        for attempt in (lambda: verbs.publish(contest, by=cast.secretary, shown=shown),
                        lambda: verbs.change_award(entry, by=cast.secretary, level=None, reason="Так"),
                        lambda: verbs.reset_award(entry, by=cast.secretary)):
            with pytest.raises(PermissionDenied):
                attempt()
        client.force_login(cast.secretary)
        assert client.get(reverse("contests:results", args=[contest.pk])).status_code == 403
        client.force_login(cast.office_head)
        assert client.get(reverse("contests:results", args=[contest.pk])).status_code == 200

    def test_letters_are_prepared_without_marks_and_wait_to_be_looked_at(self, cast):
        result = published(cast.secretary, institution=cast.member_of_school_a.current_post.institution)
        jobs.run_due()
        letters = OutgoingMail.objects.about(result)
        assert letters.count() >= 4
        assert {letter.state for letter in letters} == {"held"}
        assert not any("балл" in letter.body.replace("Баллы по критериям", "") for letter in letters)
        sent = verbs.send_letters(result, by=cast.secretary)
        assert (sent, verbs.send_letters(result, by=cast.secretary)) == (letters.count(), 0)
        assert set(letters.values_list("state", flat=True)) == {"queued"}


def test_what_nobody_has_scored_is_neither_failed_nor_awarded(cast, client):
    contest = scored(marks=((3, 3), (0, 0)), pass_mark=2)
    admitted(contest.nominations.get(), title="Без оценок")
    client.force_login(cast.secretary)
    for name in ("tally", "results"):
        rows = re.findall(r"<tr.*?</tr>", client.get(reverse(f"contests:{name}", args=[contest.pk])).content.decode(), re.S)
        [failed], [waiting] = ([row for row in rows if title in row] for title in ("Работа 2", "Без оценок"))
        assert "иже проходного" in failed and "оценок ещё нет" not in failed.lower(), name
        assert "оценок ещё нет" in waiting.lower() and "иже проходного" not in waiting and "Участник" not in waiting, name


class TestCorrection:
    def test_is_the_next_result_beside_the_old_one_with_new_papers_where_the_award_changed(self, cast, client):
        result = published(cast.secretary, institution=cast.member_of_school_a.current_post.institution)
        contest, old = result.contest, Award.objects.get(result=result, entry__number=4)
        verbs.make_diplomas(result, by=cast.secretary)
        jobs.run_due()
        entry = entry_numbered(contest, 4)
        verbs.change_award(entry, by=cast.secretary, level=contest.award_levels.get(title="Лауреат"), reason="Апелляция")
        assert awards(latest(contest))[4] == "Участник"  # nothing is seen before the correction is published
        fields = {"by": cast.secretary, "shown": mark_of(contest, cast.secretary)}
        with pytest.raises(ValidationError):
            verbs.correct(contest, reason="", protocol="", **fields)
        first, second = (verbs.correct(contest, reason="Ошибка подсчёта", protocol="Протокол № 4", **fields) for _ in range(2))
        assert first == second == latest(contest)
        assert first.number == 2
        assert awards(first)[4] == "Лауреат"
        given, kept = ({each.entry.number: (each.number, each.code) for each in each.awards.select_related("entry")} for each in (result, first))
        assert {key: kept[key] for key in (1, 2, 3)} == {key: given[key] for key in (1, 2, 3)}
        assert kept[4][0] not in {number for number, _ in given.values()}
        assert (Papers.objects.filter(award__result=first).count(), first.awards.filter(diplomas=None).get().entry) == (3, entry)
        assert "больше не действует" in client.get(old.get_absolute_url()).content.decode()
        kept = Award.objects.get(result=result, entry__number=1)
        assert "исправлены" not in client.get(kept.get_absolute_url()).content.decode()
        jobs.run_due()
        bodies = {each.subject: each.body for each in OutgoingMail.objects.about(first)}
        assert ["её бумага действует" in bodies[f"Итоги исправлены: «Работа {place}»"] for place in (1, 4)] == [True, False]
        page = client.get(reverse("contests:public_results", args=[contest.pk])).content.decode()
        assert "Основание: Протокол № 4<br>Причина: Ошибка подсчёта" in page
        assert client.get(reverse("contests:public_results_number", args=[contest.pk, 1])).status_code == 200

    def test_follows_a_voided_sheet_keyed_anew_and_nobody_learns_of_it_before(self, cast, client):
        school = cast.member_of_school_a.current_post.institution
        contest = published(cast.secretary, institution=school).contest
        given = entry_numbered(contest, 1).reviews.select_related("entry__contest", "expert__person").first()
        stage(contest, "remote", begun=timedelta(days=9), left=timedelta(days=-5))
        sheet_verbs.replace_sheet(given.sheets.get(), by=cast.secretary, reason="Внесён не тот лист")
        keyed(given, cast.secretary, 0, 0)
        check_sheet(given.sheets.get(state="submitted"), by=cast.office_head, shown=print_of(given))
        client.force_login(cast.member_of_school_a)
        page = client.get(reverse("contests:my_result", args=[given.entry_id])).content.decode()
        assert "Победитель" in page
        verbs.correct(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary), reason="Ошибка ввода", protocol="Протокол № 5")
        assert awards(latest(contest))[1] != "Победитель"

    def test_without_a_change_is_refused(self, cast):
        contest = published(cast.secretary).contest
        with pytest.raises(ValidationError, match="то же самое"):
            verbs.correct(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary), reason="Так", protocol="№ 1")


class TestWhoReadsWhat:
    def test_a_team_reads_its_own_profile_and_nothing_before_publication(self, cast, client):
        school = cast.member_of_school_a.current_post.institution
        contest = scored(institution=school)
        entry = entry_numbered(contest, 2)
        client.force_login(cast.member_of_school_a)
        address = reverse("contests:my_result", args=[entry.pk])
        before = client.get(address).content.decode()
        assert "Итоги ещё не опубликованы" in before
        verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        page = client.get(address).content.decode()
        assert "Лауреат" in page
        assert "2 из 4" in page
        for each in contest.experts.select_related("person"):
            assert each.person.surname not in page
        client.force_login(cast.member_of_school_b)
        assert client.get(address).status_code == 404

    def test_the_mean_is_not_told_where_it_would_give_away_the_marks_of_another(self, cast, client):
        school = cast.member_of_school_a.current_post.institution
        result = published(cast.secretary, marks=((3, 3), (1, 1)), institution=school)
        client.force_login(cast.member_of_school_a)
        page = client.get(reverse("contests:my_result", args=[entry_numbered(result.contest, 1).pk])).content.decode()
        assert "работ в ней меньше трёх" in page
        assert "Среднее</th>" not in page

    def test_visitors_read_names_by_consent_alone(self, cast, client):
        contest = scored()
        entry = entry_numbered(contest, 1)
        entry.authors.create(person=cast.member_of_school_a, name=cast.member_of_school_a.full_name)
        entry.authors.create(name="Печатнова Вера Ильинична")
        resubmit(entry, take(entry))
        verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        address = reverse("contests:public_results", args=[contest.pk])
        page = client.get(address).content.decode()
        assert cast.member_of_school_a.surname not in page
        assert "Печатнова" not in page
        cast.member_of_school_a.consents.create(given_on="2026-01-01")
        page = client.get(address).content.decode()
        assert cast.member_of_school_a.surname in page
        assert "Печатнова" not in page

    @pytest.mark.parametrize(("name", "published"), [("results", False), ("results", True), ("results_publish", False), ("results_letters", True)])
    def test_pages_ask_the_same_questions_for_few_and_many(self, cast, client, name, published, django_assert_max_num_queries):
        client.force_login(cast.secretary)
        counts = []
        for marks in ((3, 3), (2, 2)), ((3, 3), (3, 2), (2, 2), (1, 1), (1, 0)):
            contest = scored(marks=marks, title=f"Конкурс {len(marks)}")
            stage(contest, "jury", begun=timedelta(days=9), left=timedelta(days=-5))
            if published:
                result = verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
                verbs.make_diplomas(result, by=cast.secretary)
                jobs.run_due()
                verbs.change_award(contest.entries.first(), by=cast.secretary, level=None, reason="Ошибка")
            address = reverse(f"contests:{name}", args=[contest.pk])
            client.get(address)  # the first visit reads what stays in memory
            with django_assert_max_num_queries(20 if name == "results" else 36) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1], counts


class TestPapers:
    def test_diplomas_are_made_once_each_and_are_the_same_bytes(self, cast, client):
        result = published(cast.secretary, institution=cast.member_of_school_a.current_post.institution)
        job = verbs.make_diplomas(result, by=cast.secretary, post="Руководитель", name="Н.П. Орлова")
        jobs.run_due()
        job = Job.objects.get(pk=job.pk)
        assert (job.state, job.done, Papers.objects.count()) == ("done", 4, 4)
        first = Papers.objects.get(award__entry__number=1)
        with first.file.data.open() as file:
            content = file.read()
        assert content.startswith(b"%PDF-")
        found = entries_by_id(result.snapshot)
        award = first.award
        again = drawn([diploma(award, result, found, head_of_paper(), job.arguments)], title=diploma_title(award, found[award.entry_id][1]))
        assert again.pdf == content
        verbs.make_diplomas(result, by=cast.secretary)
        jobs.run_due()
        assert Papers.objects.count() == 4
        client.force_login(cast.member_of_school_a)
        assert client.get(reverse("contests:award_paper", args=[award.pk])).status_code == 200
        client.force_login(cast.member_of_school_b)
        assert client.get(reverse("contests:award_paper", args=[award.pk])).status_code == 404

    def test_text_for_ready_blanks_comes_as_one_file(self, cast):
        result = published(cast.secretary)
        job = verbs.print_on_blanks(result, by=cast.secretary, paper="diploma", right=5, down="-2.5")
        jobs.run_due()
        job = Job.objects.get(pk=job.pk)
        assert (job.state, job.file.name, Papers.objects.count()) == ("done", "Дипломы на бланк.pdf", 0)


class TestTheProtocolOfThePanel:
    def test_tells_results_and_is_signed_by_chair_and_secretary(self, cast):
        contest = scored()
        expert(contest, cast.member_of_school_a)
        protocol = start_protocol(contest, by=cast.secretary, chair=cast.office_head, secretary=cast.member_of_school_b, held_on=date(2027, 10, 1))
        document = protocol.document
        assert list(document.spec.check(document)) == []
        text = str(take_snapshot(document))
        assert "Присвоить звание «Победитель»: «Работа 1»" in text
        assert [stamp.signer for stamp in document.stamps.all()] == [cast.office_head, cast.member_of_school_b]
        route.send(document, by=cast.secretary)
        readers = {person for person in (cast.secretary, cast.department_head, cast.member_of_school_b, cast.member_of_school_a, cast.stranger)
                   if Document.objects.visible_to(person).filter(pk=document.pk).exists()}
        assert readers == {cast.secretary, cast.department_head, cast.member_of_school_b}

    def test_is_no_side_door_for_an_organiser_who_scores_here(self, cast, client):
        contest = scored()
        start_protocol(contest, by=cast.office_head, chair=cast.office_head, secretary=cast.member_of_school_b, held_on=date(2027, 10, 1))
        expert(contest, cast.secretary)
        client.force_login(cast.secretary)
        assert client.get(reverse("contests:jury_protocol", args=[contest.pk])).status_code == 403
        assert not Document.objects.visible_to(cast.secretary).filter(kind="jury_protocol").exists()


class TestOtherPapers:
    def test_every_one_is_drawn_and_says_what_was_given(self, cast):
        snapshot = published(cast.secretary).snapshot
        one = sheets.expert_sheet(snapshot, snapshot["experts"][0]["id"])
        assert [row["cells"]["total"] for row in one["sections"][0]["rows"]] == ["6", "5", "4", "2"]
        assert sheets.expert_sheet(snapshot, 10**9) is None
        for content in (one, sheets.summary(snapshot)):
            assert sheets.as_pdf(content).startswith(b"%PDF-")
        assert "Лауреат" in str(sheets.order_on_results(snapshot, "4"))
        assert sheets.as_word(sheets.order_on_results(snapshot)) == sheets.as_word(sheets.order_on_results(snapshot))


class TestAWinnerGoesOn:
    def test_an_empty_portfolio_leads_to_the_last_results_for_who_runs_contests(self, cast, client):
        model, offer = ModelFactory(), "Взять победителей конкурса"
        address = model.portfolio.get_absolute_url()
        client.force_login(cast.secretary)
        assert offer not in client.get(address).content.decode()
        contest = published(cast.secretary).contest
        assert f'href="/contests/{contest.pk}/results/">{offer}' in client.get(address).content.decode()
        client.force_login(cast.department_head)
        assert offer not in client.get(address).content.decode()

    def test_once_with_institutions_team_and_a_link_back(self, cast):
        contest = scored()
        entry = entry_numbered(contest, 1)
        entry.authors.create(person=cast.member_of_school_a, name=cast.member_of_school_a.full_name, is_contact=True)
        entry.authors.create(name="Печатнова Вера", post="учитель")
        verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
        model = ModelFactory()
        first, second = (verbs.make_project(entry, by=cast.secretary, model=model) for _ in range(2))
        assert first == second
        assert (first.model, first.head, first.lead) == (model, cast.member_of_school_a, entry.institution)
        assert {each.name for each in first.team.all()} == {cast.member_of_school_a.short_name, "Печатнова Вера"}
        assert first.origin_url == reverse("contests:public_results", args=[contest.pk])
        with pytest.raises(ValidationError, match="проектом не становится"):
            verbs.make_project(entry_numbered(contest, 2), by=cast.secretary, model=model)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_publish_publish_once(self, cast):
        contest, published = scored(), []
        shown = mark_of(contest, cast.secretary)
        refused = together(*(lambda person=person: published.append(verbs.publish(contest, by=person, shown=shown))
                             for person in (cast.secretary, cast.office_head)))
        assert refused == [None, None] and published == [Result.objects.get()] * 2
        assert Award.objects.count() == 4

    @pytest.mark.parametrize("locks", [True, False])
    def test_an_expert_who_gives_a_work_up_at_the_same_moment_is_out_of_the_results_or_refused(self, cast, monkeypatch, locks):
        contest = scored()
        stage(contest, "remote")
        given = entry_numbered(contest, 1).reviews.select_related("entry", "expert__person").first()
        shown = mark_of(contest, cast.secretary)
        # One has taken down what counts, the other was let in: neither has written anything.
        meet = MeetingPlace(monkeypatch).after(verbs, "take").after(sheet_verbs, "demand")
        if not locks:
            meet.without_lock(verbs, sheet_verbs)
        refused = together(lambda: verbs.publish(contest, by=cast.secretary, shown=shown),
                           lambda: sheet_verbs.recuse(given, by=given.expert.person, ground="close"))
        counted = ScoreSheet.objects.counted().filter(review=given).exists()
        if locks:
            assert Result.objects.exists() == counted and sum(map(bool, refused)) == 1, refused
        else:
            assert Result.objects.exists() and not counted, refused
