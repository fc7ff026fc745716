"""What sending costs, from the dated tariff: before it is done, and for what was done."""

from datetime import datetime

from huitou.flows import contacting
from huitou.kit.clock import zone
from huitou.platform.messages import queries as outbox
from huitou.platform.messages import texts
from huitou.staff import errors as staff_errors
from huitou.staff import queries as staff


def parts_of(channel: str, text: str, *, purpose: str, now: datetime) -> int:
    """As how many messages this text is charged on ``channel``: of SMS, its parts as it goes out.

    Raises:
        texts.WrongSignature: an SMS stands under another signature than the house's.
    """
    if channel != "sms":
        return 1
    signature = contacting.surroundings(channel, now=now).signature
    return texts.parts(texts.sms(text, signature=signature, purpose=purpose))


def estimate_minor(channel: str, *, messages: int, now: datetime) -> int | None:
    """What so many more charged messages on ``channel`` cost this month, in minor units; None =
    nobody has said what the channel costs.

    The month's fee is in it unless something was sent on the channel this month already. Months
    are those of the company's zone.
    """
    tariff = contacting.tariff(channel, now=now)
    if tariff is None:
        return None
    company = staff.company()
    if company is None:
        raise staff_errors.NotSetUp
    local = now.astimezone(zone(company.zone))
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    has_sent = outbox.has_sent(channel, since=month)
    return tariff.cost_minor(messages, has_sent_this_month=has_sent)
