"""Writes of campaigns: made, drawn once, handed to the outbox in batches, finished."""

from huitou.campaigns.services.drawing import draw, enter_global
from huitou.campaigns.services.editing import (
    back_to_draft,
    cancel,
    change,
    copy,
    create,
    hold,
    schedule,
)
from huitou.campaigns.services.sending import (
    claim,
    close_sending,
    finish,
    note_error,
    note_queued,
    stop_sending,
    until,
)

__all__ = [
    "back_to_draft",
    "cancel",
    "change",
    "claim",
    "close_sending",
    "copy",
    "create",
    "draw",
    "enter_global",
    "finish",
    "hold",
    "note_error",
    "note_queued",
    "schedule",
    "stop_sending",
    "until",
]
