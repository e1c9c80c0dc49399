"""Factories of the things every test needs. Names are invented."""
import factory

from meetings.models import MeetingPlan, PlanItem
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


class StampFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stamp

    kind = Stamp.Kind.APPROVE
    side = Stamp.Side.RIGHT
    post = "Руководитель Проектного офиса"
    signer = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda stamp: stamp.signer.signature_name if stamp.signer else "О.П. Котова")
    method = Stamp.Method.ELECTRONIC
