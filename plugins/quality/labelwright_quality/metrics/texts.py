"""Texts: how much of one must be typed anew to get the other."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from labelwright.api import Attribute, Question
from labelwright_quality.metrics.answers import AnswerMetric

LONGEST = 20_000
"""Characters that are compared: the work grows with the square."""


class EditDistance(AnswerMetric):
    """The share of characters that stay."""

    name = "edit-distance"
    title = "Likeness of texts"
    help = "The share of characters that stay when one text is changed into the other."
    types: ClassVar = frozenset({"textarea"})
    params: ClassVar = {
        "case": Attribute(default=False, help="Capital and small letters differ."),
        "spaces": Attribute(default=False, help="Spaces and line breaks count too."),
    }
    preference: ClassVar = 10

    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        from rapidfuzz.distance import Levenshtein

        one, other = (_normal(text, question) for text in (a, b))
        return float(Levenshtein.normalized_similarity(one, other))


def _normal(answer: Any, question: Question) -> str:
    """A text, or several, as they are compared."""
    texts = answer if isinstance(answer, list) else [answer or ""]
    text = unicodedata.normalize("NFC", "\n".join(map(str, texts)))
    if not question.params.get("case"):
        text = text.casefold()
    if not question.params.get("spaces"):
        text = " ".join(text.split())
    return text[:LONGEST]
