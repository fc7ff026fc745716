"""Reads of what customers said."""

from huitou.voice.queries.answers import (
    answers_of,
    with_answers,
)
from huitou.voice.queries.asking import (
    answered_since,
    asked_answer,
    attitudes_of,
    invitations_of,
    last_asked,
    latest_answers,
    question,
    reasons,
    survey,
    surveys,
    tally,
    touchpoint,
    touchpoints,
    waves,
)

__all__ = [
    "answered_since",
    "answers_of",
    "asked_answer",
    "attitudes_of",
    "invitations_of",
    "last_asked",
    "latest_answers",
    "question",
    "reasons",
    "survey",
    "surveys",
    "tally",
    "touchpoint",
    "touchpoints",
    "waves",
    "with_answers",
]
