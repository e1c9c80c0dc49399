"""What the page of a choice shows: questions of a protocol with their decisions, to be ticked. Pure: no database."""
from ..kinds.protocol import every
from .printed import question, resolution_lines


def choices_of(source):
    """(uid, words) of everything that can be chosen, in printing order."""
    return [(choice["uid"], choice["words"]) for each in questions_of_choice(source) for choice in each["choices"]]


def questions_of_choice(source, chosen=()):
    """Each question with its ``choices``: the decisions, or itself when it has none."""
    return [
        {"number": item["number"], "title": question(item), "closed": item["closed"], "choices": choices(item, set(chosen))}
        for item in every(source["items"])
    ]


def choices(item, chosen):
    if item["resolutions"]:
        found = [(each["uid"], each["number"], " ".join(line["text"] for line in resolution_lines(each))) for each in item["resolutions"]]
    else:
        found = [(item["uid"], item["number"], "вопрос без решения")] if not item["children"] else []
    return [{"uid": uid, "words": f"{number}. {words}", "chosen": uid in chosen} for uid, number, words in found]
