"""Signatures side by side stand on one level, however many lines the posts above them take (ГОСТ Р 7.0.97).

CSS aligns whole cells; the part to be signed is moved down inside the finished layout, into room that is free anyway.
"""


def level_signatures(document):
    """Move the signed part of the shorter stamps of a row down to the level of the longest."""
    for page in document.pages:
        for row in _with_class(page._page_box, "stamps"):
            pens = list(_with_class(row, "pen"))
            lowest = max((_bottom(pen) for pen in pens), default=0)
            for pen in pens:
                pen.translate(dy=lowest - _bottom(pen))


def _with_class(box, name):
    """Boxes of the element itself; its anonymous parts are inside the first."""
    seen = set()
    for item in box.descendants(placeholders=True):
        if item.element is not None and item.element.get("class", "").split()[:1] == [name] and id(item.element) not in seen:
            seen.add(id(item.element))
            yield item


def _bottom(box):
    return box.position_y + box.margin_height()
