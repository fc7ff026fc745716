"""Writes of what customers said: files of answers, answers asked for, cases."""

from huitou.voice.services.importing import (
    apply,
    compare,
    lock,
    roll_back,
)

__all__ = [
    "apply",
    "compare",
    "lock",
    "roll_back",
]
