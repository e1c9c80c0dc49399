"""Figures of contests for ``make bench``: 1 000 works, 60 experts, 3 000 works given out, 1 500 sheets handed in."""
import random
import time
from datetime import timedelta
from functools import partial
from itertools import cycle

from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Institution, User
from projectoffice.common import jobs
from projectoffice.common.benchmark import Figure, Stand, settle

from .assigning.desk import Desk
from .entry.submission import take
from .models import (
    AwardLevel,
    Contest,
    ContestStage,
    Criterion,
    CriterionLevel,
    Diploma,
    Entry,
    EntryAnswer,
    EntryAuthor,
    EntryField,
    EntrySubmission,
    Expert,
    Nomination,
    Recusal,
    Review,
    Score,
    ScoreSheet,
    TechnicalCheck,
)
from .outcome.awarding import awards_of
from .outcome.snapshot import take as take_result
from .services import outcome
from .sheet.page import ReviewPage
from .tally.board import standings

ENTRIES, EXPERTS, EACH, SHEETS, DIPLOMAS = 1_000, 60, 3, 1_500, 500
NOMINATIONS, CRITERIA, QUESTIONS, INSTITUTIONS = 5, 10, 3, 200
# Name, address, words after it.
LISTS = (
    (f"Заявки конкурса, 50 строк из {ENTRIES}", "entries", ""), (f"Эксперты, {EXPERTS}", "experts", ""),
    (f"Кто что оценивает, 50 строк из {ENTRIES}", "assignment_works", ""),
)


def figures(stand):
    chance = random.Random(11)  # noqa: S311
    contest = set_up(stand.person)
    add_entries(contest, chance)
    yield from assignment(stand, contest)
    add_sheets(contest, chance)
    yield from lists(stand, contest)
    yield from ranking(stand, contest)
    yield from sheets_out(stand, contest)
    yield from scoring(Stand(contest.experts.first().person, stand.rounds))
    yield from export(stand, contest)
    yield diplomas(stand, contest)


def export(stand, contest):
    """Every sheet with its marks as an Excel file."""
    address = partial(stand.get, reverse("contests:sheets_export", args=[contest.pk]))
    yield Figure(f"Excel из {SHEETS} листов: запросов", stand.queries(address), "", 10)
    yield Figure(f"Excel из {SHEETS} листов", least_ms(stand, address) / 1000, "с", 0.5)


def diplomas(stand, contest):
    """Five hundred, drawn and stored one by one by the worker, and the one file for the printer."""
    boards = standings(contest)
    result = outcome.store(contest, take_result(contest, boards, awards_of(contest, boards)), timezone.now(), stand.person)
    Contest.objects.filter(pk=contest.pk).update(state=Contest.State.FINISHED)
    outcome.make_diplomas(result, by=stand.person, post="Директор", name="А.Н. Замерова")
    taken = seconds(jobs.run_due)
    made = Diploma.objects.filter(award__result=result).count()
    assert abs(made - DIPLOMAS) < 50, made  # noqa: S101, equals share a place, so that some more may get one
    return Figure(f"{DIPLOMAS} дипломов фоновой работой", taken * DIPLOMAS / made, "с", 60)


def assignment(stand, contest):
    """The portal's proposal, from what is read to the last pair; then it is given out."""
    desk = Desk(contest)
    yield Figure(f"Распределение {ENTRIES} работ, {EXPERTS} экспертов, по {EACH}", seconds(lambda: desk.proposal), "с", 2)
    yield Figure("Распределение: запросов", stand.queries(lambda: Desk(contest).proposal), "", 20)
    add_reviews(contest, desk.proposal.new)


def lists(stand, contest):
    for name, address, words in LISTS:
        yield from stand.page(name, partial(stand.get, reverse(f"contests:{address}", args=[contest.pk]) + words), times_floor=5, queries=20)


def scoring(stand):
    """An expert's queue, a work being scored, a mark saved as it is given."""
    yield from stand.page("Очередь эксперта, 50 работ", partial(stand.get, reverse("contests:scoring")), times_floor=5, queries=20)
    review = Review.objects.filter(expert__person=stand.person, sheets__isnull=True).first()
    yield from stand.page(f"Оценка работы, критериев {CRITERIA}", partial(stand.get, review.get_absolute_url()), times_floor=5, queries=20)
    yield from stand.page("Оценка сохранена по ходу", saving(stand, review), times_floor=3)


def saving(stand, review):
    """Another mark each time, the whole form as the script sends it."""
    page, marks = ReviewPage(review, stand.person), cycle("12345")
    address, name = reverse("contests:review_save", args=[review.pk]), f"mark-{page.criteria[0].pk}"
    form = {**page.texts, "version": page.version}

    def save():
        form[name] = next(marks)
        form["version"] = stand.send_form(address, form).json()["version"]
    return save


def ranking(stand, contest):
    standings(contest)
    yield Figure(f"Места {ENTRIES} работ по {SHEETS} листам", least_ms(stand, partial(standings, contest)), "мс", 100)
    yield Figure(f"Места {ENTRIES} работ: запросов", stand.queries(partial(standings, contest)), "", 10)


def sheets_out(stand, contest):
    """Every sheet that was handed in, as an Excel file."""
    address = reverse("contests:sheets_export", args=[contest.pk])
    yield Figure(f"Выгрузка {SHEETS} листов в Excel", least_ms(stand, partial(stand.get, address)) / 1000, "с", 0.5)
    yield Figure(f"Выгрузка {SHEETS} листов: запросов", stand.queries(partial(stand.get, address)), "", 10)


def least_ms(stand, do):
    """The best of many: neighbours of the machine only add to it."""
    return 1000 * min(seconds(do) for _ in range(max(5, stand.rounds // 2)))


def seconds(do):
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


# What stands in the database; written past the verbs, because pages and sums alone look at it.

def set_up(person):
    """A contest whose remote round goes on, with its nominations, questions, worded criteria; sixty experts agreed."""
    contest = Contest.objects.create(title="Смотр замеров", year=2027, created_by=person, experts_per_entry=EACH)
    nominations = Nomination.objects.bulk_create(Nomination(contest=contest, title=f"Номинация {n}", position=n) for n in range(NOMINATIONS))
    EntryField.objects.bulk_create(
        EntryField(nomination=each, label=f"Вопрос {n}", limit=3000, position=n) for each in nominations for n in range(QUESTIONS))
    criteria = Criterion.objects.bulk_create(
        Criterion(nomination=each, title=f"Критерий {n}", maximum=5, position=n) for each in nominations for n in range(CRITERIA))
    CriterionLevel.objects.bulk_create(
        CriterionLevel(criterion=each, mark=mark, text=f"Выражено на {mark} из 5, видно по приложенным материалам") for each in criteria for mark in range(6))
    AwardLevel.objects.create(contest=contest, title="Лауреат", places=f"1–{DIPLOMAS // NOMINATIONS}")
    now = timezone.now()
    for kind, begun, left in (("acceptance", -40, -20), ("check", -19, -6), ("remote", -5, 20)):
        ContestStage.objects.create(contest=contest, kind=kind, starts_at=now + timedelta(days=begun), ends_at=now + timedelta(days=left))
    contest.state, contest.announced_at = Contest.State.ANNOUNCED, now - timedelta(days=45)
    contest.save()
    people = User.objects.bulk_create(User(surname=f"Экспертов{n}", given_name="Пётр", patronymic="Ильич") for n in range(EXPERTS))
    Expert.objects.bulk_create(Expert(contest=contest, person=each, state=Expert.State.ACCEPTED) for each in people)
    return contest


def add_entries(contest, chance):
    """Sent, checked and admitted."""
    places = Institution.objects.bulk_create(Institution(legal_form="МБОУ", kind="Школа", number=5000 + n) for n in range(INSTITUTIONS))
    nominations, now = list(contest.nominations.prefetch_related("fields")), timezone.now()
    entries = Entry.objects.bulk_create(
        Entry(contest=contest, nomination=nominations[n % NOMINATIONS], institution=places[n % INSTITUTIONS], title=f"Работа {n}: клуб наставников",
              number=n + 1, state=Entry.State.ADMITTED, submitted_at=now - timedelta(days=25, minutes=n)) for n in range(ENTRIES))
    EntryAuthor.objects.bulk_create(
        EntryAuthor(entry=entry, name=f"Авторова А.{n}", post="учитель", is_contact=not n, position=n) for entry in entries for n in range(2))
    EntryAnswer.objects.bulk_create(
        EntryAnswer(entry=entry, field=field, text="Провели встречи с семьями, собрали отзывы и показали итоги коллегам. " * chance.randint(5, 25))
        for entry in entries for field in entry.nomination.fields.all())
    whole = Entry.objects.filter(contest=contest).select_related("institution", "signed_scan").prefetch_related(
        "nomination__fields", "authors", "answers", "partners", "files__file")
    submissions = EntrySubmission.objects.bulk_create(EntrySubmission(entry=entry, number=1, snapshot=take(entry), at=entry.submitted_at) for entry in whole)
    TechnicalCheck.objects.bulk_create(TechnicalCheck(submission=each, outcome="admitted") for each in submissions)
    keep_apart(contest, places)


def keep_apart(contest, places):
    """Every expert has to do with five institutions."""
    Recusal.objects.bulk_create(
        Recusal(expert=expert, institution=place, ground=Recusal.Ground.WORKS)
        for number, expert in enumerate(contest.experts.all()) for place in places[number % (INSTITUTIONS // 5)::INSTITUTIONS // 5])


def add_reviews(contest, pairs):
    Review.objects.bulk_create(Review(entry_id=entry, expert_id=expert) for entry, expert in pairs)


def add_sheets(contest, chance):
    """One or two sheets handed in of every work: half of what was given out."""
    assert contest.entries.filter(reviews__isnull=False).distinct().count() == ENTRIES  # noqa: S101
    criteria = {each.pk: list(each.criteria.all()) for each in contest.nominations.prefetch_related("criteria")}
    chosen = []
    for entry in contest.entries.prefetch_related("reviews"):
        given = chance.sample(list(entry.reviews.all()), 1 + entry.number % 2)
        chosen += [(review, criteria[entry.nomination_id]) for review in given]
    sheets = ScoreSheet.objects.bulk_create(ScoreSheet(review=review, comment="Ясная цель, измеримый результат. " * 5) for review, _ in chosen)
    Score.objects.bulk_create((
        Score(sheet=sheet, criterion=criterion, mark=chance.randint(1, 5), comment="Показано на примерах." if number % 3 == 0 else "")
        for sheet, (_, asked) in zip(sheets, chosen, strict=True) for number, criterion in enumerate(asked)), batch_size=5000)
    ScoreSheet.objects.filter(pk__in=[each.pk for each in sheets]).update(state=ScoreSheet.State.SUBMITTED, submitted_at=timezone.now())
    assert len(sheets) == SHEETS  # noqa: S101
    settle()
