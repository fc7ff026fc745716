"""Writes of what customers said: files of answers, answers asked for, cases."""

from huitou.voice.services.answering import answer, bring
from huitou.voice.services.handing import hand_over
from huitou.voice.services.handling import (
    Classified,
    Found,
    classify,
    note_compensation,
    remark,
    reply,
    work_out,
)
from huitou.voice.services.handling import assign as assign_case
from huitou.voice.services.handling import close as close_case
from huitou.voice.services.handling import hold as hold_case
from huitou.voice.services.hearing import add_word, confirm, open_case
from huitou.voice.services.hearing import reopen as reopen_case
from huitou.voice.services.hearing import say as say_more
from huitou.voice.services.importing import (
    apply,
    compare,
    lock,
    roll_back,
)
from huitou.voice.services.inviting import ask
from huitou.voice.services.inviting import lock as lock_waves
from huitou.voice.services.promising import keep as keep_promise
from huitou.voice.services.promising import promise
from huitou.voice.services.promising import withdraw as withdraw_promise
from huitou.voice.services.ringing import answer_lost, ring
from huitou.voice.services.surveys import (
    close_survey,
    close_touchpoint,
    open_survey,
    open_touchpoint,
    reopen_survey,
)

__all__ = [
    "Classified",
    "Found",
    "add_word",
    "answer",
    "answer_lost",
    "apply",
    "ask",
    "assign_case",
    "bring",
    "classify",
    "close_case",
    "close_survey",
    "close_touchpoint",
    "compare",
    "confirm",
    "hand_over",
    "hold_case",
    "keep_promise",
    "lock",
    "lock_waves",
    "note_compensation",
    "open_case",
    "open_survey",
    "open_touchpoint",
    "promise",
    "remark",
    "reopen_case",
    "reopen_survey",
    "reply",
    "ring",
    "roll_back",
    "say_more",
    "withdraw_promise",
    "work_out",
]
