"""Demonstration data of this app."""
from . import implementation_plans, products, projects


def create():
    """Portfolios, projects, implementation plans, products; expects the people of accounts.demo."""
    projects.create()
    implementation_plans.create()
    products.create()
