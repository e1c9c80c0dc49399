"""«Передать дела»: everything open goes to the successor in one step, nothing that was done changes."""
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from meetings.models import PlanResponsible
from projectoffice.accounts.handover import open_work
from projectoffice.accounts.models import Membership, OfficeProfile, Substitution, User
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.models import Event
from projectoffice.documents.models import Stamp
from projectoffice.documents.services.route import send, sign
from tests.documents.paper import make_paper
from tests.factories import PASSWORD, BodyFactory, MeetingPlanFactory, PlanItemFactory, StampFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(db):
    return UserFactory(surname="Уходова", given_name="Анна", patronymic="Игоревна")


@pytest.fixture
def successor(db):
    return UserFactory(surname="Приёмов", given_name="Пётр", patronymic="Ильич")


def test_rows_of_a_draft_plan_change_their_name_and_a_role_stays_a_role(cast, leaver, successor):
    item = PlanItemFactory(plan=MeetingPlanFactory())
    PlanResponsible.objects.create(item=item, person=leaver, text="Уходова А.И.")
    PlanResponsible.objects.create(item=item, person=leaver, text="методист", position=1)
    hand_over(leaver, successor, by=cast.secretary)
    assert [row.text for row in item.responsibles.all()] == [successor.short_name, "методист"]
    assert {row.person for row in item.responsibles.all()} == {successor}
    item.refresh_from_db()
    assert item.version == 2


def test_a_waiting_signature_is_asked_of_the_successor_and_a_given_one_stays(cast, leaver, successor):
    document = make_paper(cast.secretary)
    signed = StampFactory(document=document, kind="agree", side="left", signer=leaver)
    waits = StampFactory(document=document, kind="approve", signer=leaver, name="А.И. Уходова")
    document = send(document, by=cast.secretary)
    sign(signed, by=leaver, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    hand_over(leaver, successor, by=cast.secretary)
    assert Stamp.objects.get(pk=signed.pk).signer == leaver
    assert (Stamp.objects.get(pk=waits.pk).signer, Stamp.objects.get(pk=waits.pk).name) == (successor, "А.И. Уходова")


def test_in_a_draft_the_printed_name_follows_and_without_a_login_one_signs_on_paper(cast, leaver):
    silent = UserFactory(username=None, surname="Тихонов", given_name="Пётр", patronymic="")
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, kind="approve", signer=leaver)
    hand_over(leaver, silent, by=cast.secretary)
    stamp.refresh_from_db()
    assert (stamp.signer, stamp.name, stamp.method) == (silent, silent.signature_name, "ink")


def test_places_in_bodies_default_stamps_and_substitutions_go_over(cast, leaver, successor):
    body = BodyFactory()
    Membership.objects.create(body=body, person=leaver, role="chair", position=1, since=date(2020, 1, 1))
    OfficeProfile.objects.create(pk=1, city="К", department="Д", default_stamps=[
        {"kind": "approve", "signer_id": leaver.pk, "name": "А.И. Уходова", "method": "electronic"}])
    absent = UserFactory()
    Substitution.objects.create(absent=absent, acting=leaver, since=date(2020, 1, 1), until=date(2099, 1, 1),
                                post="И.о.", basis="приказ")
    hand_over(leaver, successor, by=cast.secretary)
    now = body.memberships.current().get()
    assert (now.person, now.role, now.position) == (successor, "chair", 1)
    stamp = OfficeProfile.load().default_stamps[0]
    assert (stamp["signer_id"], stamp["name"], stamp["method"]) == (successor.pk, successor.signature_name, "electronic")
    assert Substitution.objects.current().get(absent=absent).acting == successor
    assert all(count == 0 for _, count in open_work(leaver))


def test_with_a_last_day_the_access_is_closed_and_both_histories_tell(cast, leaver, successor):
    hand_over(leaver, successor, by=cast.secretary, left_on=timezone.localdate())
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.left_on) == (False, timezone.localdate())
    assert "Дела переданы" in " ".join(event.sentence for event in Event.objects.about(leaver))
    assert "Приняты дела" in Event.objects.about(successor).get().sentence


def test_when_one_part_fails_nothing_has_gone(cast, leaver, successor):
    body = BodyFactory()
    Membership.objects.create(body=body, person=leaver, since=date(2020, 1, 1))
    User.objects.filter(pk=successor.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        hand_over(leaver, successor, by=cast.secretary)
    assert body.memberships.get().person == leaver


def test_only_the_office_hands_over(cast, leaver, successor):
    for by in (cast.administrator, cast.department_head, cast.stranger):
        with pytest.raises(PermissionDenied):
            hand_over(leaver, successor, by=by)


def test_the_page_shows_what_there_is_and_does_it_once(client, cast, leaver, successor):
    Membership.objects.create(body=BodyFactory(), person=leaver, since=date(2020, 1, 1))
    client.force_login(cast.secretary)
    path = f"/people/{leaver.pk}/handover/"
    page = client.get(path)
    assert ("места в органах", 1) in page.context["shares"]
    data = {"successor": "Приемов Петр Ильич", "left_on": "", "key": page.context["form"]["key"].value()}
    assert client.post(path, data).status_code == 302
    assert client.post(path, data).status_code == 302
    assert Event.objects.about(successor).count() == 1
    assert client.post(path, data | {"successor": "Никто"}).status_code == 200
