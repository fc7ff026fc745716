"""What happens next: which followers hear of which fact. Read it and you know the company.

A follower is named ``module:function`` and called as ``follower(fact_id, payload, now)`` after the
commit, in a transaction of its own that also ticks it off: its writes happen once, or again as a
whole. What it does outside the database must bear being done twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

Follower = Callable[[int, Mapping[str, Any], datetime], None]

# The name of a fact -> its followers, in the order they are called. Keep sorted by fact.
FOLLOWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "insights.measured": ("huitou.flows.attitudes:follow_measurement",),
    "orders.import_applied": ("huitou.flows.earning:follow_import",),
    "orders.import_rolled_back": ("huitou.flows.earning:follow_roll_back",),
    "orders.sold": ("huitou.flows.settling:settle_sold",),
    "programmes.joined": ("huitou.flows.earning:follow_joining",),
    "voice.answered": ("huitou.flows.attitudes:follow_answer",),
    "voice.case_answer_lost": ("huitou.flows.case_alarms:tell_lost",),
    "voice.case_due_soon": ("huitou.flows.case_alarms:warn",),
    "voice.case_overdue": ("huitou.flows.case_alarms:escalate",),
}
