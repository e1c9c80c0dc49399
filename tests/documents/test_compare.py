"""Comparison is pure: two snapshots in, what became of the first out."""
from projectoffice.documents.compare import DELETED, INSERTED, SAME, compare, longest_rising, word_parts


def snapshot(*rows, title="План", stamps=()):
    return {
        "head": {"title": [title], "basis": ""},
        "stamps": list(stamps),
        "columns": [{"key": "topics", "title": "Тема"}, {"key": "term", "title": "Срок"}],
        "sections": [{"uid": "", "title": "", "rows": [
            {"uid": uid, "cells": {"topics": [{"text": text, "level": 0, "marker": "paragraph"}], "term": term}}
            for uid, text, term in rows
        ]}],
    }


A, B, C, D = ("a", "Читать", "май"), ("b", "Писать", "июнь"), ("c", "Считать", "июль"), ("d", "Петь", "август")


def told(old, new):
    return [(row.uid, row.kind, row.moved, row.old_place, row.new_place) for row in compare(old, new).changed_rows]


def test_the_same_is_empty():
    assert compare(snapshot(A, B), snapshot(A, B)).is_empty


def test_a_changed_word_is_told_in_its_cell_alone():
    (row,) = compare(snapshot(A, B), snapshot(A, ("b", "Писать", "до июня"))).changed_rows
    assert [cell.title for cell in row.changed_cells] == ["Срок"]


def test_added_and_removed_rows_stand_where_they_are():
    assert told(snapshot(A, B, C), snapshot(A, D, C)) == [
        ("b", "removed", False, 2, None),
        ("d", "added", False, None, 2),
    ]


def test_one_row_taken_from_the_end_to_the_front_is_one_moved_row():
    assert told(snapshot(A, B, C, D), snapshot(D, A, B, C)) == [("d", "same", True, 4, 1)]


def test_a_row_moved_and_changed_says_both():
    assert told(snapshot(A, B, C), snapshot(("c", "Считать вслух", "июль"), A, B)) == [("c", "changed", True, 3, 1)]


def test_title_and_stamps_are_compared_too():
    stamp = {"uid": "s", "heading": "«Утверждаю»", "side": "left", "post": "Руководитель", "name": "О.П. Котова"}
    found = compare(snapshot(A, stamps=[stamp]), snapshot(A, title="План работы", stamps=[{**stamp, "side": "right"}]))
    assert [pair.title for pair in found.head] == ["Заголовок"]
    assert len(found.stamps) == 1


def test_words_are_marked_and_nothing_is_lost():
    parts = word_parts("до 1 мая 2027 года", "до 15 мая 2027 года")
    assert [(part.kind, part.text) for part in parts] == [
        (SAME, "до "), (DELETED, "1"), (INSERTED, "15"), (SAME, " мая 2027 года"),
    ]


def test_a_huge_cell_is_shown_whole_instead_of_holding_the_server():
    parts = word_parts("слово " * 5000, "другое " * 5000)
    assert [part.kind for part in parts] == [DELETED, INSERTED]


def test_the_longest_rising_run_is_found():
    assert longest_rising([4, 1, 2, 3]) == [1, 2, 3]
    assert longest_rising([]) == []
