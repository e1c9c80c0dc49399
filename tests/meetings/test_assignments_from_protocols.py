"""What an edition of a protocol gives, leaves and takes away."""
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import Assignment
from meetings.services.assignment_work import (
    accept_report,
    ask_extension,
    decide_extension,
    report_done,
    tick_institutions,
)
from meetings.services.assignments import cancel_assignment, create_from_protocol
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail, StoredFile
from projectoffice.documents.services.annulment import record_annulment
from tests.factories import AgendaItemFactory, InstitutionFactory, PostFactory, ResolutionFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = {"due": "до 1 июля 2027 г.", "due_end": "2027-07-01"}


@pytest.fixture
def office(cast):
    from tests.meetings.charging import Charging

    return Charging(cast.secretary)


def letters_to(person):
    return list(OutgoingMail.objects.filter(person=person, key__startswith="assignments:").order_by("pk"))


def states(resolution):
    return list(Assignment.objects.filter(resolution=resolution).order_by("pk").values_list("state", flat=True))


def done(assignment, office):
    report = report_done(assignment, by=assignment.executor, text="Сделано.", done_on=timezone.localdate(assignment.created_at))
    return accept_report(assignment, by=office, report=report)


def test_the_first_edition_gives_every_charge_and_no_other_decision(cast, office):
    executor, helper, controller = UserFactory(), UserFactory(), UserFactory()
    schools = [InstitutionFactory(), InstitutionFactory()]
    charge = office.charge("1.1", text="Собрать отчёты.", executor=executor.pk, executor_text="Петровой А.И.",
                           co_executors=[helper.pk], controller=controller.pk, institutions=[place.pk for place in schools], **DUE)
    noted = office.charge("2.1", is_charge=False, text="Принять к сведению.")
    office.issue()
    given = office.assignment(charge)
    assert (given.text, given.executor, given.controller, given.number) == ("Собрать отчёты.", executor, controller, "1.1")
    assert (given.due, given.due_end, given.first_due_end) == ("до 1 июля 2027 г.", date(2027, 7, 1), date(2027, 7, 1))
    assert (given.meeting, given.document, given.edition_number) == (office.meeting, office.document, 1)
    assert list(given.co_executors.all()) == [helper]
    assert {tick.institution for tick in given.ticks.all()} == set(schools)
    assert office.assignment(noted) is None
    assert [event.sentence for event in history_of(given)] == ["Поручение дано"]


def test_a_sub_question_of_a_closed_question_is_closed_too(office):
    parent = AgendaItemFactory(meeting=office.meeting, closed=True)
    child = AgendaItemFactory(meeting=office.meeting, parent=parent)
    inner = office.put(ResolutionFactory(item=child, is_charge=True), "5.1.1")
    entry = office.items.pop(str(inner.uid))
    office.items["parent"] = {"uid": str(parent.uid), "number": "5", "title": "Разное", "closed": True, "resolutions": [],
                              "children": [entry]}
    outer = office.charge("6.1")
    office.issue()
    assert office.assignment(inner).closed and not office.assignment(outer).closed


def test_one_letter_to_each_person_however_many_assignments(cast, office):
    executor, controller = UserFactory(), UserFactory()
    for number in ("1.1", "1.2", "2.1"):
        office.charge(number, text=f"Дело {number}.", executor=executor.pk, controller=controller.pk, **DUE)
    office.issue()
    [told], [asked] = letters_to(executor), letters_to(controller)
    assert all(f"Вам поручено (Протокол №\xa03 от {office.document.date:%d.%m.%Y}, п. {number}).\nПоручение: Дело {number}." in told.body
               for number in ("1.1", "1.2", "2.1"))
    assert told.body.count("Срок: 1\xa0июля 2027\xa0г.") == 3 and "Вы контролируете" in asked.body


def test_a_letter_about_a_closed_question_names_neither_protocol_nor_meeting(office):
    executor = UserFactory()
    office.charge("1.1", closed=True, text="Тихое дело.", executor=executor.pk)
    office.issue()
    [told] = letters_to(executor)
    assert "Вам поручено.\nПоручение: Тихое дело." in told.body
    assert "Протокол" not in told.body + told.subject and "п. 1.1" not in told.body


def test_of_an_institution_its_heads_are_told_otherwise_who_logs_in_otherwise_its_mailbox(office):
    with_head, with_staff, silent = InstitutionFactory(), InstitutionFactory(), InstitutionFactory(email="school@example.test")
    head, teacher = UserFactory(), UserFactory()
    PostFactory(person=head, institution=with_head, title="Директор")
    PostFactory(person=teacher, institution=with_head, title="учитель")
    staff = [PostFactory(person=UserFactory(), institution=with_staff).person for _ in range(5)]
    PostFactory(person=UserFactory(is_active=False), institution=silent, title="Директор")
    office.charge("1.1", institutions=[with_head.pk, with_staff.pk, silent.pk], executor_text="всем школам")
    office.issue()
    told = set(OutgoingMail.objects.filter(key__startswith="assignments:").values_list("address", flat=True))
    assert told == {head.email, *(person.email for person in staff[:3]), "school@example.test"}


def test_the_same_charge_stays_untouched_by_a_new_edition(office):
    executor = UserFactory()
    charge = office.charge("1.1", executor=executor.pk, **DUE)
    office.issue()
    before = office.assignment(charge)
    office.charge("2.1")
    office.put(charge, "1.2", executor=executor.pk, executor_text="Петровой А. И.", **DUE)
    office.issue()
    after = Assignment.objects.get(resolution=charge)
    assert (after.pk, after.version, after.edition_number) == (before.pk, before.version, 1)


@pytest.mark.parametrize("change", [
    {"text": "Представить отчёт и план."}, {"due": "до 1 августа 2027 г.", "due_end": "2027-08-01"}, {"is_permanent": True},
    {"executor": "another"}, {"controller": "another"}, {"co_executors": ["another"]}, {"institutions": ["place"]},
])
def test_a_changed_charge_ends_the_old_assignment_and_gives_a_new_one(office, change):
    executor, another = UserFactory(), UserFactory()
    ids = {"another": another.pk, "place": InstitutionFactory().pk}
    change = {key: [ids[one] for one in value] if isinstance(value, list) else ids.get(value, value) for key, value in change.items()}
    charge = office.charge("1.1", executor=executor.pk, **DUE)
    office.issue()
    office.put(charge, "1.1", **{"executor": executor.pk, **DUE} | change)
    office.issue()
    old, new = Assignment.objects.filter(resolution=charge).order_by("pk")
    assert (old.state, new.state, new.edition_number) == ("cancelled", "active", 2)
    reason = "Срок изменён" if {"due", "is_permanent"} & change.keys() else "Решение изменено"
    assert old.cancel_reason == f"{reason} редакцией 2 протокола №\xa03"


def test_another_day_alone_keeps_the_marks_and_is_told_as_just_that(office):
    controller, ready, left = UserFactory(), InstitutionFactory(), InstitutionFactory(email="school@example.test")
    PostFactory(person=(head := UserFactory()), institution=ready, title="Директор")
    facts = {"text": "Сдать отчёты.", "executor_text": "школам", "controller": controller.pk, "institutions": [ready.pk, left.pk]}
    charge, finished = office.charge("1.1", **facts, **DUE), office.charge("2.1", executor=head.pk, controller=controller.pk, **DUE)
    office.issue()
    tick_institutions(office.assignment(charge), [ready], by=office.secretary, note="письмо")
    done(office.assignment(finished), controller)
    for each, own, number in ((charge, facts, "1.1"), (finished, {"executor": head.pk, "controller": controller.pk}, "2.1")):
        office.put(each, number, **own, due="до 5 июля 2027 г.", due_end="2027-07-05")
    OutgoingMail.objects.all().delete()
    edition = office.issue()
    old, new = Assignment.objects.filter(resolution=charge).order_by("pk")
    marks = [list(each.ticks.order_by("institution").values_list("institution", "done_on", "by", "at", "note")) for each in (old, new)]
    assert marks[0] == marks[1] and [bool(mark[1]) for mark in marks[1]] == [True, False]
    assert (old.state, new.state, new.due_end, states(finished)) == ("cancelled", "active", date(2027, 7, 5), ["done"])
    words = "Срок изменился: было 1\xa0июля 2027\xa0г., стало 5\xa0июля 2027\xa0г."
    assert history_of(new)[0].sentence == words
    told = {letter.address: letter for letter in OutgoingMail.objects.filter(key__startswith="assignments:")}
    assert told.keys() == {controller.email, "school@example.test"}
    for letter in told.values():
        assert letter.subject == "Срок изменился: Сдать отчёты." and words in letter.body
        assert letter.body.count("Сдать отчёты.") == 1 and "Снято" not in letter.body and "Вам поручено" not in letter.body
    assert create_from_protocol(office.document, edition) == [] and Assignment.objects.count() == 3


def test_a_removed_charge_is_taken_off_control_and_everybody_is_told(office):
    executor = UserFactory()
    charge = office.charge("1.1", text="Лишнее дело.", executor=executor.pk)
    office.issue()
    office.drop(charge)
    office.issue()
    assert states(charge) == ["cancelled"]
    assert "Снято с контроля.\nПоручение: Лишнее дело.\nПочему: Решение изменено редакцией 2" in letters_to(executor)[-1].body


def test_a_charge_that_comes_back_is_given_again(office):
    charge = office.charge("1.1")
    office.issue()
    entry = office.items.pop(str(charge.uid))
    office.issue()
    office.items[str(charge.uid)] = entry
    office.issue()
    assert states(charge) == ["cancelled", "active"]


def test_what_is_done_stays_done_whatever_a_new_edition_says(cast, office):
    executor, controller = UserFactory(), UserFactory()
    facts = {"executor": executor.pk, "controller": controller.pk}
    kept, changed, gone = (office.charge(f"1.{n}", **facts) for n in range(3))
    office.issue()
    for one in (kept, changed, gone):
        done(office.assignment(one), controller)
    office.put(changed, "1.1", text="И ещё раз.", **facts)
    office.drop(gone)
    office.issue()
    assert (states(kept), states(changed), states(gone)) == (["done"], ["done", "active"], ["done"])


def test_an_extended_date_and_a_hand_over_are_no_change_of_the_protocol(cast, office):
    executor, controller = UserFactory(), UserFactory()
    charge = office.charge("1.1", executor=executor.pk, controller=controller.pk, **DUE)
    office.issue()
    assignment = office.assignment(charge)
    asked = ask_extension(assignment, by=executor, due_after=date(2027, 9, 1), reason="Каникулы")
    decide_extension(assignment, by=controller, extension=asked, granted=True)
    Assignment.objects.filter(pk=assignment.pk).update(executor=cast.secretary)
    office.issue()
    assert [(each.due_end, each.executor) for each in Assignment.objects.filter(resolution=charge)] == [
        (date(2027, 9, 1), cast.secretary)]


def test_what_the_office_took_off_control_is_not_revived_by_the_next_edition(cast, office):
    charge = office.charge("1.1")
    office.issue()
    assignment = office.assignment(charge)
    cancel_assignment(assignment, by=cast.secretary, reason="Не нужно", version=assignment.version)
    office.issue()
    assert states(charge) == ["cancelled"]


def test_called_twice_for_the_same_edition_it_does_nothing_more(office):
    executor = UserFactory()
    _, changed = office.charge("1.1", executor=executor.pk), office.charge("2.1", executor=executor.pk)
    office.issue()
    office.put(changed, "2.1", executor=executor.pk, text="Иначе.")
    edition = office.issue()
    before = list(Assignment.objects.order_by("pk").values()), len(letters_to(executor))
    assert create_from_protocol(office.document, edition) == []
    assert (list(Assignment.objects.order_by("pk").values()), len(letters_to(executor))) == before


def test_a_question_closed_later_closes_its_assignment(office):
    charge = office.charge("1.1")
    office.issue()
    office.put(charge, "1.1", closed=True)
    office.issue()
    assert [each.closed for each in Assignment.objects.filter(resolution=charge)] == [True]


def test_an_annulled_protocol_asks_nothing_more_but_what_was_done_was_done(cast, office):
    executor, controller = UserFactory(), UserFactory()
    facts = {"executor": executor.pk, "controller": controller.pk}
    finished, left = office.charge("1.1", **facts), office.charge("2.1", **facts)
    office.issue()
    done(office.assignment(finished), controller)
    scan = StoredFile(name="приказ.pdf", content_type="application/pdf", size=1, sha256="0" * 64)
    scan.data.save("x", ContentFile(b"x"), save=True)
    record_annulment(office.document, by=cast.secretary, act="Приказ № 5", scan=scan)
    assert (states(finished), states(left)) == (["done"], ["cancelled"])
    assert office.assignment(left).cancel_reason == "Поручение отменено вместе с отменой протокола №\xa03"


def test_many_charges_cost_the_queries_of_few(cast):
    from tests.meetings.charging import Charging

    def cost(count):
        paper = Charging(cast.secretary, number=count)
        for n in range(count):
            paper.charge(f"1.{n}", executor=executor.pk, controller=executor.pk, institutions=[place.pk])
        edition = paper.issue()
        Assignment.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            create_from_protocol(paper.document, edition)
        return len(asked)

    executor, place = UserFactory(email=""), InstitutionFactory()
    assert cost(2) == cost(9)
