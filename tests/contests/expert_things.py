"""Experts of the tests: listed, invited with the link of their letter, who accepted."""
import re

from contests.models import Expert
from contests.services import expert as verbs
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail
from tests.factories import InstitutionFactory, PostFactory, UserFactory


def fresh(expert):
    return Expert.objects.select_related("contest", "person").get(pk=expert.pk)


def listed(contest, by, person=None, **fields):
    return verbs.list_expert(contest, by=by, person=person or UserFactory(), **fields)[0]


def shown(*experts):
    """What the page of letters carries of them."""
    return {each.pk: fresh(each).version for each in experts}


def invited(contest, by, person=None, **fields):
    """An expert with a letter, and the token of its link."""
    expert = listed(contest, by, person, **fields)
    verbs.invite(contest, shown(expert), by=by)
    return fresh(expert), token_of(expert)


def token_of(expert):
    letter = OutgoingMail.objects.filter(key__startswith=f"expert_invitation:{expert.pk}:").order_by("pk").last()
    return re.search(r"/expert/([^/\s]+)/", letter.body)[1]


def person_at(institution=None, **fields):
    """Somebody who works in an institution."""
    person = UserFactory(**fields)
    PostFactory(person=person, institution=institution or InstitutionFactory())
    return person


def broken():
    """Truths about works given to experts that do not hold; the entries of these tests were never sent."""
    return [words for name, words in violations() if words.startswith("Назначение")]
