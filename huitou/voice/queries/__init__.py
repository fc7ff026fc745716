"""Reads of what customers said."""

from huitou.voice.queries.answers import (
    answers_of,
    with_answers,
)

__all__ = [
    "answers_of",
    "with_answers",
]
