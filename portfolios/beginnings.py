"""Where projects of a portfolio may come from besides a form and a file: apps that build on this one name their pages."""
_sources = []


def offers_projects(source):
    """Register ``source(user)``, which gives ``(words, address)`` of a page projects are begun from, for who may open it."""
    if source not in _sources:
        _sources.append(source)
    return source


def beginnings_for(user):
    """Every page this person may begin projects from."""
    return [offer for source in _sources for offer in source(user)]
