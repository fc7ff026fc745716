"""What a campaign may be and where it may go next. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from huitou.campaigns import errors, merging
from huitou.campaigns.types import CHANNELS, GOALS, OUTCOMES, Terms

# From each state, where a campaign may go. Held by a constraint on the states, and by the services.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"ready", "cancelled"}),
    "ready": frozenset({"draft", "sending", "cancelled"}),
    "sending": frozenset({"running"}),
    "running": frozenset({"finished"}),
    "finished": frozenset(),
    "cancelled": frozenset(),
}
LONGEST_WINDOW_DAYS: Final = 365
MOST_HELD_OUT_PERCENT: Final = 90
MOST_LOOKS: Final = 2
THEME_CHARACTERS: Final = 100
_NEEDS_SUBJECT: Final = ("email",)


def check_move(state: str, to: str) -> None:
    """Refuse a step the life of a campaign does not know.

    Raises:
        WrongState: it cannot go from ``state`` to ``to``.
    """
    if to not in MOVES[state]:
        raise errors.WrongState(state=state)


def check_terms(terms: Terms) -> None:
    """Refuse what could never be sent or judged; what is only still missing is no refusal.

    Raises:
        ChoiceUnknown, TermsInvalid, MessageTooLong, MessageBroken, MergeFieldUnknown
    """
    for name, known in (("goal", GOALS), ("channel", CHANNELS), ("outcome", OUTCOMES)):
        if getattr(terms, name) not in known:
            raise errors.ChoiceUnknown(field=name, value=getattr(terms, name))
    ranges: Sequence[tuple[str, int, int, int]] = (
        ("theme", len(terms.theme), 0, THEME_CHARACTERS),
        ("window_days", terms.window_days, 1, LONGEST_WINDOW_DAYS),
        ("holdout_percent", terms.holdout_percent, 0, MOST_HELD_OUT_PERCENT),
        ("looks_planned", terms.looks_planned, 0, MOST_LOOKS),
    )
    for name, value, least, most in ranges:
        if not least <= value <= most:
            raise errors.TermsInvalid(field=name, value=value, least=least, most=most)
    merging.check(terms.subject)
    merging.check(terms.text)


def missing(terms: Terms) -> list[str]:
    """What still has to be said before the campaign can be sent, as names of its parts."""
    wanted = [
        ("theme", bool(terms.theme.strip())),
        ("audience", bool(terms.expression)),
        ("text", bool(terms.text.strip())),
        ("subject", terms.channel not in _NEEDS_SUBJECT or bool(terms.subject.strip())),
        ("coupon", bool(terms.coupon_batch) or not _asks_for_coupon(terms)),
    ]
    return [name for name, is_there in wanted if not is_there]


def window_until(last_sent_on: date, window_days: int) -> date:
    """The last day of the outcome window: ``window_days`` days after the last send."""
    return last_sent_on + timedelta(days=window_days)


def is_over(window_until_on: date, *, today: date) -> bool:
    """Whether every day of the window is past."""
    return today > window_until_on


def kind_of(goal: str, outcome: str, window_days: int) -> str:
    """Campaigns of one kind may be pooled: the same purpose, outcome and window."""
    return f"{goal}:{outcome}:{window_days}"


def _asks_for_coupon(terms: Terms) -> bool:
    return bool({"coupon", "coupon_ends"} & {*merging.asked(terms.text + terms.subject)})
