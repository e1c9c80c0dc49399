"""Demonstration data of this app."""
from . import contests, entries, experts


def create():
    """Contests and their entries; expects the people of accounts.demo and the projects of portfolios.demo."""
    contests.create()
    entries.create()
    experts.create()
