"""Reads of the programme and its dated rules."""

import json
from datetime import date
from typing import Final

from huitou.kit.money import Currency
from huitou.platform import prepared
from huitou.programmes import models
from huitou.programmes import rules as rule
from huitou.programmes.types import ProgrammeRow, RulesRow, Standing
from huitou.staff import queries as staff

_PROGRAMME: Final = ("id", "name", "started_on", "points_name_zh", "points_name_en")
_STANDING: Final = """
SELECT p.id, v.id, v.version, v.valid_from, v.rules::text, v.created_by, v.created_at,
       EXISTS (SELECT FROM programmes_membership m
                WHERE m.customer_id = %s::bigint AND m.left_at IS NULL)
  FROM programmes_programme p
  LEFT JOIN LATERAL (SELECT * FROM programmes_ruleversion WHERE valid_from <= %s::date
                      ORDER BY valid_from DESC, version DESC LIMIT 1) v ON true
"""
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


def standing(customer_id: int, *, today: date) -> Standing | None:
    """The programme, its rules in force and whether the customer is a member, in one statement
    planned once a connection; None until there is a programme."""
    found = prepared.rows(_STANDING, [customer_id, today])
    if not found:
        return None
    programme_id, *version, is_member = found[0]
    rules = None
    if version[0] is not None:
        rules = _row((*version[:3], json.loads(version[3]), *version[4:]))
    return Standing(programme_id, rules, is_member)


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
