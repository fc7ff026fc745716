"""What sending costs: an amount for each month with messages, and one per message. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a channel costs, in minor units."""

    month_minor: int  # of each month in which anything is sent
    message_minor: int  # of each message; of an SMS, each part

    def cost_minor(self, messages: int, *, has_sent_this_month: bool = False) -> int:
        """What so many more messages of one month cost; with the month's fee, unless the month has
        had its first message already. No message costs nothing.

        Source: 001:134, 15 yuan a month and 0.05 an SMS: 1,000 SMS in a month are 65.00.

        >>> Tariff(1500, 5).cost_minor(1_000), Tariff(1500, 5).cost_minor(0)
        (6500, 0)
        """
        if messages == 0:
            return 0
        fee = 0 if has_sent_this_month else self.month_minor
        return fee + messages * self.message_minor


# Where the company has set none: the tariff of the text (P11), and mail over the own server.
_PRESETS: Final[Mapping[tuple[str, str], Tariff]] = {("sms", "CNY"): Tariff(1500, 5)}


def preset(channel: str, currency: str) -> Tariff | None:
    """The tariff to start from; None = the cost is not known."""
    return Tariff(0, 0) if channel == "email" else _PRESETS.get((channel, currency))
