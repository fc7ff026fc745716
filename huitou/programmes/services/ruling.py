"""The programme and its dated rules."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from huitou.kit.text import gettext_noop as _
from huitou.platform import audit, facts
from huitou.programmes import errors, models
from huitou.programmes import rules as rule
from huitou.programmes.facts import ProgrammeStarted, RulesChanged
from huitou.programmes.services.joining import programme_day
from huitou.programmes.services.placing import tell_tiers
from huitou.programmes.types import Rules


def start(*, name: str, rules: Rules, valid_from: date, actor: str, now: datetime) -> int:
    """Start the programme with its first rules; returns its id. ``valid_from`` may be a past day:
    orders of members from then on can earn.

    Raises:
        AlreadyStarted, RulesInvalid.
    """
    _check(rules)
    if not name.strip():
        raise errors.RulesInvalid(field="name", reason=_("1 to 100 letters"))
    with transaction.atomic():
        if models.Programme.objects.exists():
            raise errors.AlreadyStarted
        programme = models.Programme.objects.create(
            name=name.strip(), started_on=valid_from, created_at=now
        )
        _write(programme, rules, valid_from, actor, now)
        facts.record(ProgrammeStarted(int(programme.pk)))
        return int(programme.pk)


def change_rules(*, rules: Rules, valid_from: date, actor: str, now: datetime) -> int:
    """Put new rules in force from ``valid_from`` on, today or later; returns the version. What was
    earned before stays as it is.

    Raises:
        NotStarted, RulesInvalid, RulesInThePast.
    """
    _check(rules)
    today = programme_day(now)
    if valid_from < today:
        raise errors.RulesInThePast(day=valid_from.isoformat())
    with transaction.atomic():
        programme = models.Programme.objects.select_for_update().get()
        version = _write(programme, rules, valid_from, actor, now)
        if valid_from == today:
            tell_tiers(today=today, now=now)
        return version


def _write(
    programme: models.Programme, rules: Rules, valid_from: date, actor: str, now: datetime
) -> int:
    before = programme.ruleversion_set.order_by("-valid_from", "-version").values("rules").first()
    last = programme.ruleversion_set.aggregate(last=Max("version"))["last"] or 0
    row = programme.ruleversion_set.create(
        version=last + 1,
        valid_from=valid_from,
        rules=rule.as_json(rules),
        created_by=actor,
        created_at=now,
    )
    audit.note(
        actor=actor,
        action="change_rules",
        subject=f"programme:{programme.pk}",
        before=before and before["rules"],
        after={"valid_from": valid_from.isoformat(), **row.rules},
        now=now,
    )
    facts.record(RulesChanged(row.version))
    return row.version


def _check(rules: Rules) -> None:
    found = rule.faults(rules)
    if found:
        field, reason = found[0]
        raise errors.RulesInvalid(field=field, reason=reason)
