"""Demonstration plans and what came of them."""
from . import assignments, by_hand, meetings, plans


def create():
    """Plans, their meetings, protocols, assignments; expects the people of accounts.demo."""
    last, this = plans.create()
    meetings.create(last, this)
    assignments.create(last, this)
    by_hand.create()
