"""What may reach the paper: characters that exist, are visible and cannot reorder what a signer reads."""
import re
import unicodedata

# Bullets as Word's Symbol and Wingdings fonts number them: private code points no free font draws.
SYMBOL_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "•", "\uf0fc": "•", "\uf02d": "-", "\uf0be": "-"}
SYMBOL = re.compile("[" + "".join(SYMBOL_BULLETS) + "]")
# Controls, bidirectional overrides and isolates, zero-width marks, non-characters. Nothing a reader can see is lost.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
BROKEN = re.compile("[\ud800-\udfff]")
ODD_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def clean(value):
    """Return `value` as text that can be printed: None is empty, odd line breaks become \\n, broken halves of characters a sign."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    text = ODD_BREAKS.sub("\n", text).replace("\t", " ")
    text = INVISIBLE.sub("", text)
    text = BROKEN.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    return SYMBOL.sub(lambda match: SYMBOL_BULLETS[match.group()], text)


def printed_lines(value):
    """Split typed text into its lines without empty ones at the ends."""
    return clean(value).strip("\n ").split("\n")
