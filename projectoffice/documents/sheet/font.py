"""The one font of the paper: where it is and which characters it can draw.

A character without a shape would be an empty box of no meaning, which the archive format forbids; it becomes a visible sign.
"""
import re
import subprocess
from functools import lru_cache

from fontTools.ttLib import TTFont

FAMILY = "Liberation Serif"
STYLES = ("Regular", "Bold")
SIGN = "□"


class FontMissing(Exception):
    """The server has no Liberation Serif: a sheet in another font would not be the office's paper."""


@lru_cache(maxsize=1)
def undrawable():
    """A pattern of the characters that the font has no shape for."""
    drawable = set.intersection(*(_characters(style) for style in STYLES)) | {10, 13, 32}
    ranges, start = [], 0
    for code in sorted(drawable):
        if code > start:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
        start = code + 1
    return re.compile(f"[{''.join(ranges)}{re.escape(chr(start))}-\U0010ffff]")


def legible(text):
    """The text with a sign in place of every character the font cannot draw."""
    return undrawable().sub(SIGN, text)


def _characters(style):
    question = ["fc-match", "--format=%{family}\n%{file}", f"{FAMILY}:style={style}"]
    answer = subprocess.run(question, capture_output=True, text=True, check=False, timeout=20).stdout
    family, _, path = answer.partition("\n")
    if FAMILY not in family:
        raise FontMissing(f"{FAMILY} is not installed (package fonts-liberation); fontconfig offers: {family or 'nothing'}")
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())
