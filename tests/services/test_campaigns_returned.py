"""What came back of a campaign's messages stands on its result."""

from datetime import timedelta

import pytest

from huitou.campaigns import queries as campaigns
from huitou.flows import campaigns as flow
from huitou.flows import contacting, incoming
from huitou.platform.models import Message
from tests.rules.returned_mails import complaint, dsn
from tests.services import campaign_shop as shops
from tests.services.campaign_shop import NOW

pytestmark = pytest.mark.django_db


def test_bounces_and_complaints_are_counted_on_the_result():
    shops.shop(40)
    row = shops.sent(holdout_percent=0, channel="email")
    Message.objects.update(state="sending")
    Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    gone, full, spam = Message.objects.order_by("pk")[:3]
    for number, (message, raw) in enumerate(
        [
            (gone, lambda one: dsn(mark(one), to=one.address)),
            (full, lambda one: dsn(mark(one), "5.2.2", to=one.address)),
            (spam, lambda one: complaint(mark(one))),
        ]
    ):
        later = NOW + timedelta(hours=number)
        incoming.take(raw(message), letters=False, received_at=None, now=later)
    sends = campaigns.sends(flow.source_of(row.public_id))
    assert (sends.sent, sends.lost, sends.came_back) == (40, 2, 1)
    assert (sends.unsubscribed, sends.complained) == (1, 1)


def mark(message):
    return contacting.surroundings("email", now=NOW).mark(message.ref)
