"""Lines with levels become an opening and closing sequence, so that a template prints nested lists without recursion.

The sign of a list line is part of its text: a sign drawn beside the text would come last when somebody copies or searches it.
"""
from projectoffice.common.lines import nested

# The office types a plain hyphen before the items of a plan, and that is what its paper shows.
SIGNS = {"bullet": "•", "dash": "-"}


def flow(lines):
    """Return printing steps: ("text", depth, parts), ("open", depth, marker), ("item", sign, parts), ("/item",), ("/list",).

    `depth` is how many levels the text or the list is further in than what is around it; `parts` are divided by forced breaks.
    """
    return list(_steps(nested(lines), 0))


def _steps(blocks, around):
    for block in blocks:
        depth = str(max(block.level - around, 0))
        if block.marker == "paragraph":
            yield "text", depth, block.entries[0].text.split("\n")
            continue
        yield "open", depth, block.marker
        for entry in block.entries:
            yield "item", SIGNS.get(block.marker) or f"{entry.number}.", entry.text.split("\n")
            yield from _steps(entry.inside, block.level + 1)
            yield ("/item",)
        yield ("/list",)
