"""Demonstration data of this app."""
from . import contests, entries, experts, jury, results, sheets


def create():
    """Contests, their entries, experts, the public jury, sheets, last year's results; expects the people of accounts.demo and the projects of portfolios.demo."""
    contests.create()
    entries.create()
    experts.create()
    sheets.create()
    jury.create()
    results.create()
