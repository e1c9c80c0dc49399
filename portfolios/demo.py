"""Demonstration data of this app."""
from . import demo_plans


def create():
    demo_plans.create()
