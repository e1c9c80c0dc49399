"""A topic of the plan as questions: its lines become questions, what is listed under a line its sub-questions. Pure."""
import re
from dataclasses import dataclass, field

TITLE_LIMIT = 1000
MISC = "разное"
_ENDS = re.compile(r"[\s;:,]+$")
_FULL_STOP = re.compile(r"(?<!\bг)(?<!\bгг)(?<!\bдр)(?<!\bпр)(?<!\bт\.д)(?<!\bт\.п)(?<!\.)\.$", re.IGNORECASE)


@dataclass
class Topic:
    """One line of the topic that can be heard: ``line`` is its place in the cell, ``text`` the words of the plan."""

    line: int
    text: str
    children: list["Topic"] = field(default_factory=list)

    @property
    def title(self):
        """The words as a question: without the sign that ended them in the list."""
        return shortened(_FULL_STOP.sub("", _ENDS.sub("", self.text)))

    @property
    def is_misc(self):
        return self.title.strip("«»\" ").casefold() == MISC


def shortened(text):
    return text if len(text) <= TITLE_LIMIT else text[:TITLE_LIMIT - 1].rstrip() + "…"


def topics(lines):
    """The lines of a cell as Topics with one level of children; what lies deeper joins the text it stands under.

    A list stands under the paragraph before it, whatever its level; a list without a paragraph stands for itself.
    """
    top, ranks, places = [], [], []
    for place, line in enumerate(lines):
        rank = line["level"] * 2 + (line["marker"] != "paragraph")
        goes_down = bool(ranks) and ranks[-1] < rank
        while ranks and ranks[-1] >= rank:
            ranks.pop()
            places.pop()
        topic = Topic(place, line["text"])
        if not places:
            top.append(topic)
        elif len(places) == 1:
            places[0].children.append(topic)
        else:
            topic = places[1]
            topic.text = joined(topic.text, line, len(places) if goes_down else 0)
        ranks.append(rank)
        places.append(topic)
    return top


def joined(text, line, depth):
    """«портфель «Сильная команда»: школы; детские сады»; ``depth`` is how deep a list begins here, 0 where it goes on."""
    if line["marker"] == "paragraph":
        return f"{text} {line['text']}"
    if depth:
        return f"{_ENDS.sub('', text)}{':' if depth == 2 else ' –'} {line['text']}"
    return f"{text}{'' if text.endswith((';', ',', '.', ':')) else ';'} {line['text']}"


def flat(found):
    """Every Topic with the one it stands under (or None), in the order of the text."""
    for topic in found:
        yield topic, None
        for child in topic.children:
            yield child, topic
