"""Factories of the things every test needs. Names are invented."""
from datetime import date, time

import factory
from django.utils import timezone

from meetings.models import AgendaItem, Assignment, Meeting, MeetingPlan, Participant, PlanItem, Resolution
from projectoffice.accounts.models import Body, Institution, Post, RoleAssignment, User
from projectoffice.documents.models import Stamp

PASSWORD = "кленовый-лист-42"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    surname = factory.Sequence(lambda n: f"Петрова{n}")
    given_name = "Анна"
    patronymic = "Игоревна"
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.test" if person.username else "")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD) if self.username else self.set_unusable_password()
        if create:
            self.save()

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleAssignment.objects.create(person=self, role=role)


class InstitutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Institution

    legal_form = "МБОУ"
    kind = "Школа"
    number = factory.Sequence(lambda n: n + 1)


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post

    person = factory.SubFactory(UserFactory)
    title = "методист"


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body

    name = factory.Sequence(lambda n: f"Рабочая группа {n}")
    genitive = factory.LazyAttribute(lambda body: body.name.replace("Рабочая группа", "рабочей группы"))


class MeetingPlanFactory(factory.django.DjangoModelFactory):
    """A draft plan for 2027 without rows; made by the real verb, so that its stamps and history are real."""

    class Meta:
        model = MeetingPlan

    @classmethod
    def _create(cls, model_class, *args, body=None, year=2027, by=None, **kwargs):
        from meetings.services.plan import create_plan

        return create_plan(body or BodyFactory(), by=by or UserFactory(roles=["office_staff"]), year=year)


class PlanItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanItem

    position = factory.Sequence(lambda n: n + 1)
    label = factory.LazyAttribute(lambda item: f"{item.position}.")
    topics = factory.LazyAttribute(
        lambda item: [{"text": f"Тема {item.position}", "level": 0, "marker": "paragraph"}]
    )
    term = "февраль"


class MeetingFactory(factory.django.DjangoModelFactory):
    """An announced extraordinary meeting on 4 June 2027, without agenda or participants."""

    class Meta:
        model = Meeting

    body = factory.SubFactory(BodyFactory)
    date = date(2027, 6, 4)
    start = time(14, 0)
    end = time(16, 0)
    place = "Центр развития образования, каб. 21"
    state = Meeting.State.ANNOUNCED
    known_since = factory.LazyAttribute(lambda made: None if made.state == Meeting.State.DRAFT else timezone.now())


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participant

    person = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda each: each.person.short_name if each.person else "Ким А.В.")
    position = factory.Sequence(lambda n: n)


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.LazyAttribute(
        lambda item: item.meeting.items.present().filter(parent=getattr(item, "parent", None)).count() + 1)
    title = factory.LazyAttribute(lambda item: f"О ходе работы, часть {item.position}")


class ResolutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Resolution

    item = factory.SubFactory(AgendaItemFactory)
    position = factory.LazyAttribute(lambda decision: decision.item.resolutions.present().count() + 1)
    text = "Принять информацию к сведению."


class AssignmentFactory(factory.django.DjangoModelFactory):
    """Given by hand, in work, due on 1 July 2027."""

    class Meta:
        model = Assignment

    text = "Представить отчёт о работе команд."
    executor = factory.SubFactory(UserFactory)
    executor_text = factory.LazyAttribute(lambda each: each.executor.short_name if each.executor else "всем школам")
    controller = factory.SubFactory(UserFactory)
    due = "до 1 июля 2027 г."
    due_end = date(2027, 7, 1)
    first_due_end = date(2027, 7, 1)


class StampFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stamp

    kind = Stamp.Kind.APPROVE
    side = Stamp.Side.RIGHT
    post = "Руководитель Проектного офиса"
    signer = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda stamp: stamp.signer.signature_name if stamp.signer else "О.П. Котова")
    method = Stamp.Method.ELECTRONIC
