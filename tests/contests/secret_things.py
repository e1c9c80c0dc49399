"""A contest full of secrets: works of two schools, scored by two experts behind closed doors, in each of its states."""
import re
from decimal import Decimal
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from contests.entry.submission import take
from contests.models import AwardLevel, Contest, Criterion, Entry, EntryFile
from contests.services import outcome as verbs
from contests.tally.board import standings
from projectoffice.common import jobs
from projectoffice.common.uploads import store_upload
from tests.canary import Canaries, pieces
from tests.cast import make_cast
from tests.contests.outcome_things import mark_of
from tests.contests.things import EntryFactory, expert_of, juror_of, set_up, sheet_of, stage
from tests.factories import UserFactory

STATES = ("set-up", "acceptance", "scoring", "scored", "published", "corrected")
# Marks no page shows by chance: (expert, work) → a mark a criterion.
MARKS = {("one", "a"): ("41.5", "63.5"), ("one", "b"): ("57.5", "38.5"), ("two", "a"): ("72.5", "83.5"), ("two", "b"): ("91.5", "46.5")}

NUMBER = re.compile(r"(?<![\d.,])\d{2,3}[.,]\d{1,2}(?!\d)")


class Secrets(Canaries):
    """Canaries, and numbers that are secrets themselves: they are looked for as they stand, not run together."""

    def __init__(self):
        super().__init__()
        self.numbers = {}

    def number(self, place, value):
        self.numbers[f"{value.normalize():f}"] = place

    def scan(self, *things):
        found = super().scan(*things)
        text = "\n".join(piece for thing in things for piece in pieces(thing))
        return found | {self.numbers[written.replace(",", ".")] for written in NUMBER.findall(text) if written.replace(",", ".") in self.numbers}

    def everything(self):
        return {*self.places.values(), *self.numbers.values()}


def world_in(state):
    """The contest as far as ``state``, its people with live sessions."""
    world = SimpleNamespace(cast=make_cast(), secrets=Secrets(), entries={}, experts={}, addresses={}, state=state)
    world.nomination = nomination = set_up(
        title=f"Смотр {world.secrets.plant(('contest',))}", is_blind=True, shows_others=False, asks_panel_comment=True, experts_per_entry=2,
        about=world.secrets.plant(("contest",)))
    world.contest = nomination.contest
    weigh(nomination)
    for name in ("one", "two", "idle"):
        surname = world.secrets.plant(("expert", name)).capitalize()
        world.experts[name] = expert_of(world.contest, UserFactory(surname=surname, username=f"expert-{name}"))
    world.juror = juror_of(world.contest, UserFactory(surname="Жюри", username="juror"))
    for step in (accept, give, score_the_rest)[:max(0, min(STATES.index(state), 3))]:
        step(world)
    if state in ("published", "corrected"):
        publish(world, corrected=state == "corrected")
    world.clients = sessions(world)
    return world


def weigh(nomination):
    for criterion, weight in zip(nomination.criteria.all(), ("1.37", "2.11"), strict=True):
        Criterion.objects.filter(pk=criterion.pk).update(maximum=100, has_halves=True, weight=Decimal(weight), needs_comment=True)
    AwardLevel.objects.create(contest=nomination.contest, title="Победитель", places="1", position=1)


def sessions(world):
    people = {"school_a": world.cast.member_of_school_a, "school_b": world.cast.member_of_school_b, "stranger": world.cast.stranger,
              "administrator": world.cast.administrator, "juror": world.juror.person, "secretary": world.cast.secretary,
              **{name: expert.person for name, expert in world.experts.items()}}
    clients = {"anonymous": Client()}
    for name, person in people.items():
        clients[name] = Client()
        clients[name].force_login(person)
    world.addresses |= {person.email: name for name, person in people.items()}
    return clients


def accept(world):
    """Announced; both schools have sent their works."""
    stage(world.contest, "acceptance")
    Contest.objects.filter(pk=world.contest.pk).update(state="announced", announced_at=timezone.now())
    world.contest.refresh_from_db()
    for number, (name, member) in enumerate((("a", world.cast.member_of_school_a), ("b", world.cast.member_of_school_b)), start=1):
        world.entries[name] = work(world, name, member, number)


def work(world, name, member, number):
    plant, secrets = world.secrets.plant, world.secrets
    entry = EntryFactory(nomination=world.nomination, contest=world.contest, institution=member.current_post.institution, number=number,
                         title=plant(("text", name)), state=Entry.State.SUBMITTED, submitted_at=timezone.now(), created_by=member)
    address = f"{plant(('names', name))}@example.test"
    world.addresses[address] = f"school_{name}"
    entry.authors.create(name=f"{plant(('names', name)).capitalize()} Вера Олеговна", phone="+7 900 000-00-00", is_contact=True, position=1,
                         email=address)
    entry.answers.create(field=world.nomination.fields.get(), text=f"Про чтение. {plant(('text', name))}")
    EntryFile.objects.create(entry=entry, file=store_upload(SimpleUploadedFile(f"{plant(('names', name))}.pdf", signed_pdf(secrets, name)), by=member))
    entry.submissions.create(number=1, snapshot=take(entry))
    return entry


def signed_pdf(secrets, name):
    """A paper whose properties name its author."""
    from weasyprint import HTML

    text, author = secrets.plant(("text", name)), secrets.plant(("names", name))
    return HTML(string=f"<meta charset=utf-8><meta name=author content='{author}'><title>{author}</title><p>{text}</p>").write_pdf()


def give(world):
    """Checked, given to both experts; the first has handed both sheets in, the second one of them."""
    for entry in world.entries.values():
        entry.submissions.get().checks.create(outcome="admitted")
        Entry.objects.filter(pk=entry.pk).update(state=Entry.State.ADMITTED)
        entry.refresh_from_db()
    stage(world.contest, "remote")
    world.sheets = {key: sheet(world, *key, submitted=key != ("two", "b")) for key in MARKS}


def sheet(world, expert, work, submitted):
    own = ("sheet", expert, work)
    found = sheet_of(world.entries[work], world.experts[expert], [Decimal(mark) for mark in MARKS[expert, work]])
    for score, mark in zip(found.scores.all(), MARKS[expert, work], strict=True):
        world.secrets.number(own, Decimal(mark))
        score.comment = world.secrets.plant(("comment", expert, work))
        score.save()
    found.comment, found.panel_comment = world.secrets.plant(("comment", expert, work)), world.secrets.plant(own)
    found.save()
    return handed_in(found) if submitted else found


def handed_in(sheet):
    sheet.state, sheet.submitted_at = "submitted", timezone.now()
    sheet.save()
    return sheet


def score_the_rest(world):
    """Every sheet is in; the results are not out."""
    handed_in(world.sheets["two", "b"])
    world.contest.stages.update(ends_at=timezone.now())
    names = {entry.pk: name for name, entry in world.entries.items()}
    for row in standings(world.contest)[0].ranked:
        total = Decimal(row.total.numerator) / Decimal(row.total.denominator)
        world.secrets.number(("total", names[row.key]), total.quantize(Decimal("0.01")))


def publish(world, corrected):
    """The results are out; once more with another award when they were corrected."""
    office = world.cast.secretary
    verbs.publish(world.contest, by=office, shown=mark_of(world.contest, office))
    jobs.run_due()
    if corrected:
        verbs.change_award(world.entries["a"], by=office, level=world.contest.award_levels.get(), reason=world.secrets.plant(("office",)))
        verbs.correct(world.contest, by=office, shown=mark_of(world.contest, office), reason="Ошибка подсчёта", protocol="№ 2")
        jobs.run_due()
    world.contest.refresh_from_db()
