"""What is typed into a search as a question to the database, and the marks that come back."""
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projectoffice.common.found_words import pieces, question, shortened
from projectoffice.common.text import scrub

pytestmark = pytest.mark.django_db


def finds(text, typed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_tsvector('russian', %s) @@ to_tsquery('russian', %s)", [text, question(typed)])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("text", "typed"), [
    ("Материал для урока", "материалы"), ("Материалы для урока", "материал"), ("Журнал наблюдений", "журналы"), ("Журналов", "журнал"),
    ("Дети и книга", "ребенок"), ("Сценарии праздников", "сценарий праздника"), ("Журнал и сборник", "сборник -выпускной"),
    ("Порядок смотра проектов", '"порядок смотра"'), ("Сборник", "слоны или сборники"), ("Сборник", "слоны OR сборники"),
    ("Научно-практическая работа", "научно-практический"), ("Класс 3Д", "3Д"), ("Сценарий", "  сценарий  ,"),
])
def test_a_word_finds_its_other_forms(text, typed):
    assert finds(text, typed)


@pytest.mark.parametrize(("text", "typed"), [
    ("Журнал и сборник", "журнал -сборники"), ("Смотр: порядок", '"порядок смотра"'), ("Сборник", "слоны"), ("Сборник", ""), ("Сборник", "и"),
    ("Сборник", "сборник слоны"), ("Сборник", "- "), ("Сборник", '""'), ("Сборник", "или"),
])
def test_what_was_not_asked_for_is_not_found(text, typed):
    assert not finds(text, typed)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.text(alphabet="'\"\\()&|!<->:* абor-", max_size=40))
def test_no_typing_breaks_the_question(typed):
    finds("Журнал", scrub(typed))


def test_pieces_tell_found_words_from_the_rest():
    assert pieces("о \x02смотре\x03 проектов") == [("о ", False), ("смотре", True), (" проектов", False)]
    assert shortened("одно слово и ещё", 8) == "одно …" and shortened("одно", 8) == "одно"
