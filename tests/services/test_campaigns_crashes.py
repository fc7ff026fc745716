"""However a sender ends, nobody is lost and nobody gets two: threads at once, and kill -9."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections

from huitou.campaigns import queries as campaigns
from huitou.flows import campaigns as flow
from huitou.platform.models import Message
from huitou.programmes import services as programmes
from huitou.programmes.types import BatchIn, CouponKind
from tests.services import campaign_shop as shops

NOW = shops.NOW
PEOPLE = 400
pytestmark = pytest.mark.django_db(transaction=True)
SENDER = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from datetime import datetime
from huitou.flows import campaigns
now = datetime.fromisoformat(sys.argv[3])
print("ready", flush=True)
while campaigns.send_batch(sys.argv[2], now=now, limit=7):
    pass
campaigns.work(now)
"""


def drawn_campaign() -> tuple[int, str]:
    """A campaign that is drawn, with a coupon for each, and nothing sent yet."""
    shops.shop(PEOPLE)
    batch = programmes.add_batch(
        batch=BatchIn(name="满 30 减 5", kind=CouponKind.AMOUNT, amount_minor=500, valid_days=30),
        actor="user:1",
        now=NOW,
    )
    row = shops.campaign(text="{{ name }}，券码 {{ coupon }}", coupon_batch=batch)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    return row.id, row.public_id


def check(campaign_id: int, public_id: str) -> None:
    """Everybody drawn for sending has one message with a code of their own; nobody else has any."""
    treated = shops.arms(campaign_id)["treated"]
    got = Counter(Message.objects.values_list("customer_id", flat=True))
    assert set(got) == treated
    assert set(got.values()) == {1}
    codes = [
        person.coupon_code for person in campaigns.people(campaign_id, arm="treated", limit=PEOPLE)
    ]
    assert len(set(codes)) == len(treated)
    assert all(codes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM programmes_coupon")
        assert cursor.fetchone() == (len(treated),)
    assert campaigns.one(public_id).state == "running"


def test_four_senders_at_once_send_to_everyone_once():
    campaign_id, public_id = drawn_campaign()

    def send() -> None:
        try:
            while flow.send_batch(public_id, now=NOW, limit=5):
                pass
            flow.work(NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(campaign_id, public_id)


def test_a_sender_killed_three_times_loses_nobody_and_doubles_nobody():
    campaign_id, public_id = drawn_campaign()
    chance = random.Random(7)
    for _kill in range(3):
        sender = subprocess.Popen(
            [sys.executable, "-c", SENDER, connection.settings_dict["NAME"], public_id,
             NOW.isoformat()],
            env=os.environ, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.25))
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        sender.stdout.close()
    flow.work(NOW)
    check(campaign_id, public_id)
