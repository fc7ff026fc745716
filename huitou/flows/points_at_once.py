"""Points that another system gives and takes, in one round trip to the database.

A process remembers what hardly ever changes: the company's zone, its programme, the rules of
today. The statement that posts asks whether all of it is still so, the API key in force and the
customer a member. If not, nothing is posted, and ``points_given`` has to be asked: it looks
everything up, and says what is wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from huitou.flows.points_given import Wanted, award, redemption
from huitou.kit.clock import civil_day, zone
from huitou.kit.statements import statement
from huitou.points.services import gated
from huitou.points.types import Award, Posted, Redeem
from huitou.programmes import queries as programmes
from huitou.programmes.types import RulesRow
from huitou.staff import queries as staff

NAMED: Final = gated.NAMED  # as the customer that is wanted: who has the code
_WHOM: Final = statement(__file__, "member_as_remembered")


@dataclass(frozen=True, slots=True)
class Named:
    """A customer by code, as who holds this API key says."""

    code: str
    key_id: int


@dataclass(frozen=True, slots=True)
class _Memory:
    zone: str
    programme_id: int
    rules: RulesRow

    def today(self, now: datetime) -> date:
        return civil_day(now, zone(self.zone))


_memory: _Memory | None = None


def earn(wanted: Wanted, named: Named, *, now: datetime) -> Posted | None:
    """Give points as ``points_given.earn`` does; None: it has to be asked."""
    if (known := _memory) is None:
        _learn(now)
        return None
    today = known.today(now)
    entry = award(wanted, known.rules, today=today, now=now)
    return _post(entry, named, known, today=today, now=now)


def redeem(wanted: Wanted, named: Named, *, now: datetime) -> Posted | None:
    """Take points as ``points_given.redeem`` does; None: it has to be asked.

    Raises:
        PointsShort: the member has fewer.
    """
    if (known := _memory) is None:
        _learn(now)
        return None
    entry = redemption(wanted, now=now)
    return _post(entry, named, known, today=known.today(now), now=now)


def _post(
    entry: Award | Redeem, named: Named, known: _Memory, *, today: date, now: datetime
) -> Posted | None:
    values = {
        "code": named.code,
        "key_id": str(named.key_id),
        "zone": known.zone,
        "today": today.isoformat(),
        "programme_id": str(known.programme_id),
        "rule_version": str(known.rules.id),
        "ruled_at": known.rules.created_at.isoformat(),
    }
    whom = gated.Whom(_WHOM, values)
    posted = gated.post_for(whom, known.programme_id, entry, day=today, now=now)
    if posted is None:
        _learn(now)
    return posted


def _learn(now: datetime) -> None:
    """Remember how things stand; nothing while there is no company, programme or rule."""
    global _memory  # noqa: PLW0603 - a process has one
    where = staff.company_zone()
    if where is None:
        return
    found = programmes.standing(NAMED, today=civil_day(now, zone(where)))
    if found is not None and found.rules is not None:
        _memory = _Memory(where, found.programme_id, found.rules)
