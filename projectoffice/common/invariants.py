"""Truths that must hold in the data at any time; ``manage.py check_invariants`` asks them all."""

_checks = []


def invariant(name):
    """Register ``check() -> iterable of sentences`` under a Russian name; nothing yielded means it holds."""

    def add(check):
        _checks.append((name, check))
        return check

    return add


def violations():
    """Yield ``(name, sentence)`` for everything that does not hold."""
    for name, check in _checks:
        for sentence in check():
            yield name, sentence
