"""A mailbox of returned mail for tests: a real server, a folder of its own, messages that left."""

import pytest

from huitou.flows import contacting, mailbox, sending
from huitou.platform import models
from huitou.staff import services as staff
from tests.services.mailbox_server import PEM, imap_server, new_mailbox
from tests.services.outbox_house import NOW, found_company, one, queue

__all__ = ["box", "house", "letters", "look", "mark", "may", "port", "sent"]


@pytest.fixture(scope="module")
def port():
    """A server for the tests of one file."""
    with imap_server() as found:
        yield found


@pytest.fixture
def house(db):
    """A company."""
    found_company()


@pytest.fixture
def box(house, port, settings, monkeypatch):
    """A folder that is ours."""
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    made = new_mailbox(port)
    settings.IMAP_URL = made.url()
    return made


@pytest.fixture
def letters(house):
    """Letters become cases from now on."""
    staff.set_setting(
        name="letters_become_cases", value=True, valid_from=NOW.date(), actor="cli", now=NOW
    )
    mailbox.read(NOW)  # only what arrives after the first look does


def sent(key, **more):
    """A message that left; its mark."""
    queue(key, **more)
    models.Message.objects.filter(key=key).update(state="sending")
    models.Message.objects.filter(key=key).update(state="sent", began_at=NOW, ended_at=NOW)
    return mark(key)


def mark(key):
    return contacting.surroundings("email", now=NOW).mark(one(key).ref)


def may(pk, purpose="marketing", now=NOW):
    return sending.may_contact([pk], channel="email", purpose=purpose, now=now)[pk]


def look(now=NOW):
    assert mailbox.read(now) is False
    row = mailbox.state()
    assert row is not None
    assert row.trouble == ""
    return row
