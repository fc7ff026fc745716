"""Orders are paid with points, and the points come back with the goods."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from huitou.points import services as points
from huitou.points.types import POINTS, GiveBack, Redeem
from huitou.programmes import errors, models, queries
from huitou.programmes.fold import ledger_key

GRACE_DAYS: Final = 30  # points given back whose own last day has passed can be used so long
PAID: Final = "paid"
UNPAID: Final = "unpaid"


@dataclass(frozen=True, slots=True)
class PaymentIn:
    """An order that is paid with points."""

    order_source: str
    order_number: str
    customer_id: int
    points: int
    worth_minor: int


def pay(*, payment: PaymentIn, now: datetime) -> None:
    """Take the points of the order, in the caller's transaction, which holds the member.

    Raises:
        NotStarted: there is no programme.
        PointsShort: the member has fewer by now.
    """
    programme_id = _programme_id()
    with transaction.atomic():
        models.Payment.objects.create(
            source=payment.order_source,
            number=payment.order_number,
            customer_id=payment.customer_id,
            points=payment.points,
            worth_minor=payment.worth_minor,
        )
        entry = Redeem(
            source=ledger_key(PAID, payment.order_source),
            external_id=ledger_key("", payment.order_number),
            customer_id=payment.customer_id,
            unit=POINTS,
            points=payment.points,
            occurred_at=now,
            why={
                "what": "paid",
                "order_source": payment.order_source,
                "order_number": payment.order_number,
                "points": payment.points,
                "worth_minor": payment.worth_minor,
            },
        )
        points.post(programme_id, [entry], now=now)


def give_back_points(
    *, order_source: str, order_number: str, share: tuple[int, int], today: date, now: datetime
) -> int:
    """Give points back to the lots that paid, so that ``share`` (part, whole) of the payment is
    back in all; returns how many now. However an order is split, the same number is back in the
    end.
    """
    with transaction.atomic():
        row = (
            models.Payment.objects.select_for_update()
            .filter(source=order_source, number=order_number)
            .first()
        )
        part, whole = share
        if row is None or whole <= 0:
            return 0
        due = row.points * min(part, whole) // whole - row.points_back
        if due <= 0:
            return 0
        entry = GiveBack(
            source=ledger_key(f"{UNPAID}/{row.points_back}", order_source),
            external_id=ledger_key("", order_number),
            of_source=ledger_key(PAID, order_source),
            of_external_id=ledger_key("", order_number),
            points=due,
            occurred_at=now,
            why={
                "what": "paid_back",
                "order_source": order_source,
                "order_number": order_number,
                "points": due,
            },
            grace_until=today + timedelta(days=GRACE_DAYS),
        )
        points.post(_programme_id(), [entry], now=now)
        models.Payment.objects.filter(pk=row.pk).update(points_back=row.points_back + due)
        return int(due)


def _programme_id() -> int:
    programme = queries.programme()
    if programme is None:
        raise errors.NotStarted
    return programme.id
