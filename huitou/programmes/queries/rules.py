"""Reads of the programme and its dated rules."""

from datetime import date
from typing import Final

from huitou.kit.money import Currency
from huitou.programmes import models
from huitou.programmes import rules as rule
from huitou.programmes.types import ProgrammeRow, RulesRow
from huitou.staff import queries as staff

_PROGRAMME: Final = ("id", "name", "started_on", "points_name_zh", "points_name_en")
_VERSION: Final = ("id", "version", "valid_from", "rules", "created_by", "created_at")


def programme() -> ProgrammeRow | None:
    """The programme; None until it is started."""
    row = models.Programme.objects.values_list(*_PROGRAMME).first()
    return ProgrammeRow(*row) if row else None


def rules_on(day: date) -> RulesRow | None:
    """The rules in force on ``day``; None before the first."""
    row = (
        models.RuleVersion.objects.filter(valid_from__lte=day)
        .order_by("-valid_from", "-version")
        .values_list(*_VERSION)
        .first()
    )
    return _row(row) if row else None


def version(version_id: int) -> RulesRow | None:
    """The version with this id."""
    row = models.RuleVersion.objects.filter(id=version_id).values_list(*_VERSION).first()
    return _row(row) if row else None


def versions() -> list[RulesRow]:
    """Every version of the rules, the latest to begin first."""
    rows = models.RuleVersion.objects.order_by("-valid_from", "-version").values_list(*_VERSION)
    return [_row(row) for row in rows]


def factor() -> int:
    """Minor units of one major unit of the company's currency."""
    company = staff.company()
    return int(10 ** Currency(company.currency).decimals) if company else 100


def _row(row: tuple[object, ...]) -> RulesRow:
    found = RulesRow(*row)  # type: ignore[arg-type]  # in the order of _VERSION
    return found._replace(rules=rule.from_json(found.rules))  # type: ignore[arg-type]  # stored JSON
