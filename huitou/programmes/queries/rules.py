"""Reads of the programme and its dated rules."""

from datetime import date

from huitou.programmes.types import ProgrammeRow, RulesRow


def programme() -> ProgrammeRow | None:
    """The programme; None until it is started."""
    raise NotImplementedError


def rules_on(day: date) -> RulesRow | None:
    """The rules in force on ``day``; None before the first."""
    raise NotImplementedError


def versions() -> list[RulesRow]:
    """Every version of the rules, the latest to begin first."""
    raise NotImplementedError
