"""Demonstration data of this app."""
from . import contests


def create():
    """Contests; expects the people of accounts.demo and the projects of portfolios.demo."""
    contests.create()
