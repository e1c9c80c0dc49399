"""Demonstration data of this app."""
from . import implementation_plans, projects


def create():
    """Portfolios, projects, implementation plans; expects the people of accounts.demo."""
    projects.create()
    implementation_plans.create()
