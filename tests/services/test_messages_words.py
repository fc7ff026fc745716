"""The words of messages are deleted after a while; what became of them is not."""

from datetime import timedelta

import pytest

from huitou.flows import message_words, tick
from huitou.platform import models
from huitou.platform.messages import deciding, erasure, errors
from huitou.platform.messages import services as outbox
from huitou.staff import services as staff
from tests.services.outbox_house import NOW, found_company, one, outgoing, queue, states, subscriber

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _company(db):
    found_company()


def old(key, days, state="sent", **more):
    queue(key, now=NOW - days * DAY, html="<p>陈一诺</p>", **more)
    models.Message.objects.filter(key=key).update(state="sending")
    if state != "sending":
        models.Message.objects.filter(key=key).update(state=state)


def words():
    return {row.key: row.subject + row.text + row.html for row in models.Message.objects.all()}


def test_after_the_days_the_words_are_gone_and_the_row_stays():
    pk = subscriber("a")
    old("old", 181, customer_id=pk)
    old("young", 179)
    before = models.Message.objects.values("key", "state", "digest", "token", "customer_id").get(
        key="old"
    )
    assert message_words.forget_old(NOW) == 1
    assert (words()["old"], bool(words()["young"])) == ("", True)
    assert models.Message.objects.values(*before).get(key="old") == before
    told = erasure.export(pk)[0]
    assert (told["state"], told["text"], told["address"]) == ("sent", "", "old@example.com")


def test_the_days_are_the_companys_and_settable():
    old("a", 8)
    staff.set_setting(
        name="message_words_days", value="7", valid_from=NOW.date(), actor="cli", now=NOW
    )
    # Queued at noon in Shanghai on 22 June: seven whole days are over at midnight of 30 June.
    midnight = NOW - timedelta(hours=12)
    assert message_words.forget_old(midnight - timedelta(seconds=1)) == 0
    assert message_words.forget_old(midnight) == 1


def test_what_still_waits_keeps_its_words():
    queue("waits", now=NOW - 400 * DAY)
    assert message_words.forget_old(NOW) == 0
    assert words()["waits"]


def test_it_is_done_once_a_day_and_batch_by_batch(monkeypatch):
    monkeypatch.setattr(message_words, "BATCH", 2)
    for number in range(5):
        old(f"k{number}", 200)
    assert [message_words.forget_old(NOW) for _ in range(5)] == [2, 2, 1, 0, 0]
    old("late", 200)
    assert message_words.forget_old(NOW) == 0, "today it is done"
    assert message_words.forget_old(NOW + DAY) == 1


def test_the_clock_does_it():
    old("a", 200)
    assert tick.tick(NOW) == []
    assert words()["a"] == ""


def test_a_message_without_its_words_cannot_go_again_and_its_key_is_taken():
    old("a", 200, state="failed")
    message_words.forget_old(NOW)
    with pytest.raises(errors.WordsGone):
        deciding.send_again([one("a").ref], actor="user:1", now=NOW)
    assert states() == {"a": "failed"}
    again = outbox.queue(outgoing("a", html="<p>陈一诺</p>"), now=NOW)
    assert again == one("a").pk, "the same key is the same message"
    with pytest.raises(errors.KeyReused):
        outbox.queue(outgoing("a", text="另一封"), now=NOW)
