"""What results and papers say is so: who decided, out of how many points, who is awarded, who reads an expert's words."""
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from contests.models import Award, Contest, Diploma
from contests.outcome import sheets
from contests.outcome.protocol import notes_on
from contests.services import outcome as verbs
from contests.services.sheet import void_sheet
from contests.sheet.printing import blank_pdf
from projectoffice.common import jobs
from tests.cast import make_cast

from .outcome_things import entry_numbered, mark_of, published, scored
from .things import admitted, expert, review, set_up, sheet_in, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def result_page(client, person, contest, number):
    client.force_login(person)
    return client.get(reverse("contests:my_result", args=[entry_numbered(contest, number).pk])).content.decode()


def test_a_third_expert_is_said_to_have_decided_only_where_the_others_diverge(cast, client):
    contest = scored(divergence=1, institution=cast.member_of_school_a.current_post.institution)
    first = entry_numbered(contest, 2).reviews.select_related("expert").first()
    void_sheet(first.sheets.get(), "Ошибка", cast.secretary)
    sheet_in(first.entry, first.expert, (0, 0))
    third = expert(contest)
    for number in (1, 2):
        sheet_in(entry_numbered(contest, number), third, (2, 1), is_arbiter=True)
    result = verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
    notes = str(list(notes_on(result.snapshot)))
    assert "Работа № 2: оценки экспертов разошлись на 5, решил третий эксперт: 3" in notes and "Работа № 1" not in notes
    told = {number: "решил третий эксперт" in result_page(client, cast.member_of_school_a, contest, number) for number in (1, 2)}
    assert told == {1: False, 2: True}


def test_the_greatest_total_is_counted_as_the_total_is(cast, client):
    school = cast.member_of_school_a.current_post.institution
    contest = published(cast.secretary, combining="sum", institution=school).contest
    assert "10 из 12" in result_page(client, cast.member_of_school_a, contest, 2)


def test_nobody_under_the_pass_mark_is_awarded(cast):
    result = published(cast.secretary, pass_mark=3)
    assert set(Award.objects.filter(result=result).values_list("entry__number", "level__title")) == {(1, "Победитель"), (2, "Лауреат"), (3, "Лауреат")}


def test_thanks_are_good_russian_and_signed_by_who_is_named(cast, client):
    contest = published(cast.secretary).contest
    client.force_login(cast.secretary)
    address = reverse("contests:thanks", args=[contest.pk])
    assert "Имя в подписи" in client.get(address).content.decode()
    paper = client.post(address, {"post": "Заместитель директора", "name": "Н.П. Орлова"})
    text = " ".join(PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().split())
    assert "Благодарностью награждается" in text and "Заместитель директора" in text and "Н.П. Орлова" in text
    assert len(sheets.thanks(contest.results.get().snapshot, contest.results.get().published_at)) == 2


def test_diplomas_signed_wrongly_are_made_anew_under_their_numbers_with_a_reason(cast, client):
    result = published(cast.secretary)
    client.force_login(cast.secretary)
    address = reverse("contests:diplomas", args=[result.contest_id])
    for data in ({"name": "Н.П. Орлва"}, {"name": "Н.П. Орлова", "reason": "Опечатка в имени"}):
        assert client.post(address, data).status_code == 302
        jobs.run_due()
    for award in result.awards.all():
        with award.diploma.file.data.open() as file:
            text = PdfReader(file).pages[0].extract_text()
        assert "Орлова" in text and "Орлва" not in text and f"№ {award.number}" in text
    assert Diploma.objects.filter(award__result=result).count() == 2 * result.awards.count() == 8, "what was given out stays in the case"
    assert "Все бумаги уже готовы" in client.post(address, {"name": "Другой"}).content.decode()


def test_an_expert_is_told_who_reads_the_words_beside_a_mark(client):
    nomination = set_up()
    nomination.criteria.update(needs_comment=True)
    stage(nomination.contest, "remote")
    Contest.objects.update(state="announced")
    nomination.refresh_from_db()
    given = review(admitted(nomination))
    client.force_login(given.expert.person)
    page = client.get(given.get_absolute_url()).content.decode()
    for criterion in nomination.criteria.all():
        assert f'id="help-note-{criterion.pk}">Участник увидит текст без вашей фамилии.' in page
    text = " ".join(PdfReader(io.BytesIO(blank_pdf(given))).pages[0].extract_text().split())
    assert text.count("участник прочтёт без вашей фамилии") == 3
