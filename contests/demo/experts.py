"""Demonstration experts: of the contest in scoring in every state, with works given; of last year's, who scored it all."""
from datetime import timedelta

from django.utils import timezone

from projectoffice.accounts.models import Institution, Post, User

from ..assigning.desk import REMOTE, Desk
from ..models import Contest, Expert, Recusal
from ..services import assignment
from ..services import expert as verbs
from ..services.recusal import declare_conflict

State = Expert.State
# Surname, given name, patronymic, answer, works at most, the place of a nomination or None for all, called for divergence alone.
EXPERTS = [
    ("Вишнякова", "Лидия", "Степановна", State.ACCEPTED, None, None, False), ("Грушин", "Артём", "Валерьевич", State.ACCEPTED, 12, None, False),
    ("Калинкина", "Рената", "Маратовна", State.ACCEPTED, None, 0, False), ("Лозовой", "Денис", "Аркадьевич", State.ACCEPTED, 8, None, False),
    ("Миндалёва", "Ксения", "Тимуровна", State.ACCEPTED, None, None, False), ("Облепихин", "Фёдор", "Юрьевич", State.ACCEPTED, None, 1, False),
    ("Полынцева", "Зоя", "Геннадьевна", State.ACCEPTED, None, None, True), ("Репейников", "Марк", "Ильдарович", State.INVITED, 10, None, False),
    ("Самшитова", "Эмма", "Олеговна", State.DECLINED, None, None, False), ("Туев", "Леонид", "Павлович", State.LISTED, None, None, False),
]
LOGINS = ("chlen",)


def create():
    """Experts of the contests of the demonstration; nothing where there are none."""
    office = User.objects.get(username="sekretar")
    people = [person_of(each, place) for place, each in enumerate(EXPERTS)]
    current = Contest.objects.filter(state=Contest.State.ANNOUNCED, needs_signed_scan=False).first()
    past = Contest.objects.filter(state=Contest.State.FINISHED).first()
    if current:
        scored_now(current, people, office)
    if past:
        Expert.objects.bulk_create(Expert(contest=past, person=person, state=State.ACCEPTED, answered_at=past.announced_at)
                                   for person, card in zip(people, EXPERTS, strict=True) if card[3] == State.ACCEPTED and not card[6])


def person_of(card, place):
    """A teacher of another institution each; the answer comes by the letter, so everybody has a mailbox."""
    surname, given, patronymic = card[:3]
    person = User.objects.create(surname=surname, given_name=given, patronymic=patronymic, email=f"ekspert{place + 1}@klenovsk.example")
    schools = list(Institution.objects.open().order_by("-pk")[: len(EXPERTS)])
    if schools:
        Post.objects.create(person=person, title="Методист", institution=schools[place % len(schools)])
    return person


def scored_now(contest, people, office):
    """Listed, invited and answered by the verbs; then the proposal is applied and one work given up."""
    nominations = list(contest.nominations.all())
    for person, (*_, limit, place, is_arbiter) in zip(people, EXPERTS, strict=True):
        verbs.list_expert(contest, by=office, person=person, most_entries=limit, is_arbiter=is_arbiter,
                          nominations=[] if place is None else [nominations[place]])
    verbs.list_experts(contest, by=office, people=list(User.objects.filter(username__in=LOGINS).order_by("pk")))
    asked = contest.experts.exclude(person__surname="Туев")
    verbs.invite(contest, dict(asked.values_list("pk", "version")), by=office)
    answers = {person.pk: card[3] for person, card in zip(people, EXPERTS, strict=True)}
    for expert in asked.select_related("person"):
        state = answers.get(expert.person_id, State.ACCEPTED)
        if state in (State.ACCEPTED, State.DECLINED):
            verbs.reply_for(expert, by=office, accepts=state == State.ACCEPTED, reason="" if state == State.ACCEPTED else "Буду в отъезде.",
                            source="звонок", source_date=timezone.localdate() - timedelta(days=12))
    proposal = Desk(contest, REMOTE).proposal
    assignment.distribute(contest, REMOTE, by=office, shown=proposal.mark)
    first = Expert.objects.filter(contest=contest, reviews__isnull=False).order_by("pk").first()
    if first:
        review = first.reviews.order_by("pk").first()
        declare_conflict(first, by=office, ground=Recusal.Ground.CLOSE, words="помогала авторам с замером", entry=review.entry)
