"""The code on the first sheet, as one filled path: crisp on any printer, no image file."""
import segno

QUIET_ZONE = 4


def qr_path(address):
    """Return {"size", "path"} in modules, quiet zone included."""
    matrix = segno.make(address, error="m", micro=False).matrix
    bars = [_bar(x, y, length) for y, row in enumerate(matrix, QUIET_ZONE) for x, length in _runs(row)]
    return {"size": str(len(matrix) + 2 * QUIET_ZONE), "path": "".join(bars)}


def _runs(row):
    start = None
    for x, dark in enumerate([*row, 0], QUIET_ZONE):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None


def _bar(x, y, length):
    return f"M{x} {y}h{length}v1h-{length}z"
