"""kill -9 in the middle of sending: nobody is lost, nobody gets marketing twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from huitou.flows import sending
from huitou.platform import database, models
from huitou.platform.messages import services as outbox
from tests.services.mail_server import Handler, mail_server
from tests.services.outbox_house import NOW, found_company, outgoing, subscriber

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 10
SENDER = """
import os, django
django.setup()
from datetime import datetime
from huitou.flows import sending
print("ready", flush=True)
sending.send_due(datetime.fromisoformat(os.environ["NOW"]))
"""


def sender(url):
    """Another process that sends what is due; it has begun when this returns."""
    env = {
        **os.environ,
        "HUITOU_DATABASE_URL": database.uri(),
        "HUITOU_SMTP_URL": url,
        "NOW": NOW.isoformat(),
    }
    process = subprocess.Popen([sys.executable, "-c", SENDER], env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_ten_times_killed_nobody_is_lost_and_nobody_doubled(settings):
    found_company()
    offers = [outgoing(f"offer{n}", subscriber(f"offer{n}")) for n in range(80)]
    answers = [outgoing(f"answer{n}", purpose="service", source="case:1") for n in range(10)]
    outbox.queue_all(offers + answers, now=NOW)
    chance = random.Random(20260630)
    handler = Handler(delay_seconds=0.03)
    with mail_server(handler) as (_, url):
        settings.SMTP_URL = url
        for _ in range(KILLS):
            process = sender(url)
            wanted = len(handler.taken) + chance.randint(1, 6)
            _wait_until(lambda wanted=wanted: len(handler.taken) >= wanted)
            time.sleep(chance.choice([0.0, chance.uniform(0, 0.04)]))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()
        _wait_for_the_dead()
        for _ in range(3):
            sending.send_due(NOW)
        handler.delay_seconds = 0
    taken = Counter(handler.refs())
    rows = list(models.Message.objects.values_list("ref", "purpose", "state"))
    assert len(rows) == 90
    for ref, purpose, state in rows:
        if purpose == "service":
            assert (state, taken[ref] >= 1) == ("sent", True)
        else:
            assert taken[ref] <= 1, "marketing at most once"
            assert state in {"sent", "in_doubt"}
            assert taken[ref] == 1 or state == "in_doubt", "what counts as sent was taken"
    in_doubt = [ref for ref, _, state in rows if state == "in_doubt"]
    assert len(in_doubt) <= KILLS, "each kill leaves at most the one it hit"
    assert any(taken[ref] for ref in in_doubt), "some kills hit between taken and written down"
    ids = {str(mail["X-Huitou-Message"]): str(mail["Message-ID"]) for mail in handler.taken}
    assert len({(str(m["X-Huitou-Message"]), str(m["Message-ID"])) for m in handler.taken}) == len(
        ids
    ), "a second service mail is the same mail"


def _wait_until(is_so):
    """Until the sender is in the middle of its work, however slow the machine."""
    for _ in range(20_000):
        if is_so():
            return
        time.sleep(0.001)
    raise AssertionError("the sender sends nothing")


def _wait_for_the_dead():
    """The server notices within moments that a session is gone, and lets go of its locks."""
    from django.db import connection

    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("a dead sender still holds its lock")
