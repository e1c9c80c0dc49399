"""Papers of the results as they are printed: whole surnames, room for day, number and signature, words true at their moment."""
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from contests.outcome import sheets
from contests.outcome.making import chosen, drawn
from contests.outcome.papers import diploma, entries_by_id
from contests.outcome.protocol import notes_on
from contests.services.jury_protocol import start_protocol
from projectoffice.documents.snapshot import take_snapshot
from tests.cast import make_cast

from .outcome_things import mark_of, published, scored, verbs

pytestmark = pytest.mark.django_db


def panel(*names):
    """A snapshot of one work whose experts have these names."""
    given = [{"expert": key, "is_arbiter": False, "round": "remote", "total": "6"} for key in range(len(names))]
    entry = {"id": 1, "number": 1, "title": "Работа", "institution": {"name": "Школа"}, "sheets": given, "rounds": [{"mean": "6"}],
             "total": "6", "place": "1", "award": None}
    return {"contest": {"title": "Смотр", "year": 2027}, "experts": [{"id": key, "short": name} for key, name in enumerate(names)],
            "nominations": [{"id": 1, "title": "Номинация", "entries": [entry]}]}


@pytest.mark.parametrize(("names", "in_columns"), [
    (["Ясенева\xa0Д.В.", "Грушин\xa0А.В.", "Петрова\xa0А.И."], True),
    (["Ясенева\xa0Д.В."] * 6, False),
    (["Константинопольская-Введенская\xa0А.В."] * 3, False),
    ([], False),
])
def test_the_summary_breaks_no_surname_and_has_a_place_for_the_day(names, in_columns):
    paper = sheets.summary(panel(*names))
    titles = [column["title"] for column in paper["sections"][0]["columns"]]
    assert (names[0].replace("\xa0", " ") in titles if names else False) == in_columns
    text = PdfReader(BytesIO(sheets.as_pdf(paper))).pages[0].extract_text()
    assert all(name.split()[0] in text for name in names)
    assert "Дата" in text


def test_a_diploma_nobody_signs_yet_has_the_line_and_a_year_is_never_torn():
    cast = make_cast()
    result = published(cast.secretary)
    found = entries_by_id(result.snapshot)
    award = chosen(result, {})[0]
    empty = diploma(award, result, found, "", {})
    signed = diploma(award, result, found, "", {"post": "Руководитель", "name": "Н.П. Орлова"})
    lines = [PdfReader(BytesIO(drawn([each], title="Диплом", shift=shift).pdf)).pages[0].get_contents().get_data().count(b" l\n")
             for each, shift in ((empty, None), (signed, None), (empty, [0, 0]))]
    assert "2027\xa0год" in empty["lines"][0]["text"]
    assert lines[0] == lines[1] > lines[2], lines


def test_orders_number_their_annexes_from_one_and_name_the_protocol():
    cast = make_cast()
    contest = scored()
    held = str(sheets.order_to_hold(contest, []))
    assert "приложение 1" in held and "приложения 2 и 3" in held
    snapshot = {**panel("Ясенева Д.В."), "levels": []}
    by_hand, known = (sheets.order_on_results(snapshot, *words)["sections"][0]["lines"][0]["text"] for words in ((), ("4", "1 октября 2027 г.")))
    assert by_hand.endswith("от «___» ______________ 20__ г. № ______")
    assert known.endswith("от 1 октября 2027 г. № 4")
    assert sheets.as_word(sheets.order_on_results(snapshot))

    protocol = start_protocol(contest, by=cast.secretary, chair=cast.office_head, secretary=cast.member_of_school_b, held_on=date(2027, 10, 1))
    assert "Представить итоги на утверждение" in str(take_snapshot(protocol.document))
    verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
    told = str(take_snapshot(protocol.document))
    assert "Подтвердить итоги, опубликованные" in told and "Представить итоги" not in told


def test_what_follows_a_colon_in_the_protocol_begins_small():
    snapshot = panel("Ясенева Д.В.")
    snapshot["nominations"][0]["entries"][0] |= {"rule": "При равных баллах решил председатель", "rounds": [], "award_reason": ""}
    assert "Работа № 1: при равных баллах решил председатель." in str(list(notes_on(snapshot)))
