"""Writes of what customers said: files of answers, answers asked for, cases."""

from huitou.voice.services.answering import answer
from huitou.voice.services.importing import (
    apply,
    compare,
    lock,
    roll_back,
)
from huitou.voice.services.inviting import ask
from huitou.voice.services.inviting import lock as lock_waves
from huitou.voice.services.surveys import (
    close_survey,
    close_touchpoint,
    open_survey,
    open_touchpoint,
    reopen_survey,
)

__all__ = [
    "answer",
    "apply",
    "ask",
    "close_survey",
    "close_touchpoint",
    "compare",
    "lock",
    "lock_waves",
    "open_survey",
    "open_touchpoint",
    "reopen_survey",
    "roll_back",
]
