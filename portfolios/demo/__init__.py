"""Demonstration data of this app."""
from . import implementation_plans, products, projects, reports


def create():
    """Portfolios, projects, implementation plans, reports, products; expects the people of accounts.demo."""
    projects.create()
    implementation_plans.create()
    reports.create()
    products.create()
