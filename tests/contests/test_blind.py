"""What is covered in the words of a work whose makers are hidden."""
import pytest

from contests.sheet.blind import COVER, covered

CONTENT = {
    "institution": {"name": "МБОУ школа №\xa05 «Искра»"}, "partners": [{"name": "МАОУ лицей «Точка роста»"}],
    "authors": [{"name": "семёнова вера олеговна"}, {"name": "Ли Анна Борисовна"}],
}


@pytest.mark.parametrize("words", [
    "Школа 5", "СОШ №5", "в школе-5", "МБОУ 5", "5-я школа", "школа «ИСКРА»", "«Искре»", "Искры", "лицея «Точки роста»", "ТОЧКА РОСТА", "№ 5",
    "семеновой", "В.О. Семёновой", "СЕМЁНОВА ВЕРА", "Веры Семёновой", "вера олеговна", "Ли", "А.Б. Ли", "Анной Борисовной",
])
def test_names_are_covered_however_they_are_written(words):
    told = covered(CONTENT)(f"Нам помогала {words}, спасибо")
    assert COVER in told and told.endswith(", спасибо")
    assert not [each for each in words.split() if len(each.strip("«».,")) > 1 and each.strip("«».,").lower() not in ("школа", "лицея", "в") and each in told], told


@pytest.mark.parametrize("words", ["5 школ приняли участие", "Школа 51", "№ 50", "искра интереса", "точка роста показателей", "Лист оценки", "все семена", "вера в себя"])
def test_other_words_stay(words):
    assert covered(CONTENT)(words) == words
