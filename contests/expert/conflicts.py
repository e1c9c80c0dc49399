"""Which expert must not meet which entry, and why: for many of both at once. Reads only.

``Recusal.objects.entries_of(user)`` is the same truth for one person, as the database asks it; a test holds both together.
"""
from collections import defaultdict

from projectoffice.accounts.models import Post, Substitution
from projectoffice.common.russian import quoted

from ..models import Entry, EntryAuthor, Recusal, Review
from ..models.expert import key_of_name, key_of_person

WORKS, PARTNER, AUTHOR, WROTE, NAMESAKE = (
    "работает в этом учреждении", "работает в учреждении-партнёре", "автор этой работы", "заявку внёс этот человек",
    "среди авторов – человек с таким же именем")
STANDS_IN = "замещает того, у кого с этой работой конфликт интересов"


def conflicts_of(experts, entries):
    """``{expert id: {entry id: why}}``; six queries for any number. ``experts`` come with their person."""
    experts, entries = list(experts), list(entries)
    board = Ties(entries)
    absent, declared = absent_of(experts), declared_by_expert(experts)
    own = institutions_of_people({each.person_id for each in experts}.union(*absent.values()))
    return {expert.pk: board.barred(expert, absent[expert.person_id], own, declared.get(expert.pk, ())) for expert in experts}


def absent_of(experts):
    """``{person: whom they stand in for today}``."""
    found = {each.person_id: set() for each in experts}
    for acting, absent in Substitution.objects.current().filter(acting__in=found).values_list("acting", "absent"):
        found[acting].add(absent)
    return found


def institutions_of_people(people):
    found = defaultdict(set)
    posts = Post.objects.current().filter(person__in=people, institution__isnull=False)
    for person, institution in posts.values_list("person", "institution"):
        found[person].add(institution)
    return found


def declared_by_expert(experts):
    found = defaultdict(list)
    for recusal in Recusal.objects.in_force().filter(expert__in=experts):
        found[recusal.expert_id].append(recusal)
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

    def barred(self, expert, absent, institutions, declared):
        """``{entry id: why}`` of one expert; what is certain stands over what is likely."""
        found = dict.fromkeys(self.by_name.get(key_of_person(expert.person), ()), NAMESAKE)
        for person in absent:
            found |= dict.fromkeys(self.of_person(person, institutions[person]), STANDS_IN)
        found |= self.of_person(expert.person_id, institutions[expert.person_id])
        for recusal in declared:
            found |= dict.fromkeys(self.of(recusal), declared_words(recusal))
        return found

    def of_person(self, person, institutions):
        found = dict.fromkeys(self.written.get(person, ()), WROTE)
        for institution in institutions:
            found |= dict.fromkeys(self.partnered.get(institution, ()), PARTNER)
        for institution in institutions:
            found |= dict.fromkeys(self.entered.get(institution, ()), WORKS)
        return found | dict.fromkeys(self.by_person.get(person, ()), AUTHOR)

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


def in_conflict(contest):
    """``[(review, why)]`` of works that are with an expert who must not have them."""
    given = Review.objects.filter(entry__contest=contest, state=Review.State.GIVEN)
    reviews = list(given.select_related("expert__person", "entry").order_by("pk"))
    if not reviews:
        return []
    barred = conflicts_of({each.expert for each in reviews}, {each.entry for each in reviews})
    return [(each, barred[each.expert_id][each.entry_id]) for each in reviews if each.entry_id in barred[each.expert_id]]
