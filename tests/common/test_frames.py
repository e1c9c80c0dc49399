"""How deep something is called does not decide how fast it is."""
import resource
import sys
from itertools import chain

import pytest
from django.test import RequestFactory

from projectoffice.common.frames import with_room
from projectoffice.common.middleware import room_for_calls

CALLS = 1000
DEPTHS = range(250)
FORGETFUL = pytest.mark.skipif(sys.version_info >= (3, 13), reason="этот Python сам придерживает последний кусок стека")


def nothing():
    return None


# A frame larger than the step from one depth to the next, so that the end of a chunk cannot fall between two depths.
nothing.__code__ = nothing.__code__.replace(co_stacksize=64)


def called_often(_request=None):
    for _ in range(CALLS):
        nothing()


def called_from(depth, do, *given):
    return called_from(depth - 1, do, *given) if depth else do(*given)


def fresh_pages(do):
    """How many pages of fresh memory the system had to hand out meanwhile."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    do()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def most_at_any_depth(do, *given):
    return max(fresh_pages(lambda depth=depth: called_from(depth, do, *given)) for depth in chain(DEPTHS, DEPTHS))


@FORGETFUL
def test_without_room_each_call_costs_a_page_at_some_depth():
    assert most_at_any_depth(called_often) >= CALLS


def all_depths():
    return most_at_any_depth(called_often)


def test_with_room_no_depth_below_is_dear():
    assert with_room(all_depths)() < CALLS


def test_a_page_of_the_portal_has_room_wherever_the_server_calls_it_from():
    answer = room_for_calls(called_often)
    assert most_at_any_depth(answer, RequestFactory().get("/")) < CALLS


def test_what_it_gives_what_it_takes_and_its_name_are_the_same():
    @with_room
    def added(one, *, other):
        """Both."""
        return one + other

    assert added(1, other=2) == 3
    assert (added.__name__, added.__doc__) == ("added", "Both.")


def test_it_stands_before_every_other_middleware(settings):
    assert settings.MIDDLEWARE[0] == "projectoffice.common.middleware.room_for_calls"
