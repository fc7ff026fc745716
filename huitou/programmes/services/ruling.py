"""The programme and its dated rules."""

from datetime import date, datetime

from huitou.programmes.types import Rules


def start(*, name: str, rules: Rules, valid_from: date, actor: str, now: datetime) -> int:
    """Start the programme with its first rules; returns its id. ``valid_from`` may be a past day:
    orders of members from then on can earn.

    Raises:
        AlreadyStarted, RulesInvalid.
    """
    raise NotImplementedError


def change_rules(*, rules: Rules, valid_from: date, actor: str, now: datetime) -> int:
    """Put new rules in force from ``valid_from`` on, today or later; returns the version. What was
    earned before stays as it is.

    Raises:
        NotStarted, RulesInvalid, RulesInThePast.
    """
    raise NotImplementedError
