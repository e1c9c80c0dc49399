"""The fulfilment of an issued plan: what is read, the office's marks, the page, the paper and the table."""
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings import fulfilment
from meetings.fulfilment import judging, printing
from meetings.models import Meeting, MeetingPlan, PlanLineMark, Protocol
from meetings.services.fulfilment import mark_line, unmark_line
from meetings.services.rows import add_row, remove_row, save_cell
from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.sheets import write_xlsx
from projectoffice.common.uploads import store_upload
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import record_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send
from tests.documents.test_sheet_pdf import assert_archival, text_of
from tests.documents.uploads import pdf_upload
from tests.factories import AgendaItemFactory, MeetingFactory, MeetingPlanFactory, StampFactory
from tests.meetings.protocols import issue_edition, issued_protocol, question, source_of

pytestmark = pytest.mark.django_db
DAY = date(2027, 6, 15)
ROWS = [
    ("1.", "Итоги первого полугодия.\nЕдиная форма отчёта.", "февраль"),
    ("2.", "Документы смотра:\n– приказ;\n– положение;\n– состав жюри.", "март"),
    ("3.", "Итоги года", "декабрь"),
    ("4.", "Разное", "в начале осени"),
]


@pytest.fixture
def plan(cast):
    plan = MeetingPlanFactory(by=cast.secretary)
    for label, topics, term in ROWS:
        add_row(plan, by=cast.secretary, values={"label": label, "topics": topics, "term": term}, after=last(plan))
    StampFactory(document=plan.document, kind="approve", signer=cast.office_head, method="ink")
    return issued(plan, cast)


def last(plan):
    return plan.items.present().order_by("position").last()


def issued(plan, cast):
    document = send(MeetingPlan.objects.get(pk=plan.pk).document, by=cast.secretary)
    for stamp in document.stamps.active():
        record_ink(stamp, by=cast.secretary, signed_on=timezone.localdate())
    return fresh(plan)


def fresh(plan):
    return MeetingPlan.objects.select_related("document__in_force", "body").get(pk=plan.pk)


def row(plan, label):
    return plan.items.get(label=label)


def asked(plan, label, place, *, meeting=None, text=None, outcome="considered", **more):
    """A question of a meeting made of a line of the plan; held in February unless another meeting is given."""
    item = row(plan, label)
    meeting = meeting or MeetingFactory(body=plan.body, plan=plan, date=date(2027, 2, 12), state=Meeting.State.HELD)
    text = item.topics[place]["text"] if text is None else text
    return AgendaItemFactory(meeting=meeting, title=text, plan_item=item, plan_line=place, plan_text=text, outcome=outcome, **more)


def read(plan, cast, day=DAY):
    return fulfilment.fulfilment_of(fresh(plan), cast.secretary, day)


def words(plan, cast, day=DAY):
    """{label: [words of each line]}."""
    return {done.row.label: [each.state.words.replace("\xa0", " ") for each in done.lines] for done in read(plan, cast, day).rows}


def line(plan, cast, label, place=0, day=DAY):
    return next(each for done in read(plan, cast, day).rows if done.row.label == label for each in done.lines if each.line.place == place)


def test_lines_of_the_plan_in_force_are_told_by_meetings_and_terms(plan, cast):
    asked(plan, "1.", 0)
    asked(plan, "1.", 1, outcome="postponed", outcome_note="нет данных")
    assert words(plan, cast) == {
        "1.": ["Проведено 12.02.2027", "Перенесено"], "2.": ["Не проведено"], "3.": ["Предстоит"], "4.": ["Предстоит"]}
    assert line(plan, cast, "1.", 1).state.reason == "нет данных"
    assert words(plan, cast, date(2028, 1, 1))["4."] == ["Не проведено"]


def test_sub_questions_of_an_agenda_are_counted(plan, cast):
    top = asked(plan, "2.", 0, outcome="")
    for text, outcome in (("приказ", "considered"), ("положение", "considered"), ("состав жюри", "postponed")):
        AgendaItemFactory(meeting=top.meeting, parent=top, title=text, outcome=outcome)
    assert words(plan, cast)["2."] == ["Рассмотрено частично, 2 из 3"]


def test_a_question_taken_from_the_agenda_says_nothing(plan, cast):
    item = asked(plan, "1.", 0)
    assert words(plan, cast)["1."][0] == "Проведено 12.02.2027"
    item.position = None
    item.save()
    assert words(plan, cast)["1."][0] == "Не проведено"


def test_the_protocol_in_force_outweighs_what_is_being_changed_beside_it(plan, cast):
    item = asked(plan, "1.", 0, outcome_note="перенесён до осени")
    document = issued_protocol(question("Итоги", uid=item.uid), meeting=item.meeting, number="7")
    Document.objects.filter(pk=document.pk).update(state=Document.State.DRAFT)  # a revision is being prepared
    item.outcome = "postponed"
    item.save()
    added = asked(plan, "1.", 1, meeting=item.meeting)
    state = line(plan, cast, "1.").state
    assert (state.words, state.reason) == ("Проведено 12.02.2027", "")
    assert [(meeting.number, meeting.protocol) for meeting in state.meetings] == [("7", Protocol.objects.get(document=document).pk)]
    assert line(plan, cast, "1.", 1).state.code == "not_held"  # written in the revision alone
    issue_edition(document, source_of(item.meeting, question("Итоги", uid=item.uid, outcome="postponed"), question("Форма", uid=added.uid)))
    assert words(plan, cast)["1."] == ["Перенесено", "Проведено 12.02.2027"]


def test_a_line_removed_from_the_draft_is_told_until_the_new_edition_and_changed_words_are_found_by_place(plan, cast):
    asked(plan, "3.", 0)
    mark_line(plan, row(plan, "4.").uid, 0, by=cast.secretary, verdict="cancelled", reason="не нужно", version=0, edition=1)
    revise(plan.document, by=cast.secretary, basis="приказа")
    item = row(plan, "3.")
    save_cell(item, "topics", "Новая тема\nСовсем другие слова", version=item.version, by=cast.secretary)
    remove_row(row(plan, "1."), by=cast.secretary)
    before = words(plan, cast)
    assert before["3."] == ["Проведено 12.02.2027"] and "1." in before
    plan = issued(plan, cast)
    assert words(plan, cast)["3."] == ["Проведено 12.02.2027", "Предстоит"] and "1." not in words(plan, cast)
    assert line(plan, cast, "3.").state.remarks == (judging.WORDS_CHANGED,)
    assert words(plan, cast)["4."] == ["Снято"]


def test_a_question_whose_line_is_gone_is_told_beside_its_row(plan, cast):
    asked(plan, "1.", 1)
    revise(plan.document, by=cast.secretary, basis="приказа")
    item = row(plan, "1.")
    save_cell(item, "topics", "Итоги первого полугодия.", version=item.version, by=cast.secretary)
    plan = issued(plan, cast)
    done = next(done for done in read(plan, cast).rows if done.row.label == "1.")
    assert done.strays == ("Единая форма отчёта.",)


def test_reading_asks_as_many_queries_for_few_and_for_many(plan, cast):
    def cost():
        current = fresh(plan)
        with CaptureQueriesContext(connection) as captured:
            fulfilment.fulfilment_of(current, cast.secretary, DAY)
        return len(captured)

    issued_protocol(question("Итоги", uid=asked(plan, "1.", 0).uid), meeting=Meeting.objects.get())
    mark_line(plan, row(plan, "3.").uid, 0, by=cast.secretary, verdict="cancelled", reason="x", version=0, edition=1)
    few = cost()
    for number in range(4):
        meeting = MeetingFactory(body=plan.body, plan=plan, date=date(2027, 3, 1 + number), state="held")
        issued_protocol(question("Форма", uid=asked(plan, "1.", 1, meeting=meeting).uid), meeting=meeting)
    for label in ("1.", "2.", "4."):
        mark_line(plan, row(plan, label).uid, 0, by=cast.secretary, verdict="cancelled", reason="x", version=0, edition=1)
    assert cost() == few <= 6


# ── the office's marks ───────────────────────────────────────────────────────────────────────────────────


def mark(plan, by, label="3.", place=0, **more):
    said = {"verdict": "moved", "moved_to": "на январь", "reason": "отпуск", "version": 0, "edition": 1} | more
    return mark_line(fresh(plan), row(plan, label).uid, place, by=by, **said)


def unmark(plan, by, version, label="3."):
    return unmark_line(fresh(plan), row(plan, label).uid, 0, by=by, version=version, edition=1)


def test_a_mark_outweighs_meetings_and_can_be_taken_back(plan, cast):
    asked(plan, "3.", 0)
    mark(plan, cast.secretary)
    state = line(plan, cast, "3.").state
    assert (state.words, state.reason) == ("Перенесено на январь", "отпуск")
    unmark(plan, cast.secretary, 1)
    unmark(plan, cast.secretary, 1)
    assert words(plan, cast)["3."] == ["Проведено 12.02.2027"]
    verbs = [event.verb for event in history_of(plan.document)][:2]
    assert verbs == ["unmark_line", "mark_line"]
    assert "«Итоги года»: перенесено на январь (отпуск)" in history_of(plan.document)[1].sentence


def test_the_same_mark_sent_twice_is_one(plan, cast):
    first, second = mark(plan, cast.secretary), mark(plan, cast.secretary)
    assert first.pk == second.pk and PlanLineMark.objects.count() == 1
    assert history_of(plan.document).filter(verb="mark_line").count() == 1


@pytest.mark.parametrize(("values", "field"), [
    ({"verdict": "held"}, "date"), ({"verdict": "partly"}, "date"), ({"verdict": "moved", "reason": " "}, "reason"),
    ({"verdict": "cancelled", "reason": ""}, "reason"), ({"verdict": "not_held", "reason": ""}, "reason"), ({"verdict": "x"}, "verdict"),
    ({"verdict": "held", "date": timezone.localdate() + timedelta(days=2)}, "date"),
])
def test_what_a_verdict_needs_is_asked_for(plan, cast, values, field):
    with pytest.raises(ValidationError) as refusal:
        mark(plan, cast.secretary, **values)
    assert list(refusal.value.message_dict) == [field]
    assert not PlanLineMark.objects.exists()


def test_only_what_belongs_to_the_verdict_is_kept(plan, cast):
    kept = mark(plan, cast.secretary, verdict="held", date=date(2026, 1, 5))
    assert (kept.date, kept.moved_to, kept.reason) == (date(2026, 1, 5), "", "отпуск")
    assert mark(plan, cast.secretary, version=1, date=date(2026, 1, 5)).date is None


def test_two_tabs_do_not_overwrite_each_other_even_over_a_mark_taken_back(plan, cast):
    mark(plan, cast.secretary)
    with pytest.raises(StaleVersion) as stale:
        mark(plan, cast.office_head, verdict="cancelled")
    assert stale.value.current.verdict == "moved"
    unmark(plan, cast.secretary, 1)
    for version in (0, 1):
        with pytest.raises(StaleVersion):
            mark(plan, cast.office_head, verdict="cancelled", version=version)
    assert mark(plan, cast.office_head, verdict="cancelled", version=2).version == 3


def test_marks_follow_their_lines_and_a_line_lost_keeps_its_mark_aside(plan, cast):
    mark(plan, cast.secretary, "1.", 0, verdict="cancelled", reason="первая")
    mark(plan, cast.secretary, "1.", 1, verdict="cancelled", reason="вторая")
    revise(plan.document, by=cast.secretary, basis="приказа")
    item = row(plan, "1.")
    save_cell(item, "topics", "Единая форма отчёта.\nНовая", version=item.version, by=cast.secretary)
    plan = issued(plan, cast)
    assert line(plan, cast, "1.", 0).state.reason == "вторая"
    assert not line(plan, cast, "1.", 1).is_marked
    mark(plan, cast.secretary, "1.", 1, verdict="not_held", reason="новая", edition=2)
    mark(plan, cast.secretary, "1.", 0, verdict="not_held", reason="изменено", version=1, edition=2)
    connection.check_constraints()
    assert sorted(PlanLineMark.objects.values_list("line", "reason")) == [(0, "изменено"), (1, "новая"), (2, "первая")]


def test_marks_are_for_the_office_and_for_lines_of_the_plan_in_force(plan, cast):
    for person in (cast.department_head, cast.member_of_school_a):
        with pytest.raises(PermissionDenied):
            mark(plan, person)
    for more in ({"edition": 2}, {"place": 7}, {"label": "2.", "place": 1}):
        with pytest.raises(TransitionNotAllowed):
            mark(plan, cast.secretary, **more)
    draft = MeetingPlanFactory(body=plan.body, year=2028, by=cast.secretary)
    item = add_row(draft, by=cast.secretary, values={"topics": "Тема"})
    with pytest.raises(TransitionNotAllowed):
        mark_line(draft, item.uid, 0, by=cast.secretary, verdict="cancelled", reason="x", version=0, edition=1)
    assert not PlanLineMark.objects.exists()


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────


def address(plan, name="plan_fulfilment"):
    return reverse(f"meetings:{name}", args=[plan.pk])


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\xa0", " ")


def test_the_page_tells_the_lines_and_how_much_is_done(plan, cast, client):
    asked(plan, "1.", 0)
    client.force_login(cast.office_head)
    found = plain(client.get(address(plan)))
    assert "Проведено 12.02.2027" in found and "Проведённый вопрос идёт в счёт целиком" in found
    assert "Вопросов в плане: 5 – проведено 1," in found
    client.force_login(cast.department_head)
    assert "Отметить" not in plain(client.get(address(plan)))


def test_a_draft_and_an_annulled_plan_explain_themselves_and_have_no_paper(plan, cast, client):
    client.force_login(cast.secretary)
    draft = MeetingPlanFactory(body=plan.body, year=2028, by=cast.secretary)
    record_annulment(plan.document, by=cast.secretary, act="приказ № 7", scan=store_upload(pdf_upload(), by=cast.secretary))
    for each, sentence in ((draft, "План ещё не утверждён."), (plan, "План отменён.")):
        assert sentence in plain(client.get(address(each)))
        for name in ("plan_fulfilment_pdf", "plan_fulfilment_docx", "plan_fulfilment_xlsx"):
            assert client.get(address(each, name)).status_code == 404
        assert client.post(reverse("meetings:plan_line_mark", args=[each.pk, row(plan, "1.").uid, 0])).status_code == 404


def marking(plan, label="3.", verb="mark"):
    return reverse(f"meetings:plan_line_{verb}", args=[plan.pk, row(plan, label).uid, 0])


def test_marking_in_place_keeps_the_typed_text_and_tells_what_lacks(plan, cast, client):
    client.force_login(cast.secretary)
    opened = plain(client.get(address(plan), {"line": f"{row(plan, '3.').uid}.0"}))
    assert "Сохранить отметку" in opened
    refused = client.post(marking(plan), {"verdict": "moved", "moved_to": "январь набранный", "version": 0, "edition": 1})
    assert refused.status_code == 422 and "Назовите причину" in plain(refused) and "январь набранный" in refused.content.decode()
    done = client.post(marking(plan), {"verdict": "moved", "moved_to": "январь", "reason": "отпуск", "version": 0, "edition": 1}, follow=True)
    assert done.redirect_chain[-1][0].endswith(f"#line-{row(plan, '3.').uid}.0")
    assert "Перенесено на январь" in plain(done) and "Вернуть как по заседаниям" in plain(done)
    back = client.post(marking(plan, verb="unmark"), {"version": 1, "edition": 1}, follow=True)
    assert "Отметка снята" in plain(back) and not line(plan, cast, "3.").is_marked


def test_the_second_tab_sees_both_texts(plan, cast, client):
    mark(plan, cast.office_head, reason="слова первой вкладки")
    client.force_login(cast.secretary)
    late = client.post(marking(plan), {"verdict": "cancelled", "reason": "слова второй вкладки", "version": 0, "edition": 1})
    text = late.content.decode()
    assert late.status_code == 422 and "слова первой вкладки" in text and "слова второй вкладки" in text
    assert PlanLineMark.objects.get().reason == "слова первой вкладки"
    again = client.post(marking(plan), {"verdict": "cancelled", "reason": "слова второй вкладки", "version": 1, "edition": 1})
    assert again.status_code == 302 and PlanLineMark.objects.get().reason == "слова второй вкладки"


@pytest.mark.parametrize("data", [
    {}, {"verdict": "x", "version": "a", "edition": "9" * 40}, {"verdict": "held", "date": "99.99.9999", "version": 0, "edition": 1},
    {"verdict": "moved", "reason": "\x00", "version": 0, "edition": 1}, {"verdict": "moved", "reason": "п" * 501, "version": 0, "edition": 1},
    {"verdict": "cancelled", "reason": "x", "version": 0, "edition": 99},
])
def test_bad_input_is_answered_in_words(plan, cast, client, data):
    client.force_login(cast.secretary)
    assert client.post(marking(plan), data).status_code == 422
    assert client.post(marking(plan, verb="unmark"), data).status_code == 302
    assert not PlanLineMark.objects.exists()


def test_the_page_of_a_long_plan_costs_as_many_queries(plan, cast, client):
    client.force_login(cast.secretary)

    def cost():
        client.get(address(plan))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(plan))
        return len(captured)

    asked(plan, "1.", 0)
    few = cost()
    for label in ("1.", "2.", "3.", "4."):
        mark(plan, cast.secretary, label, verdict="cancelled")
        asked(plan, label, 0, meeting=MeetingFactory(body=plan.body, date=date(2027, 3, 3), state="held"))
    assert cost() == few <= 20


# ── the paper and the table ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def carried_out(plan, cast):
    issued_protocol(question("Итоги", uid=asked(plan, "1.", 0).uid), meeting=Meeting.objects.get(), number="5")
    mark(plan, cast.secretary, "3.", verdict="partly", date=date(2026, 1, 5))
    mark(plan, cast.secretary, "4.", verdict="cancelled", reason="не нужно")
    return read(plan, cast)


def test_page_paper_and_table_say_the_same_numbers(carried_out, plan, cast, client):
    office = OfficeProfile(name="Проектный офис", department="Департамент образования")
    paper = re.sub(r"\s+", " ", " ".join(text_of(sheet_of(carried_out, office)))).replace("\xa0", " ")
    table = list(openpyxl.load_workbook(io.BytesIO(xlsx_of(carried_out))).active.values)
    for group in [*carried_out.groups, carried_out.total]:
        assert (group.title, group.total, group.held, group.partly, group.moved, group.cancelled, group.not_held, group.ahead,
                group.percent) in table
        percent = "–" if group.percent is None else f"{group.percent} %"
        assert f"{group.title} {group.total} {printing.parts_words(group)} {percent}" in paper
    for sentence in ("Информация о выполнении плана заседаний", "на 2027 год", "(по состоянию на 15.06.2027)", "Департамент образования",
                     "Проведено 12.02.2027 протокол № 5 от 12.02.2027", "Снято", "не нужно", "Выполнение по месяцам Срок Вопросов Из них Выполнено",
                     "Руководитель Проектного офиса __________________ А.И. Орлова"):
        assert sentence in paper, sentence
    states = [cells[3] for cells in table[1:6]]
    assert states == ["Проведено 12.02.2027\nпротокол № 5 от 12.02.2027", "Не проведено", "Не проведено", "Рассмотрено частично", "Снято"]
    client.force_login(cast.secretary)
    page = plain(client.get(address(plan)))
    today = fulfilment.fulfilment_of(plan, cast.secretary, timezone.localdate())
    for group in [*today.groups, today.total]:
        numbers = f"{group.total} {group.held} {group.partly} {group.moved} {group.cancelled} {group.not_held} {group.ahead}"
        assert f"{group.title} {numbers} {'–' if group.percent is None else f'{group.percent} %'}" in page


def test_a_meeting_put_off_without_a_day_and_a_head_who_left_are_told_so(plan, cast, client):
    asked(plan, "1.", 0, meeting=MeetingFactory(body=plan.body, plan=plan, date=None, moved_from=date(2027, 2, 12), state=Meeting.State.MOVED))
    client.force_login(cast.secretary)
    assert "заседание без дня, было назначено на 12.02.2027" in plain(client.get(address(plan)))
    assert printing.snapshot_of(read(plan, cast), OfficeProfile.load())["stamps"][0]["name"] == "А.И.\xa0Орлова"
    User.objects.filter(pk=cast.office_head.pk).update(left_on=DAY)
    assert printing.snapshot_of(read(plan, cast), OfficeProfile.load())["stamps"][0]["name"] == ""


class Pdf:
    def __init__(self, pdf):
        self.pdf = pdf


def sheet_of(done, office):
    return Pdf(fulfilment.pdf(done, office))


def xlsx_of(done):
    return write_xlsx(printing.XLSX_HEADINGS, fulfilment.xlsx_rows(done))


def test_the_paper_is_archival_accessible_and_the_same_for_the_same_day(carried_out):
    office = OfficeProfile(name="Проектный офис", department="Департамент образования")
    sheet = sheet_of(carried_out, office)
    assert_archival(sheet)
    assert fulfilment.pdf(carried_out, office) == sheet.pdf
    assert fulfilment.docx(carried_out, office) == fulfilment.docx(carried_out, office)


def test_the_files_are_given_out_with_their_names(carried_out, plan, cast, client):
    client.force_login(cast.office_head)
    for name, beginning in (("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")):
        response = client.get(address(plan, f"plan_fulfilment_{name}"))
        assert response.content.startswith(beginning)
        assert "utf-8''%D0%92" in response["Content-Disposition"]


def test_the_plan_shows_the_state_of_each_row_and_the_way_here_to_those_who_see_it(carried_out, plan, cast, client):
    snapshot = fulfilment.with_states(plan.document.in_force.snapshot, plan, cast.secretary, DAY)
    states = {one["cells"]["label"]: one["state"].code for section in snapshot["sections"] for one in section["rows"]}
    assert states == {"1.": "partly", "2.": "not_held", "3.": "partly", "4.": "cancelled"}
    sheet = reverse("meetings:plan", args=[plan.pk])
    for person in (cast.secretary, cast.department_head):
        client.force_login(person)
        seen = client.get(sheet)
        assert address(plan) in seen.content.decode() and "Снято" in plain(seen)
    client.force_login(cast.member_of_school_a)
    seen = client.get(sheet)
    assert address(plan) not in seen.content.decode() and "Снято" not in plain(seen)
