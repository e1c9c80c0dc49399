"""The printed protocol, laid beside the rules of office work: both forms, every outcome, every vote. Pure: no database."""
import io

import pytest
from pypdf import PdfReader

from meetings.protocol.printed import (
    extract_content,
    full_stop,
    give_numbers,
    lower_first,
    protocol_content,
    resolution_lines,
    without_stop,
)
from projectoffice.common.lines import line
from projectoffice.documents.sheet import render_docx
from projectoffice.documents.sheet.pdf import draw_pdf
from projectoffice.documents.snapshot import SCHEMA, section_rows
from tests.documents.sheet_samples import stamp
from tests.documents.test_sheet_pdf import assert_archival


def participant(name, role="member", **changes):
    return {"name": name, "post": "методист", "role": role, "votes": role not in ("invited", "guest"), "attendance": "present",
            "person": None, "note": ""} | changes


def resolution(text, **changes):
    return {"uid": f"r-{text}", "number": "", "text": text, "is_charge": False, "executor": None, "executor_text": "", "co_executors": [],
            "controller": None, "institutions": [], "due": "", "due_start": None, "due_end": None, "is_permanent": False} | changes


def item(title, *resolutions, **changes):
    speakers = [{"text": each, "declined": changes.pop("declined", ""), "person": None} for each in changes.pop("speakers", ())]
    found = {"uid": f"i-{title}", "number": "", "title": title, "formula": "", "is_misc": False, "added": False, "inclusion_vote": None,
             "closed": False, "outcome": "considered", "outcome_note": "", "heard": [], "discussed": [], "vote": None, "plan_item": None,
             "plan_line": None, "speakers": speakers, "resolutions": [resolution(each) if isinstance(each, str) else each for each in resolutions],
             "children": []}
    assert changes.keys() <= found.keys()
    return found | changes


def source(*items, people=None, **changes):
    people = people or [participant("Орлова Н.П.", "chair"), participant("Сорокина А.И.", "secretary"), participant("Ёлкин И.И."),
                        participant("Белов С.И."), participant("Жукова О.О.")]
    voting = [each for each in people if each["votes"]]
    found = {
        "form": "full", "heading": "заседания Проектного офиса", "organization": "Департамент образования\nгорода Кленовска",
        "decided_word": "РЕШИЛИ", "attendance_limit": 15, "attachments": [], "opinions": [], "participants": people,
        "meeting": {"pk": 1, "uid": "u", "date": "2027-06-04", "start": "14:00:00", "end": None, "place": "каб. 21", "body": 1, "title": ""},
        "quorum": {"rule": "half", "members": len(voting), "present": sum(each["attendance"] == "present" for each in voting)},
        "items": give_numbers(list(items)),
    }
    return found | changes


def text_of(content):
    """The sections as lines of the paper, no-break spaces as ordinary ones."""
    found = []
    for section in content["sections"]:
        if section["kind"] == "pair":
            found.append(f"{section['left']} | {section['right']}")
            continue
        if section["title"]:
            found.append(section["title"])
        words = [each["text"] for each in section["lines"]]
        found += [f"{section['number']} {words[0]}", *words[1:]] if section.get("number") else words
    return [each.replace("\xa0", " ") for each in found]


def printed(*items, **changes):
    return text_of(protocol_content(source(*items, **changes)))


def after(lines, word):
    return lines[lines.index(word):]


SPOKEN = item("Подведение итогов", "Принять к сведению.", formula="О подведении итогов", speakers=["Белов С.И."], declined="Белова С.И.",
              heard=[line("Показатели достигнуты.")], discussed=[line("Ёлкин И.И. – предлагает продолжить.")],
              vote={"for": 4, "against": 0, "abstained": 1})


@pytest.mark.parametrize("decisions", [17, 19, 20, 22])
def test_signatures_stay_together_under_words_of_the_paper(decisions):
    signers = [stamp(name, "sign", place="foot", post=post, name=name)
               for post, name in (("Председатель", "Н.П. Орлова"), ("Секретарь", "А.И. Сорокина"))]
    content = protocol_content(source(item("О плане", *[f"Утвердить {number}." for number in range(decisions)])))
    rendered = draw_pdf(content | {"schema": SCHEMA, "kind": "protocol", "stamps": signers}, mode="ink", code="abc", check_url="http://x/v/abc/")
    last = PdfReader(io.BytesIO(rendered.pdf)).pages[-1].extract_text()
    assert "Утвердить" in last.split("Председатель")[0]
    assert "Н.П. Орлова" in last and "А.И. Сорокина" in last


class TestTheWholePaper:
    def test_the_full_form_word_for_word(self):
        misc = item("Разное", is_misc=True, children=[item("О сайте", "Обновить раздел.", "Снять с контроля."), item("О графике", "Утвердить.")])
        people = [
            participant("Орлова Н.П.", "chair"), participant("Сорокина А.И.", "secretary"), participant("Ёлкин И.И."), participant("Белов С.И."),
            participant("Жукова О.О.", attendance="absent"), participant("Ким А.В.", attendance="excused"),
            participant("Липатова Е.И.", "invited", post="директор МБОУ школы № 12"), participant("Неявкин Н.Н.", "guest", attendance="absent"),
        ]
        content = protocol_content(source(
            SPOKEN, item("Порядок смотра", outcome="postponed", outcome_note="Докладчик болен, на сентябрь", speakers=["Ким А.В."]), misc,
            people=people, attachments=["Текст доклада"], opinions=["Белов С.И. – срок слишком короткий"],
        ))
        assert content["head"] == {"above": ["Департамент образования", "города Кленовска"], "title": ["ПРОТОКОЛ", "заседания Проектного офиса"],
                                   "place": "каб. 21"}
        assert text_of(content) == [
            "Председатель – Орлова Н.П.",
            "Секретарь – Сорокина А.И.",
            "Присутствовали: Белов С.И., Ёлкин И.И., Орлова Н.П., Сорокина А.И.",
            "Отсутствовали: Жукова О.О., Ким А.В. (по уважительной причине).",
            "Приглашённые:",
            "Липатова Е.И., директор МБОУ школы № 12",
            "Присутствовали 4 из 6 членов, кворум имеется.",
            "ПОВЕСТКА ДНЯ:",
            "1. О подведении итогов.",
            "Докладчик – Белов С.И.",
            "2. Порядок смотра.",
            "Докладчик – Ким А.В.",
            "3. Разное.",
            "3.1. О сайте.",
            "3.2. О графике.",
            "1. СЛУШАЛИ:",
            "Белова С.И. – о подведении итогов.",
            "Показатели достигнуты.",
            "ВЫСТУПИЛИ:",
            "Ёлкин И.И. – предлагает продолжить.",
            "РЕШИЛИ:",
            "1.1. Принять к сведению.",
            "Голосовали: «за» – 4; «против» – нет; «воздержались» – 1.",
            "2. Порядок смотра",
            "Рассмотрение вопроса перенесено: докладчик болен, на сентябрь.",
            "3. Разное",
            "3.1. СЛУШАЛИ:",
            "О сайте.",
            "РЕШИЛИ:",
            "3.1.1. Обновить раздел.",
            "3.1.2. Снять с контроля.",
            "3.2. СЛУШАЛИ:",
            "О графике.",
            "РЕШИЛИ:",
            "3.2.1. Утвердить.",
            "ОСОБОЕ МНЕНИЕ:",
            "Белов С.И. – срок слишком короткий",
            "Приложение:",
            "Текст доклада.",
        ]

    def test_the_short_form_word_for_word(self):
        content = protocol_content(source(SPOKEN, item("Разное", children=[item("О сайте", "Обновить раздел.")]), form="short"))
        assert after(text_of(content), "Присутствовали 5 из 5 членов, кворум имеется.")[1:] == [
            "1. О подведении итогов (Белов С.И.)",
            "РЕШИЛИ:",
            "1.1. Принять к сведению.",
            "Голосовали: «за» – 4; «против» – нет; «воздержались» – 1.",
            "2. Разное",
            "2.1. О сайте",
            "РЕШИЛИ:",
            "2.1.1. Обновить раздел.",
        ]

    def test_either_form_is_printed_from_the_same_source(self):
        told = source(SPOKEN)
        assert text_of(protocol_content(told, form="short")) == text_of(protocol_content(told | {"form": "short"}))
        assert protocol_content(told, form="short")["source"]["items"] == told["items"]

    def test_it_is_accessible_and_archival_and_word_says_the_same(self):
        content = protocol_content(source(SPOKEN, attendance_limit=2))
        snapshot = {**content, "schema": 1, "head": content["head"] | {"date": "2027-06-04", "number": "5"}, "stamps": []}
        assert_archival(draw_pdf(snapshot, mode="ink"))
        import docx

        paragraphs = [each.text.replace("\t", " ").replace("\xa0", " ") for each in docx.Document(io.BytesIO(render_docx(snapshot))).paragraphs]
        assert [words for words in text_of(content) if words not in paragraphs] == []


class TestWhoWasThere:
    def test_a_list_above_the_limit_is_the_first_appendix(self):
        content = protocol_content(source(SPOKEN, attendance_limit=4, attachments=["Текст доклада"]), number="5")
        lines = text_of(content)
        assert "Присутствовали: 5 человек (список прилагается)." in lines
        assert after(lines, "Приложения:") == [
            "Приложения:", "Список присутствующих.", "Текст доклада.", "Приложение № 1", "к протоколу от 04.06.2027 № 5", "Список присутствующих",
            "Белов С.И., методист", "Ёлкин И.И., методист", "Жукова О.О., методист", "Орлова Н.П., методист", "Сорокина А.И., методист",
        ]
        places = [section.get("place") for section in content["sections"] if section.get("place")]
        assert places == ["appendix", "after", "after"]

    def test_at_the_limit_names_are_listed(self):
        lines = printed(SPOKEN, attendance_limit=5)
        assert "Присутствовали: Белов С.И., Ёлкин И.И., Жукова О.О., Орлова Н.П., Сорокина А.И." in lines
        assert not any("Список" in each for each in lines)

    def test_many_guests_are_counted_too_and_listed_after_the_body(self):
        guests = [participant(f"Гость{letter} А.А.", "guest") for letter in "абвг"]
        lines = printed(SPOKEN, people=[participant("Орлова Н.П.", "chair"), participant("Сорокина А.И.", "secretary"), *guests], attendance_limit=3)
        assert "Приглашённые: 4 человека (список прилагается)." in lines
        assert after(lines, "Список присутствующих")[1:4] == ["Орлова Н.П., методист", "Сорокина А.И., методист", "Приглашённые"]

    @pytest.mark.parametrize(("rule", "sentence"), [
        ("half", "Присутствовали 2 из 5 членов, кворум отсутствует."), ("two_thirds", "Присутствовали 2 из 5 членов, кворум отсутствует."),
        ("none", "Присутствовали 2 из 5 членов."),
    ])
    def test_the_quorum_is_said_by_the_rule_of_the_body(self, rule, sentence):
        assert sentence in printed(SPOKEN, quorum={"rule": rule, "members": 5, "present": 2})

    def test_nothing_is_said_of_those_who_are_not(self):
        lines = printed(SPOKEN)
        assert not any(each.startswith(("Отсутствовали", "Приглашённые")) for each in lines)


class TestVotes:
    @pytest.mark.parametrize(("vote", "words"), [
        ({"unanimous": True}, "Голосовали: единогласно."),
        ({"for": 12, "against": 0, "abstained": 0}, "Голосовали: «за» – 12; «против» – нет; «воздержались» – нет."),
        ({"for": 7, "against": 5, "abstained": 2}, "Голосовали: «за» – 7; «против» – 5; «воздержались» – 2."),
    ])
    def test_they_stand_after_the_decision_in_both_forms(self, vote, words):
        for form in ("full", "short"):
            assert printed(item("О плане", "Утвердить.", vote=vote), form=form)[-2:] == ["1.1. Утвердить.", words]

    def test_no_vote_is_normal(self):
        assert not any("Голосовали" in each for each in printed(item("О плане", "Утвердить.")))

    def test_an_added_question_tells_the_vote_on_its_inclusion(self):
        lines = printed(item("О школе", "Одобрить.", added=True, inclusion_vote={"unanimous": True}))
        assert after(lines, "Вопрос 1 включён в повестку дня дополнительно. Голосовали: единогласно.")[1] == "1. СЛУШАЛИ:"
        assert "Вопрос 1 включён в повестку дня дополнительно." in printed(item("О школе", "Одобрить.", added=True))


class TestQuestions:
    def test_the_decided_word_may_be_the_other_one(self):
        assert "ПОСТАНОВИЛИ:" in printed(item("О плане", "Утвердить."), decided_word="ПОСТАНОВИЛИ")

    def test_one_decision_is_numbered_too_and_several_in_their_order(self):
        lines = printed(item("О плане", "Утвердить."), item("О школе", "Одобрить.", "Продолжить."))
        assert [each for each in lines if each[:4] in ("1.1.", "2.1.", "2.2.")] == ["1.1. Утвердить.", "2.1. Одобрить.", "2.2. Продолжить."]

    def test_nobody_spoke_so_nothing_is_said_of_it(self):
        assert "ВЫСТУПИЛИ:" not in printed(item("О плане", "Утвердить."))

    def test_several_speakers_are_named_together(self):
        lines = printed(item("О плане", "Утвердить.", speakers=["Белов С.И.", "Ёлкин И.И."]))
        assert "Докладчики – Белов С.И., Ёлкин И.И." in lines
        assert "Белов С.И., Ёлкин И.И. – о плане." in lines, "a name nobody declined stays as it is"

    def test_a_title_without_the_formula_stands_as_it_is(self):
        assert "Белов С.И. по вопросу: Итоги полугодия." in printed(item("Итоги полугодия", "Утвердить.", speakers=["Белов С.И."]))

    def test_a_withdrawn_question_says_so_in_words(self):
        lines = printed(item("О плане", outcome="withdrawn"), item("О школе", outcome="withdrawn", outcome_note="Нет материалов"))
        assert lines[-4:] == ["1. О плане", "Вопрос снят с повестки дня.", "2. О школе", "Вопрос снят с повестки дня: нет материалов."]

    @pytest.mark.parametrize(("note", "said"), [
        ("на сентябрь: тексты не собраны", "Рассмотрение вопроса перенесено на сентябрь: тексты не собраны."),
        ("из-за болезни докладчика", "Рассмотрение вопроса перенесено из-за болезни докладчика."),
        ("Подготовка не закончена", "Рассмотрение вопроса перенесено: подготовка не закончена."),
        ("На заседании не было докладчика", "Рассмотрение вопроса перенесено: на заседании не было докладчика."),
        ("нанят новый докладчик", "Рассмотрение вопроса перенесено: нанят новый докладчик."),
    ])
    def test_why_a_question_is_put_off_goes_on_with_the_sentence_or_follows_a_colon(self, note, said):
        assert printed(item("О плане", outcome="postponed", outcome_note=note))[-1] == said

    def test_a_point_of_the_plan_begins_with_a_capital_letter(self):
        lines = printed(item("О плане", children=[item("ведущие площадок", "Утвердить.", speakers=["Белов С.И."])]))
        assert "1.1. Ведущие площадок." in lines
        assert "Белов С.И. по вопросу: Ведущие площадок." in lines

    def test_a_question_that_was_heard_and_put_off_tells_both(self):
        lines = printed(item("О плане", "Доработать.", outcome="postponed", heard=[line("Обсудили.")]))
        assert after(lines, "1. СЛУШАЛИ:") == ["1. СЛУШАЛИ:", "О плане.", "Обсудили.", "РЕШИЛИ:", "1.1. Доработать.", "Рассмотрение вопроса перенесено."]

    def test_sub_questions_and_decisions_of_one_question_never_share_a_number(self):
        lines = printed(item("О плане", "Утвердить.", heard=[line("Общее.")], children=[item("О сроках", "Продлить."), item("О людях")]))
        numbers = [each.split(" ")[0] for each in lines if each[0].isdigit()]
        assert numbers == ["1.", "1.1.", "1.2.", "1.", "1.1.", "1.1.1.", "1.2.", "1.3."]

    def test_every_piece_has_a_uid_of_its_own(self):
        content = protocol_content(source(SPOKEN, item("О плане", "Утвердить."), attendance_limit=1, opinions=["Мнение"], attachments=["Доклад"]))
        uids = [row["uid"] for section in content["sections"] for row in section_rows(section)]
        assert len(uids) == len(set(uids)) == len(content["sections"])
        assert {"i-Подведение итогов", "r-Принять к сведению.", "r-Утвердить."} <= set(uids)


CHARGE = {"is_charge": True, "executor_text": "Белову С.И.", "due": "до 1 июля 2027 г."}


class TestCharges:
    @pytest.mark.parametrize(("text", "changes", "words"), [
        ("Представить отчёт.", CHARGE, ["Белову С.И. представить отчёт в срок до 1 июля 2027 г."]),
        ("Представить отчёт", CHARGE | {"due": "июнь 2027 г."}, ["Белову С.И. представить отчёт, срок – июнь 2027 г."]),
        ("Вести учёт.", CHARGE | {"executor_text": "всем школам", "due": "постоянно"}, ["Всем школам вести учёт, срок – постоянно."]),
        ("Обеспечить явку.", CHARGE | {"executor_text": "руководителям школ", "due": ""}, ["Руководителям школ обеспечить явку."]),
        ("Представить отчёт.", CHARGE | {"executor_text": "Белов С.И."}, ["Представить отчёт.", "Ответственный: Белов С.И.; срок: до 1 июля 2027 г."]),
        ("Утвердить план.", CHARGE, ["Утвердить план.", "Поручить: Белову С.И.; срок: до 1 июля 2027 г."]),
        ("Поручить Белову С.И. представить отчёт.", CHARGE, ["Поручить Белову С.И. представить отчёт в срок до 1 июля 2027 г."]),
        ("Белову С.И. представить отчёт до 1 июля 2027 г.", CHARGE, ["Белову С.И. представить отчёт до 1 июля 2027 г."]),
        ("Представить отчёт.", CHARGE | {"executor_text": ""}, ["Представить отчёт в срок до 1 июля 2027 г."]),
        ("Принять к сведению.", CHARGE | {"is_charge": False}, ["Принять к сведению."]),
        ("Первое.\nВторое.", CHARGE, ["Первое.", "Второе.", "Поручить: Белову С.И.; срок: до 1 июля 2027 г."]),
        ("Представить отчёт.", CHARGE | {"helpers": ["Ким А.В.", "Ёлкина А.А."], "controlled_by": "Орлова Н.П."},
         ["Белову С.И. представить отчёт в срок до 1 июля 2027 г.", "Соисполнители: Ким А.В., Ёлкина А.А.; контроль: Орлова Н.П."]),
        ("Представить отчёт.", CHARGE | {"executor_text": "Белов С.И.", "helpers": ["Ким А.В."], "controlled_by": "Орлова Н.П."},
         ["Представить отчёт.", "Ответственный: Белов С.И.; соисполнитель: Ким А.В.; срок: до 1 июля 2027 г.; контроль: Орлова Н.П."]),
    ])
    def test_who_and_until_when(self, text, changes, words):
        assert [each["text"].replace("\xa0", " ") for each in resolution_lines(resolution(text, **changes))] == words

    @pytest.mark.parametrize(("due", "days", "printed"), [
        ("до 1 июля", (None, "2027-07-01"), "в срок до 1 июля 2027 г."),
        ("до 01.07", (None, "2027-07-01"), "в срок до 01.07.2027."),
        ("май", ("2028-05-01", "2028-05-31"), ", срок – май 2028 г."),
        ("с 1 июня по 15 июля", ("2027-06-01", "2027-07-15"), ", срок – с 1 июня по 15 июля 2027 г."),
        ("с 25 декабря по 15 января", ("2027-12-25", "2028-01-15"), ", срок – с 25 декабря 2027 г. по 15 января 2028 г."),
        ("до 1 июля 2027 г.", (None, "2027-07-01"), "в срок до 1 июля 2027 г."),
        ("до 1 марта, 17.00", (None, "2027-03-01"), "в срок до 1 марта 2027 г., 17.00."),
        ("ежегодно до 1 мая", (None, "2027-05-01"), ", срок – ежегодно до 1 мая."),
        ("до 1 июля", (None, None), "в срок до 1 июля."),
    ])
    def test_a_term_is_printed_with_its_year(self, due, days, printed):
        [words] = resolution_lines(resolution("Представить отчёт.", **CHARGE | {"due": due, "due_start": days[0], "due_end": days[1]}))
        assert words["text"].replace("\xa0", " ").endswith(printed)

    def test_a_term_in_the_words_of_the_decision_is_not_said_again_with_its_year(self):
        text = "Белову С.И. представить отчёт до 1 июля."
        [words] = resolution_lines(resolution(text, **CHARGE | {"due": "до 1 июля", "due_end": "2027-07-01"}))
        assert words["text"] == text

    def test_day_month_and_year_are_not_torn_apart(self):
        [words] = resolution_lines(resolution("Представить отчёт.", **CHARGE))
        assert "1\xa0июля 2027\xa0г." in words["text"] and "Белову\xa0С.И." in words["text"]


class TestExtract:
    SNAPSHOT = {
        "source": source(SPOKEN, item("О плане", "Утвердить.", "Опубликовать."), item("Тайна", "Наградить.", closed=True),
                         item("Разное", children=[item("О сайте", "Обновить.")]), attendance_limit=3),
        "head": {"number": "5", "date": "2027-06-04"},
        "stamps": [{"place": "foot", "kind": "sign", "post": "Председатель", "name": "Н.П. Орлова"},
                   {"place": "foot", "kind": "sign", "post": "Секретарь", "name": "А.И. Сорокина"},
                   {"place": "head", "kind": "agree", "post": "Юрист", "name": "И.И. Жук"}],
    }

    def test_chosen_decisions_keep_their_numbers(self):
        content = extract_content(self.SNAPSHOT, ["r-Опубликовать.", "r-Обновить."], original="Подлинник – в деле № 1.")
        assert content["head"]["title"] == ["ВЫПИСКА ИЗ ПРОТОКОЛА", "заседания Проектного офиса"]
        assert (content["head"]["number"], content["head"]["date"]) == ("5", "2027-06-04")
        assert text_of(content) == [
            "Председатель – Орлова Н.П.", "Секретарь – Сорокина А.И.", "Присутствовали: 5 человек.", "Присутствовали 5 из 5 членов, кворум имеется.",
            "ПОВЕСТКА ДНЯ:", "2. О плане.", "4. Разное.", "4.1. О сайте.", "2. СЛУШАЛИ:", "О плане.", "РЕШИЛИ:", "2.2. Опубликовать.",
            "4. Разное", "4.1. СЛУШАЛИ:", "О сайте.", "РЕШИЛИ:", "4.1.1. Обновить.",
            "Председатель | Н.П. Орлова", "Секретарь | А.И. Сорокина", "Подлинник – в деле № 1.",
        ]

    def test_nothing_else_of_the_protocol_goes_along(self):
        content = extract_content(self.SNAPSHOT, ["r-Опубликовать."])
        assert "source" not in content
        for word in ("Тайна", "Наградить", "Показатели", "Обновить", "Утвердить", "предлагает"):
            assert word not in str(content)
        assert "Показатели" in str(extract_content(self.SNAPSHOT, ["r-Принять к сведению."])), "the control"

    def test_what_was_said_in_the_debate_stays_in_the_protocol(self):
        assert "предлагает" not in str(extract_content(self.SNAPSHOT, ["r-Принять к сведению."]))


@pytest.mark.parametrize(("text", "stopped", "bare"), [
    ("Принять", "Принять.", "Принять"), ("Принять.", "Принять.", "Принять"), ("до 2027 г.", "до 2027 г.", "до 2027 г."),
    ("Белов С.И.", "Белов С.И.", "Белов С.И."), ("планы и т.д.", "планы и т.д.", "планы и т.д."), ("«Наставник»", "«Наставник».", "«Наставник»"),
    ("Когда?", "Когда?", "Когда?"), ("", "", ""),
])
def test_a_full_stop_stands_once_and_goes_where_it_is_not_part_of_a_short_form(text, stopped, bare):
    assert (full_stop(text), without_stop(text)) == (stopped, bare)


@pytest.mark.parametrize(("text", "words"), [
    ("Об итогах", "об итогах"), ("Белов С.И. болен", "Белов С.И. болен"), ("ФГОС не готов", "ФГОС не готов"), ("", ""),
])
def test_a_first_letter_goes_down_unless_it_is_a_name(text, words):
    assert lower_first(text) == words
