"""kill -9 in the middle of reading the mailbox: nothing is taken twice, nothing is skipped."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from huitou.flows import contacting, mailbox
from huitou.platform import database, models
from huitou.platform.messages import services as outbox
from huitou.staff import services as staff
from huitou.voice import models as voice
from tests.rules.returned_mails import dsn, letter
from tests.services.mailbox_server import PEM
from tests.services.outbox_house import NOW, outgoing

pytestmark = pytest.mark.django_db(transaction=True)
READER = """
import os, django
django.setup()
from datetime import UTC, datetime
from huitou.flows import mailbox
print("ready", flush=True)
mailbox.read(datetime.now(UTC))
"""
MAILS = 60


def reader(url):
    """Another process that reads the mailbox; it has begun when this returns."""
    env = {
        **os.environ,
        "HUITOU_DATABASE_URL": database.uri(),
        "HUITOU_IMAP_URL": url,
        "SSL_CERT_FILE": str(PEM),
    }
    process = subprocess.Popen([sys.executable, "-c", READER], env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_five_times_killed_every_mail_is_taken_once(box):
    staff.set_setting(
        name="letters_become_cases", value=True, valid_from=NOW.date(), actor="cli", now=NOW
    )
    mailbox.read(NOW)
    outbox.queue_all([outgoing(f"k{n}", purpose="service") for n in range(MAILS)], now=NOW)
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    house = contacting.surroundings("email", now=NOW)
    for n, message in enumerate(models.Message.objects.order_by("pk")):
        box.put(dsn(house.mark(message.ref), to=message.address))
        if n % 6 == 0:
            box.put(letter(f"第{n}封", sender=f"p{n}@example.com", number=n))
    chance = random.Random(20260630)
    for _ in range(5):
        before = models.Return.objects.count()
        process = reader(box.url())
        while process.poll() is None and models.Return.objects.count() < before + 3:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()
    assert models.Return.objects.count() < MAILS, "it was killed in the middle"
    for _ in range(200):  # the server notices within moments that the session is gone
        mailbox.read(NOW)
        if models.Return.objects.count() == MAILS:
            break
        time.sleep(0.05)
    assert models.Return.objects.count() == MAILS
    assert set(models.Message.objects.values_list("state", flat=True)) == {"bounced"}
    assert voice.Case.objects.count() == MAILS // 6
    row = mailbox.state()
    assert row is not None
    assert (row.trouble, row.reports, row.cases) == ("", MAILS, MAILS // 6)
