from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from projectoffice.common import russian

ROWS = "строка,строки,строк"


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, "строк"), (1, "строка"), (2, "строки"), (4, "строки"), (5, "строк"), (11, "строк"), (12, "строк"),
     (14, "строк"), (21, "строка"), (22, "строки"), (25, "строк"), (101, "строка"), (111, "строк"), (112, "строк"),
     (122, "строки"), (-1, "строка")],
)
def test_the_word_agrees_with_its_number(count, word):
    assert russian.plural(count, ROWS) == word


@pytest.mark.parametrize(
    ("value", "short", "long"),
    [(date(2027, 5, 14), "14.05.2027", "14\xa0мая 2027\xa0г."), ("2027-01-01", "01.01.2027", "1\xa0января 2027\xa0г."),
     (None, "–", "–"), ("", "–", "–"), ("февраль", "февраль", "февраль")],
)
def test_dates_are_written_the_russian_way_and_typed_words_stay(value, short, long):
    assert russian.date_short(value) == short
    assert russian.date_long(value) == long


def test_a_moment_is_told_in_the_time_zone_of_the_office():
    late = datetime(2027, 5, 14, 21, 30, tzinfo=UTC)
    with timezone.override("Europe/Samara"):
        assert russian.moment_short(late) == "15.05.2027, 01:30"
        assert russian.date_short(late) == "15.05.2027"


class TestDeadline:
    now = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)

    @pytest.fixture(autouse=True)
    def samara(self):
        with timezone.override("Europe/Samara"):
            yield

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (datetime(2027, 5, 21, 13, 0, tzinfo=UTC), "до\xa021\xa0мая, 17:00 · 7\xa0дней"),
            (datetime(2027, 5, 14, 9, 0, tzinfo=UTC), "до\xa014\xa0мая, 13:00 · сегодня"),
            (datetime(2027, 5, 15, 4, 0, tzinfo=UTC), "до\xa015\xa0мая, 08:00 · завтра"),
            (datetime(2028, 1, 4, 4, 0, tzinfo=UTC), "до\xa04\xa0января 2028\xa0г., 08:00 · 235\xa0дней"),
            (date(2027, 5, 16), "до\xa016\xa0мая · 2\xa0дня"),
            (date(2027, 5, 14), "до\xa014\xa0мая · сегодня"),
            (datetime(2027, 5, 12, 13, 0, tzinfo=UTC), "срок прошёл 12\xa0мая, 17:00 · 2\xa0дня назад"),
            (datetime(2027, 5, 14, 8, 59, tzinfo=UTC), "срок прошёл 14\xa0мая, 12:59 · сегодня"),
            (None, "–"),
            ("по мере готовности", "по мере готовности"),
        ],
    )
    def test_says_the_hour_and_the_days_left(self, value, words):
        assert russian.deadline(value, now=self.now) == words

    def test_a_day_without_an_hour_is_over_only_when_it_has_ended(self):
        evening = datetime(2027, 5, 14, 19, 59, tzinfo=UTC)
        assert russian.deadline(date(2027, 5, 14), now=evening).startswith("до")
        assert russian.deadline(date(2027, 5, 14), now=evening + timedelta(minutes=2)).startswith("срок прошёл")


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [(1250, None, "1250"), (12500, None, "12\xa0500"), (1234567, None, "1\xa0234\xa0567"), (0, None, "0"),
     (8.67, None, "8,67"), (Decimal("8.60"), None, "8,60"), (8.675, 2, "8,68"), (5, 2, "5,00"), (-3, None, "−3"),
     (-12500.5, 1, "−12\xa0500,5"), (None, None, "–"), ("", None, "–"), ("нет данных", None, "нет данных"),
     (float("nan"), None, "–")],
)
def test_numbers_have_a_comma_and_thousands_from_five_digits(value, places, words):
    assert russian.number(value, places) == words


@pytest.mark.parametrize(("value", "words"), [(87, "87\xa0%"), (0, "0\xa0%"), (12.5, "12,5\xa0%"), (None, "–")])
def test_percent_keeps_its_sign_beside_the_number(value, words):
    assert russian.percent(value) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0\xa0байт"), (1, "1\xa0байт"), (2, "2\xa0байта"), (1023, "1023\xa0байта"), (1024, "1\xa0КБ"),
     (340 * 1024, "340\xa0КБ"), (1024 * 1024 - 1, "1\xa0МБ"), (1_258_291, "1,2\xa0МБ"), (20 * 1024**2, "20\xa0МБ"),
     (3 * 1024**3, "3\xa0ГБ"), (None, "–")],
)
def test_file_sizes_are_what_people_say(size, words):
    assert russian.file_size(size) == words


@pytest.mark.parametrize(
    ("person", "words"),
    [("Орлова Наталья Петровна", "Орлова\xa0Н.П."), ("Орлова Н. П.", "Орлова\xa0Н.П."), ("Орлова Н.П.", "Орлова\xa0Н.П."),
     ("Мамедов Расул Алиевич", "Мамедов\xa0Р.А."), ("Руководители портфелей", "Руководители портфелей"),
     ("Городской Методический Центр", "Городской Методический Центр"), ("", "–"), (None, "–"),
     (SimpleNamespace(short_name="Белов\xa0С.И."), "Белов\xa0С.И.")],
)
def test_people_are_short_and_roles_stay_as_typed(person, words):
    assert russian.person_short(person) == words


@pytest.mark.parametrize(("made", "words"), [
    (russian.full_stop("Руководит Вербина Н.А."), "Руководит Вербина Н.А."), (russian.full_stop("Руководит Ким"), "Руководит Ким."),
    (russian.full_stop("Кто?"), "Кто?"), (russian.small_first("Заместитель директора"), "заместитель директора"),
    (russian.small_first("МБОУ школа"), "МБОУ школа"), (russian.small_first("И.о. директора"), "и.о. директора"),
    (russian.dialled("8 (000) 00-12-34, доб. 5"), "8000001234"), (russian.dialled("+7 000 001-23-45"), "+70000012345"), (russian.dialled("нет"), ""),
    (russian.until(date(2027, 5, 21), now=datetime(2027, 5, 21, 9, tzinfo=UTC)), "до\xa021\xa0мая")])
def test_sentences_end_once_phones_are_digits_and_letters_count_no_days(made, words):
    assert made == words
