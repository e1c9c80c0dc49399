"""Votes as people type and papers print them. Pure: no database.

A vote is None (there was none), ``{"unanimous": True}`` or ``{"for": 12, "against": 0, "abstained": 1}``.
"""
from django.core.exceptions import ValidationError

SIDES = {"for": "за", "against": "против", "abstained": "воздержались"}
MOST = 10_000


def read_vote(*, unanimous, numbers, present):
    """A vote from a form: ``numbers`` by side, texts or None; ``present`` is how many of the voting are there.

    Raises ValidationError with a sentence; an empty form is no vote.
    """
    if unanimous:
        return {"unanimous": True}
    typed = {side: str(numbers.get(side) or "").strip() for side in SIDES}
    if not any(typed.values()):
        return None
    if any(text and not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST)) for text in typed.values()):
        raise ValidationError("Голоса – целые числа от нуля.")
    vote = {side: int(text or 0) for side, text in typed.items()}
    total = sum(vote.values())
    if total > present:
        raise ValidationError(
            f"Голосов {total}, а присутствуют {present}. Проверьте числа или отметьте опоздавшего.")
    return vote


def total(vote):
    return sum(vote[side] for side in SIDES) if vote and "for" in vote else 0


def vote_words(vote):
    """«Голосовали: «за» – 12; «против» – нет; «воздержались» – 1»; empty when there was no vote."""
    if not vote:
        return ""
    if vote.get("unanimous"):
        return "Голосовали: единогласно"
    return "Голосовали: " + "; ".join(f"«{word}» – {vote[side] or 'нет'}" for side, word in SIDES.items())
