"""Kinds of documents of this app, a module each; importing this package registers them."""
from . import brief, extract, plan, protocol

__all__ = ["brief", "extract", "plan", "protocol"]
