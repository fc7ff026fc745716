"""Values of the voice room."""

from huitou.voice.types.answers import (
    ITEMS,
    AnswerIn,
    AnswerRow,
    Rejected,
    Scale,
)

__all__ = [
    "ITEMS",
    "AnswerIn",
    "AnswerRow",
    "Rejected",
    "Scale",
]
