"""Kinds of documents of this app, a module each; importing this package registers them."""
from . import brief, plan

__all__ = ["brief", "plan"]
