"""Which expert must not meet which entry, and why: for many of both at once. Reads only.

``Recusal.objects.entries_of(user)`` is the same truth for one person, as the database asks it; a test holds both together.
"""
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from projectoffice.accounts.models import Post, Substitution
from projectoffice.common.russian import quoted

from ..models import ConflictRuling, Entry, EntryAuthor, Recusal, Review, ScoreSheet
from ..models.expert import key_of_name, key_of_person

Conflict = ConflictRuling.Conflict


@dataclass(frozen=True)
class Found:
    """Which conflict it is, and in words."""

    conflict: Conflict
    words: str


def each_of(entries, conflict):
    return dict.fromkeys(entries, Found(conflict, conflict.label))


def conflicts_of(experts, entries):
    """``{expert id: {entry id: why}}``; see ``found_between``."""
    return {expert: {entry: each.words for entry, each in found.items()} for expert, found in found_between(experts, entries).items()}


def found_between(experts, entries):
    """``{expert id: {entry id: Found}}``; seven queries for any number. ``experts`` come with their person, members of a jury as well."""
    experts, entries = list(experts), list(entries)
    board = Ties(entries)
    people = {each.person_id for each in experts}
    absent, declared, cleared = absent_of(people), declared_by(people), cleared_of(people)
    own = institutions_of_people(people.union(*absent.values()))
    return {each.pk: board.barred(each, absent[each.person_id], own, declared[each.person_id], cleared[each.person_id]) for each in experts}


def absent_of(people):
    """``{person: whom they stand in for today}``."""
    found: dict = {person: set() for person in people}
    for acting, absent in Substitution.objects.current().filter(acting__in=found).values_list("acting", "absent"):
        found[acting].add(absent)
    return found


def institutions_of_people(people):
    found = defaultdict(set)
    posts = Post.objects.current().filter(person__in=people, institution__isnull=False)
    for person, institution in posts.values_list("person", "institution"):
        found[person].add(institution)
    return found


def declared_by(people):
    found = defaultdict(list)
    for recusal in Recusal.objects.in_force().filter(expert__person__in=people).select_related("expert"):
        found[recusal.expert.person_id].append(recusal)
    return found


def cleared_of(people):
    """``{person: ids of entries}`` whose author of the same name is somebody else."""
    found = defaultdict(set)
    for person, entry in ConflictRuling.objects.namesakes().filter(expert__person__in=people).values_list("expert__person", "entry"):
        found[person].add(entry)
    return found


class Ties:
    """Whose the entries are: institutions, partners, authors, who entered them."""

    def __init__(self, entries):
        self.numbers = {entry.pk for entry in entries}
        self.entered, self.partnered = defaultdict(set), defaultdict(set)
        self.by_person, self.by_name, self.written = defaultdict(set), defaultdict(set), defaultdict(set)
        for entry in entries:
            self.entered[entry.institution_id].add(entry.pk)
            self.written[entry.created_by_id].add(entry.pk)
        for entry, institution in Entry.partners.through.objects.filter(entry__in=self.numbers).values_list("entry", "institution"):
            self.partnered[institution].add(entry)
        for entry, person, name in EntryAuthor.objects.filter(entry__in=self.numbers).values_list("entry", "person", "name"):
            (self.by_person[person] if person else self.by_name[key_of_name(name)]).add(entry)

    def barred(self, expert, absent, institutions, declared, cleared):
        """``{entry id: Found}`` of one expert; what is certain stands over what is likely."""
        found = each_of(self.by_name.get(key_of_person(expert.person), set()) - cleared, Conflict.NAMESAKE)
        for person in absent:
            found |= each_of(self.of_person(person, institutions[person]), Conflict.STANDS_IN)
        found |= self.of_person(expert.person_id, institutions[expert.person_id])
        for recusal in declared:
            found |= dict.fromkeys(self.of(recusal), Found(Conflict.DECLARED, declared_words(recusal)))
        return found

    def of_person(self, person, institutions):
        found = each_of(self.written.get(person, ()), Conflict.WROTE)
        for institution in institutions:
            found |= each_of(self.partnered.get(institution, ()), Conflict.PARTNER)
        for institution in institutions:
            found |= each_of(self.entered.get(institution, ()), Conflict.WORKS)
        return found | each_of(self.by_person.get(person, ()), Conflict.AUTHOR)

    def of(self, recusal):
        if recusal.entry_id:
            return {recusal.entry_id} & self.numbers
        return self.entered.get(recusal.institution_id, set()) | self.partnered.get(recusal.institution_id, set())


def declared_words(recusal):
    """The ground in the middle of a sentence, with what was written beside it."""
    ground = recusal.get_ground_display()
    ground = "самоотвод" if recusal.ground == Recusal.Ground.OTHER else ground[0].lower() + ground[1:]
    return f"{ground}: {recusal.words}" if recusal.words else ground


def what_of(recusal, with_title):
    """What the conflict is about; an expert reads the number alone, the title is the office's."""
    if recusal.institution_id:
        return str(recusal.institution)
    number = f"Заявка № {recusal.entry.number}"
    return f"{number}, {quoted(recusal.entry.title)}" if with_title else number


def in_conflict(contest, **wanted):
    """``[(review, Found)]`` of works that are with an expert who must not have them, and that nobody has decided to leave there.

    ``review.is_in`` tells whether a sheet is in; a ruling leaves that sheet, never a work still to be scored.
    """
    handed = ScoreSheet.objects.filter(review=OuterRef("pk"), state=ScoreSheet.State.SUBMITTED)
    given = Review.objects.filter(entry__contest=contest, state=Review.State.GIVEN, **wanted).annotate(is_in=Exists(handed))
    reviews = list(given.select_related("expert__person", "entry").order_by("entry__number", "pk"))
    if not reviews:
        return []
    barred = found_between({each.expert for each in reviews}, {each.entry for each in reviews})
    pairs = [(each, barred[each.expert_id][each.entry_id]) for each in reviews if each.entry_id in barred[each.expert_id]]
    left = set(ConflictRuling.objects.in_force().filter(entry__contest=contest).values_list("expert", "entry", "conflict")) if pairs else set()
    return [(each, found) for each, found in pairs if not (each.is_in and (each.expert_id, each.entry_id, found.conflict) in left)]


def is_the_offices(review, found):
    """Whether a person has to look before the work is taken: a sheet is in, or an author may only have the expert's name."""
    return review.is_in or found.conflict == Conflict.NAMESAKE
