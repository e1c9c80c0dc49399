"""Markup of many words. Here is the only place beside the icons where text is declared safe, each word escaped."""
from html import escape

from django.utils.safestring import SafeString


def format_words(frame, words):
    """``format_html`` for the hundreds of words of a paper: Django asks of each whether it is lazy, which takes longer than all else."""
    return SafeString(frame.format(*map(escaped, words)))


def escaped(word):
    """The word for text and attributes; what is markup already stays."""
    return word.__html__() if hasattr(word, "__html__") else escape(str(word))
