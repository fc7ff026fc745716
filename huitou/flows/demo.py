"""Fill an empty installation with a shop to try things on, by the road a shop's own files take."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from huitou.flows import imports
from huitou.flows.types import Result, RowSource, Wishes
from huitou.insights import services as insights
from huitou.insights.types import Options
from huitou.platform.progress import Reporter
from huitou.staff import services as staff
from huitou.staff.types import CompanyIn, Role, UserIn

ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """What stands before the files: company, stores by name, closed days, people, settings."""

    company: CompanyIn
    stores: Sequence[str]
    users: Sequence[UserIn]
    since: date  # from when the settings hold
    closed: Sequence[date] = ()
    closed_reason: str = ""
    settings: Sequence[tuple[str, str, Any]] = field(default_factory=tuple)  # name, scope, value


def fill(
    shop: DemoShop,
    sources: Sequence[RowSource],
    *,
    password: str,
    now: datetime,
    reporter: Reporter,
) -> list[Result]:
    """Make the company and import ``sources`` in their order; returns what each import did.

    Raises:
        HuitouError: whatever the first refused step says; nothing after it is tried.
    """
    staff.set_company(company=shop.company, actor=ACTOR, now=now)
    stores = [staff.add_store(code=name, name=name, actor=ACTOR, now=now) for name in shop.stores]
    staff.close_days(days=shop.closed, reason=shop.closed_reason, actor=ACTOR, now=now)
    for name, scope, value in shop.settings:
        staff.set_setting(
            name=name, value=value, valid_from=shop.since, scope=scope, actor=ACTOR, now=now
        )
    for user in shop.users:
        at_till = user.role == Role.CASHIER.value  # of one store
        placed = replace(user, stores=(stores[0],)) if at_till else user
        staff.add_user(user=placed, password=password, actor=ACTOR, now=now)
    return [
        imports.run(source, Wishes(), actor=ACTOR, now=now, reporter=reporter) for source in sources
    ]


def measure_twice(last_on: date, *, days_between: int, now: datetime, reporter: Reporter) -> None:
    """Measure as of some days before ``last_on``, then as of now: the screens show who moved."""
    for options in (Options(as_of=last_on - timedelta(days=days_between)), Options()):
        insights.measure(options=options, actor=ACTOR, now=now, reporter=reporter)
