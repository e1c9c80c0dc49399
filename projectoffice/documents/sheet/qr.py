"""The code on the first sheet: dark modules as filled rectangles, crisp on any printer.

The drawing goes straight into the page instead of through an SVG path: parsing five hundred strokes took a tenth of the sheet.
"""
import segno
from weasyprint.formatting_structure import boxes

QUIET_ZONE = 4
CLASS = "qr"
# Any mask can be read; finding the prettiest of eight takes a twentieth of the whole sheet.
MASK = 2


class Code:
    """Stands in for the empty picture that the template leaves for the code."""

    def __init__(self, address):
        self.matrix = segno.make(address, error="m", micro=False, mask=MASK).matrix

    def get_intrinsic_size(self, *_):
        """A square of any size: the style sheet says which."""
        return None, None, 1

    def draw(self, stream, width, height, style):
        """WeasyPrint's protocol for pictures: (0, 0) is the upper left corner, units are CSS pixels."""
        size = width / (len(self.matrix) + 2 * QUIET_ZONE)
        stream.set_color_rgb(0, 0, 0)
        for y, row in enumerate(self.matrix, QUIET_ZONE):
            for x, length in _runs(row):
                stream.rectangle(x * size, y * size, length * size, size)
        stream.fill()


def place_code(document, address):
    """Put the code of `address` into its place on the first page of a laid out document."""
    [box] = [
        box for box in document.pages[0]._page_box.descendants(placeholders=True)
        if isinstance(box, boxes.ReplacedBox) and box.element is not None and box.element.get("class") == CLASS
    ]
    box.replacement = Code(address)


def _runs(row):
    start = None
    for x, dark in enumerate([*row, 0], QUIET_ZONE):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
