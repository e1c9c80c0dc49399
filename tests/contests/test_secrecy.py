"""Nobody learns of a contest what is not theirs: every page, file, letter is searched; hidden marks leave no trace at all.

Every address of contests joins by itself: it is asked with every object its path may name; where the most is hidden,
every address of the portal that names no object is asked too. A new kind of path must be told in ``NAMED`` whose objects it names.
"""
import re
from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from contests.models import Award, EntryFile, Result, Review, Score
from projectoffice.common.models import OutgoingMail
from tests.access import rows
from tests.contests.secret_things import STATES, world_in

pytestmark = pytest.mark.django_db

# A school with one of the works, an expert who has scored both, one who was given none, the public jury, and who has no part.
OUTSIDERS = ("school_a", "one", "idle", "juror", "administrator", "anonymous")
FEW = ("school_a", "one", "juror", "anonymous")
READ = {row.name for row in rows() if row.get}
# What the first number of a path names, by the beginning of the path; the longest beginning decides.
NAMED = {
    "contests/": lambda world: [world.contest.pk],
    "public/contests/": lambda world: [world.contest.pk],
    "contests/nominations/": lambda world: [world.nomination.pk],
    "contests/fields/": lambda world: [world.nomination.fields.get().pk],
    "contests/criteria/": lambda world: [world.nomination.criteria.first().pk],
    "contests/awards/": lambda world: [world.contest.award_levels.get().pk],
    "contests/ties/": lambda world: [],
    "contests/experts/": lambda world: [each.pk for each in world.experts.values()],
    "contests/conflicts/": lambda world: [],
    "contests/jury/": lambda world: [world.juror.pk],
    "contests/votes/": lambda world: [],
    "contests/assignment/entries/": lambda world: entries(world),
    "contests/assignment/reviews/": lambda world: reviews(world),
    "entries/": lambda world: entries(world),
    "entries/files/": lambda world: files(world),
    "reviews/": lambda world: reviews(world),
    "sheets/": lambda world: [each.pk for each in getattr(world, "sheets", {}).values()],
    "awards/": lambda world: list(Award.objects.values_list("pk", flat=True)),
    "public/awards/": lambda world: list(Award.objects.values_list("code", flat=True)),
    "experts/": lambda world: [each.pk for each in world.experts.values()],
    "expert/": lambda world: [],  # the secret word of a letter nobody was sent
}
# What a second number names.
SECOND = {
    "institution": lambda world: [world.cast.member_of_school_a.current_post.institution.pk],
    "file": lambda world: files(world),
    "entry": lambda world: entries(world),
    "expert": lambda world: [world.experts["one"].pk, world.experts["two"].pk],
    "number": lambda world: list(Result.objects.values_list("number", flat=True)) or [1],
}


def entries(world):
    return [each.pk for each in world.entries.values()]


def reviews(world):
    return list(Review.objects.filter(entry__contest=world.contest).values_list("pk", flat=True))


def files(world):
    return list(EntryFile.objects.values_list("pk", flat=True))


def addresses(world, everywhere=False):
    """Every address of contests that is read, with each object it may name; everywhere, the rest of the portal too."""
    for name, pattern, route in patterns():
        names = list(pattern.pattern.converters)
        ours = name.startswith("contests:") or name == "home"
        if name not in READ or not (ours or everywhere):
            continue
        if not names:
            yield reverse(name)
        elif ours:
            first = NAMED[max((known for known in NAMED if route.startswith(known)), key=len)](world)
            yield from (reverse(name, args=arguments) for arguments in combined(world, first, names[1:]))


def questions(world):
    """(address, who asks): in the states where most is hidden everybody, and a few ask the whole portal."""
    asking = OUTSIDERS if world.state in ("scored", "published") else FEW
    ours = list(addresses(world))
    yield from ((address, actor) for address in ours for actor in asking)
    if world.state == "scored":
        yield from ((address, actor) for address in addresses(world, everywhere=True) if address not in ours for actor in ("school_a", "one", "anonymous"))


def combined(world, first, others):
    found = [[each] for each in first]
    for name in others:
        found = [[*known, each] for known in found for each in SECOND[name](world)]
    return found


def patterns(resolver=None, namespace="", before=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern, before + str(pattern.pattern)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner, before + str(pattern.pattern))


def get(world, actor, address):
    """The answer; what it did to the session or to counters is undone."""
    client = Client()
    client.cookies = deepcopy(world.clients[actor].cookies)
    with transaction.atomic():
        response = client.get(address)
        if response.streaming:
            response = read(response)
        transaction.set_rollback(True)
    return response


def read(response):
    """A file, read while its row is still there."""
    return HttpResponse(b"".join(response.streaming_content), status=response.status_code, headers=dict(response.headers))


def lawful(actor, state):
    """What this person may read in this state, as kinds of places."""
    if actor == "secretary":
        return lambda place: True
    published = state in ("published", "corrected")
    scores = state != "acceptance"
    own = {"school_a": "a", "school_b": "b"}.get(actor)

    def reads(place):
        kind, *whose = place
        if kind == "contest":
            return state != "set-up"
        if kind == "expert":
            return whose[0] == actor or actor == "administrator"
        if kind in ("text", "names"):
            # Experts and the jury read works without names; the titles of winners are in the news.
            return own == whose[0] or kind == "text" and (actor in ("one", "juror") and scores or published)
        if kind in ("sheet", "comment") and whose[0] == actor:
            return True
        return published and own is not None and own == whose[-1] and kind in ("comment", "total")

    return reads


@pytest.mark.parametrize("state", STATES)
def test_nobody_finds_what_is_not_theirs(state):
    world = world_in(state)
    leaks = {}
    for address, actor in questions(world):
        allowed = lawful(actor, state)
        if found := {place for place in world.secrets.scan(get(world, actor, address)) if not allowed(place)}:
            leaks[f"{actor}: {address}"] = found
    for letter in OutgoingMail.objects.all():
        allowed = lawful(world.addresses.get(letter.address, "stranger"), state)
        if found := {place for place in world.secrets.scan(letter) if not allowed(place)}:
            leaks[f"letter to {letter.address}"] = found
    assert leaks == {}


def seen_by(world, actor):
    return set().union(*(world.secrets.scan(get(world, actor, address)) for address in addresses(world)))


class TestTheLawfulReader:
    """The control of the search: what is hidden from others is there for the one it is meant for."""

    def test_the_office_finds_everything(self):
        world = world_in("scored")
        assert seen_by(world, "secretary") == world.secrets.everything()

    def test_an_expert_finds_the_own_sheets_and_the_texts_of_works(self):
        world = world_in("scoring")
        assert {("sheet", "one", "a"), ("comment", "one", "b"), ("text", "a"), ("text", "b")} <= seen_by(world, "one")

    def test_a_school_finds_the_own_total_and_what_experts_wrote_to_it(self):
        world = world_in("published")
        assert {("comment", "one", "a"), ("comment", "two", "a"), ("total", "a"), ("names", "a")} <= seen_by(world, "school_a")


ONCE = [re.compile(pattern) for pattern in (
    rb"nonce(=\"|-)[\w+/=-]+", rb"csrfmiddlewaretoken\" value=\"\w+", rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    rb"(csrf|session)=[\w-]+", rb"[Ee]xpires[=:][^;\n]+", rb"\"X-CSRFToken\": ?\"\w+")]


def masked(response):
    """Status, headers and body, without what is new in every answer."""
    text = b"\n".join([str(response.status_code).encode(), *(f"{name}: {value}".encode() for name, value in sorted(response.headers.items())),
                       *(cookie.OutputString().encode() for cookie in response.cookies.values()), response.content])
    for once in ONCE:
        text = once.sub(b"*", text)
    return text


def other_world(world, back=False):
    """Every mark and comment but those of expert one is another; past the walls, as no verb could."""
    sheets = [sheet.pk for (expert, _), sheet in world.sheets.items() if expert != "one"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE contests_score SET mark = mark - %s, comment = reverse(comment) WHERE sheet_id = ANY(%s)", [-30 if back else 30, sheets])
        cursor.execute("UPDATE contests_scoresheet SET comment = reverse(comment), panel_comment = reverse(panel_comment) WHERE id = ANY(%s)", [sheets])
        cursor.execute("SET LOCAL session_replication_role = origin")


def differing(world, address):
    """Who of those that may not know is answered otherwise when hidden marks are other ones."""
    before = {actor: masked(get(world, actor, address)) for actor in FEW}
    other_world(world)
    after = {actor: masked(get(world, actor, address)) for actor in FEW}
    other_world(world, back=True)
    return [actor for actor in FEW if before[actor] != after[actor]]


def leaks_to(world, address):
    """Who is answered otherwise each of three times: once may be a minute that went by between two answers."""
    found = set(FEW)
    for _ in range(3):
        found = found and found.intersection(differing(world, address))
    return found


class TestTwoWorlds:
    def test_hidden_marks_change_no_byte_for_those_who_may_not_know_them(self):
        world = world_in("scored")
        assert {address: actors for address in addresses(world) if (actors := leaks_to(world, address))} == {}

    def test_the_office_would_see_the_difference(self):
        world = world_in("scored")
        address = reverse("contests:tally", args=[world.contest.pk])
        before = masked(get(world, "secretary", address))
        assert masked(get(world, "secretary", address)) == before
        other_world(world)
        assert masked(get(world, "secretary", address)) != before
        assert Score.objects.filter(sheet=world.sheets["one", "a"].pk).first().mark is not None
