"""Names of files as people see them: cleaned once, at the door, and never used as a path."""
import re
import unicodedata

MOST_BYTES = 255
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def clean_name(raw, ending=""):
    """A name that is safe to show, to offer for saving and to put into a ZIP; it ends in ``.ending``.

    Paths, control and direction characters and what Windows cannot store are taken out; 255 bytes at most.
    """
    name = unicodedata.normalize("NFC", (raw or "").encode("utf-8", "ignore").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = " ".join(name.split()).rstrip(". ")
    stem, dot, last = name.rpartition(".")
    if not dot or ending_of(name) != ending:
        stem, last = name, ending
    stem = stem.strip(". ") or "файл"
    if RESERVED.match(stem.split(".")[0]):
        stem = "_" + stem
    return cut(stem, MOST_BYTES - len(last.encode()) - 1) + (f".{last}" if last else "")


def ending_of(name):
    """The ending in small letters, with the two spellings of JPG made one."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return "jpg" if ending in {"jpeg", "jpe", "jfif"} else ending


def cut(text, size):
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(". ")
