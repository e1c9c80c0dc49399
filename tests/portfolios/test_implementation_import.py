"""An implementation plan from Word: the real file of a city office, and files as others type them."""
import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from portfolios.drafts import remarks_on
from portfolios.imports import FileRefused, read_plan
from portfolios.models import ImplementationPlan
from portfolios.services.implementation_importing import apply_import, import_plan
from portfolios.table import IMPLEMENTATION_PLAN
from projectoffice.documents.imports.preview import report
from projectoffice.documents.models import Document
from tests.meetings.word_plans import saved, table, title, word
from tests.portfolios.word_implementation import HEADINGS, ROW, SECTION, TITLE, word_file

SHARED = Path(os.environ.get("SHARED_DOCUMENTS", Path(__file__).resolve().parents[2] / "../shared/documents"))
REAL = SHARED / "plan-realizatsii-gorodskogo-proekta-2021-2022.docx"
needs_the_real_file = pytest.mark.skipif(not REAL.exists(), reason="the real document is not beside the project")


def read(*args, **kwargs):
    year = kwargs.pop("year", None)
    return read_plan(io.BytesIO(word_file(*args, **kwargs)), year=year)


def codes(plan):
    return [(remark["code"], remark["row"]) for remark in plan.remarks]


def run(*args):
    out = io.StringIO()
    call_command("import_implementation_plan", *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def real():
    return read_plan(REAL).as_json()


@needs_the_real_file
def test_the_real_file_has_its_title_period_sections_and_rows(real):
    first, _, last = real["title"].split("\n")
    assert (first, last) == ("План", "на 2021-2022 учебный год")
    assert real["period"] == ["2021-09-01", "2022-08-31"]
    assert [(section["name"], len(section["activities"])) for section in real["sections"]] == [
        ("Организационно-нормативная деятельность", 1), ("Методическая деятельность", 1), ("Образовательная деятельность", 4),
        ("Диссеминация инновационного опыта", 3), ("Информационная деятельность", 3),
        ("Мониторинг результативности деятельности", 2)]
    labels = [[row["label"] for row in section["activities"]] for section in real["sections"]]
    assert labels == [["1"], ["1"], ["1", "2", "3", "4"], ["1", "2", "3"], ["1", "2", "3"], ["1", "2"]]


@needs_the_real_file
def test_four_meetings_of_one_row_stay_together_with_their_four_terms(real):
    row = real["sections"][2]["activities"][1]
    assert [line[:11] for line in row["activity"].split("\n")[1:]] == ["1 заседание", "2 заседание", "3 заседание", "4 заседание"]
    assert row["term"] == "Октябрь 2021 г.\nДекабрь 2021 г.\nФевраль 2022 г.\nАпрель 2021 г."
    assert (row["term_start"], row["term_end"], row["count"]) == ("2021-04-01", "2022-02-28", 25)


@needs_the_real_file
def test_every_cell_of_a_row_is_where_it_belongs(real):
    row = real["sections"][2]["activities"][3]
    assert row == {
        "label": "4",
        "activity": "Формирование банка методических продуктов «Виртуальная сетевая лаборатория идей»",
        "term": "В течение года", "term_start": "2021-09-01", "term_end": "2022-08-31",
        "participants": "Проектные команды МОУ всех типов, реализующих проекты в рамках управленческих портфелей департамента образования",
        "count": 35,
        "responsible": [{"name": "Абрамова Т.А.", "post": "методист", "phone": "28-58-83"},
                        {"name": "Кардупова С.В.", "post": "", "phone": "28-63-71"}],
        "result": "Активизация деятельности МОУ по распространению инновационных педагогических практик",
    }
    assert sum(isinstance(each["count"], int) for section in real["sections"] for each in section["activities"]) == 14


@needs_the_real_file
def test_only_the_two_slips_of_the_real_file_are_told(real):
    assert [(remark["code"], remark["row"]) for remark in real["remarks"]] == [("term_outside_period", 4), ("term_outside_period", 14)]
    assert [remark["message"].split(":")[0] for remark in real["remarks"]] == [
        "«Образовательная деятельность», №\xa02", "«Мониторинг результативности деятельности», №\xa02"]


@needs_the_real_file
@pytest.mark.django_db
def test_the_command_tells_the_json_and_a_trial_stores_nothing(real):
    assert json.loads(run(REAL, "--dry-run", "--json")) == real
    assert not ImplementationPlan.objects.exists()
    assert "разделов: 6, строк: 14" in run(REAL)
    plan = ImplementationPlan.objects.get()
    assert plan.activities.present().count() == 14
    assert plan.activities.get(position=1).responsibles.get().phone == "22-78-18"
    with pytest.raises(SystemExit):
        run(REAL)
    uids = list(plan.activities.order_by("position").values_list("uid", "version"))
    run(REAL, "--replace")
    assert list(plan.activities.order_by("position").values_list("uid", "version")) == uids


def test_hyphenless_headings_are_known():
    plan = read()
    item = plan.items[0]
    assert (item.section, item.extra["count"], item.extra["participants"]) == (SECTION, "24", "Наставники; педагоги")
    assert item.responsible == ["Орлова А.И., методист, т. 22-78-18", "Чужак Б.Б., т. 28-63-71"]
    assert codes(plan) == []


def test_columns_may_stand_in_another_order():
    order = [0, 2, 1, 4, 3, 6, 5]
    plan = read([(SECTION, [[ROW[place] for place in order]])], headings=[HEADINGS[place] for place in order])
    assert plan.as_json() == read().as_json()


def test_a_row_cut_by_a_page_end_is_one_row_again():
    rest = ["", "с приложениями", "", "", "", "", "и каталог"]
    plan = read([(SECTION, [ROW, rest])])
    assert len(plan.items) == 1
    assert [line["text"] for line in plan.items[0].extra["result"]] == ["Сборник приёмов", "и каталог"]
    assert codes(plan) == [("merged_row", 1)]


def test_numbers_that_do_not_begin_anew_and_a_count_in_words_are_told():
    second = ["2", *ROW[1:4], "около 10", *ROW[5:]]
    plan = read([(SECTION, [ROW]), ("Информационная деятельность", [second])])
    assert codes(plan) == [("number_skipped", 2), ("count_not_a_number", 2)]
    assert plan.as_json()["sections"][1]["activities"][0]["count"] == "около 10"


@pytest.mark.parametrize(("term", "expected"), [
    ("Август 2026 г.", []), ("Июль 2026 г.", ["term_outside_period"]), ("Сентябрь 2027 г.", ["term_outside_period"]),
])
def test_the_august_before_a_school_year_belongs_to_it(term, expected):
    row = [*ROW[:2], term, *ROW[3:]]
    assert [code for code, _ in codes(read([(SECTION, [row])]))] == expected


def test_a_plan_of_meetings_is_not_taken_for_a_plan_of_a_project():
    document = word()
    title(document)
    table(document, headings=["№", "ФИО", "Должность", "Стаж"])
    with pytest.raises(FileRefused) as refusal:
        read_plan(saved(document))
    assert "«Деятельность» и «Сроки»" in refusal.value.sentence


@pytest.mark.parametrize("lines, columns, told", [
    (["План", "заседаний Проектного офиса", "на 2026 год"], 7, "так говорит его заголовок («План заседаний…»)"),
    (TITLE, 3, "в нём нет ни участников, ни их количества, ни результата"), (TITLE, 7, ""),
])
def test_what_looks_like_a_plan_of_meetings_is_told(lines, columns, told):
    order = [0, 1, 2, 5][:columns + 1] if columns == 3 else range(7)
    plan = read([(SECTION, [[ROW[place] for place in order]])], lines=lines, headings=[HEADINGS[place] for place in order])
    remarks = [remark["message"] for remark in plan.remarks if remark["code"] == "looks_like_meetings"]
    assert remarks == ([f"Похоже на план заседаний: {told}. Если это он, загрузите его в «Планах заседаний»."] if told else [])


@pytest.mark.django_db
def test_after_the_import_wrong_terms_come_first_and_strangers_are_one_sentence(cast):
    late, odd = [*ROW[:2], "Июль 2029 г.", *ROW[3:]], ["5", *ROW[1:4], "около 10", *ROW[5:]]
    people = [*ROW[:5], "\n".join(f"Чужак{letter} Б.Б." for letter in "абвгдежзийклмн"), ROW[6]]
    parsed = read([("Первый", [odd]), ("Второй", [ROW, ["2", *late[1:]]]), ("Третий", [people])])
    words = report(IMPLEMENTATION_PLAN, parsed)
    assert words.startswith("Загружено: 4 строки. Проверьте сроки: «Второй», №\xa02. Проверьте: «Первый», №\xa05. Нет среди людей портала: Чужак Б.Б., Чужака Б.Б.,")
    assert words.endswith(" и ещё 3; имена остались текстом.") and "…" not in words and "Орлова" not in words
    plan = import_plan(parsed, by=cast.secretary)
    [remark] = [each for each in remarks_on(plan, list(IMPLEMENTATION_PLAN.rows_of(plan)), []) if each.code == "term_outside_period"]
    assert remark.message.startswith("«Второй», №\xa02: срок «Июль 2029 г.» выходит")


def test_without_a_year_the_file_says_so_and_a_given_one_outweighs():
    assert read(lines=TITLE[:2]).period is not None  # the terms name it
    plan = read([(SECTION, [[*ROW[:2], "октябрь", *ROW[3:]]])], lines=TITLE[:2])
    assert plan.period is None and ("year_missing", None) in codes(plan)
    assert read(year=2030).period[0].year == 2030


@pytest.mark.django_db
def test_the_same_file_twice_keeps_the_rows_and_another_one_changes_only_its_own(cast):
    plan = import_plan(read(), by=cast.secretary)
    row = plan.activities.get()
    apply_import(plan, read(), by=cast.secretary)
    assert plan.activities.get().version == row.version
    changed = [*ROW[:4], "30", *ROW[5:]]
    apply_import(plan, read([(SECTION, [changed, ["2", *ROW[1:]]])]), by=cast.secretary)
    assert list(plan.activities.present().order_by("position").values_list("label", "count")) == [("1", "30"), ("2", "24")]
    assert plan.activities.get(position=1).uid == row.uid


@pytest.mark.django_db
def test_the_responsible_of_the_file_is_the_person_of_the_portal(cast):
    plan = import_plan(read(), by=cast.secretary)
    people = list(plan.activities.get().responsibles.values_list("name", "post", "phone", "person"))
    assert people == [("Орлова А.И.", "методист", "22-78-18", cast.office_head.pk), ("Чужак Б.Б.", "", "28-63-71", None)]
    assert plan.document.kind == "implementation_plan" and plan.document.state == Document.State.DRAFT
