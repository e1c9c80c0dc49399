"""Kinds of documents of this app, a module each; importing this package registers them."""
from . import plan

__all__ = ["plan"]
