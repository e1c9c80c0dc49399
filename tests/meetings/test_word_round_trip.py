"""What the portal writes as a Word file, it reads back: stamps, title, rows, lists and all."""
import pytest

from meetings.imports import read_plan
from projectoffice.documents.sheet import render_docx
from tests.documents.sheet_samples import line, plan, real_plan, row, stamp


def read_back(snapshot):
    return read_plan(render_docx(snapshot)).as_json()


def assert_same(read, snapshot):
    items = [row["cells"] for row in snapshot["sections"][0]["rows"]]
    assert [item["label"] for item in read["items"]] == [cells["label"] for cells in items]
    assert [item["topics"] for item in read["items"]] == [cells["topics"] for cells in items]
    assert [item["term"] for item in read["items"]] == [cells["term"] for cells in items]
    assert [item["responsible"] for item in read["items"]] == [cells["responsible"] for cells in items]
    assert read["title"].split("\n") == snapshot["head"]["title"]


def test_the_real_plan_survives_the_way_out_and_back():
    snapshot = real_plan()
    read = read_back(snapshot)
    assert_same(read, snapshot)
    assert [(item["kind"], item["side"], item["post"], item["name"]) for item in read["stamps"]] == [
        (item["kind"], item["side"], item["post"], item["name"]) for item in snapshot["stamps"]]


@pytest.mark.parametrize("style", ["office", "gost"])
def test_swapped_stamps_nested_lists_and_repeated_numbers_survive(style):
    topics = [
        line("Итоги реализации проектов:"), line("сквозных;", "bullet"), line("городских;", "bullet", 1), line("сетевых;", "bullet", 1),
        line("школьных.", "bullet"), line("Подготовка документов:"), line("приказа;", "dash"), line("положения.", "dash"),
        line("Порядок:"), line("первое", "number"), line("второе", "number"),
    ]
    stamps = [
        stamp("1", "approve", side="left", style=style, post="руководитель департамента образования,\nкоординатор проектного управления"),
        stamp("2", "agree", side="right", style=style, post="руководитель\nПроектного офиса", name="О.А.Орлова"),
    ]
    rows = [row(1, topics), row(2, [line("Разное")], "апрель"), {**row(2, [line("Разное")], "июль"), "uid": "again"}, row(3, [line("Итоги")], "декабрь")]
    snapshot = plan(rows, stamps=stamps)
    read = read_back(snapshot)
    assert_same(read, snapshot)
    assert [(item["kind"], item["side"], item["post"], item["name"]) for item in read["stamps"]] == [
        (item["kind"], item["side"], item["post"], item["name"]) for item in stamps]


def test_a_stamp_by_an_act_survives():
    snapshot = plan(stamps=[
        stamp("1", "approve", style="gost", post="", name="", basis="приказом департамента образования от 12.01.2027 № 15"),
        stamp("2", "agree", side="left"),
    ])
    kinds = {item["kind"]: item for item in read_back(snapshot)["stamps"]}
    assert set(kinds) == {"agree", "approve"}
    assert kinds["approve"]["side"] == "right"
