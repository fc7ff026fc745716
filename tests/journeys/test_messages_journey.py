"""Messages in a browser: a list goes out and comes back; one click says no more; every guise."""

import pytest
from django.utils import timezone

from huitou.flows import mailbox
from huitou.platform import models
from huitou.platform.messages import handing
from huitou.platform.messages.types import Dead
from huitou.staff import services as staff
from tests.services.outbox_house import NOW, one, person, queue, states, subscriber

pytestmark = pytest.mark.django_db(transaction=True)


def fill_the_outbox():
    for number in (1, 2, 3):
        phone = f"+8613800000{number:03d}"
        pk = person(f"sms{number}", phone=phone, said="given")
        queue(f"sms{number}", pk, channel="sms", address=phone, now=timezone.now())
    for key, state, reason in (
        ("doubt1", "in_doubt", "interrupted"),
        ("doubt2", "in_doubt", "answer_lost"),
        ("dead", "failed", "address_refused"),
        ("down", "failed", "gave_up"),
        ("gone", "bounced", "came_back"),
    ):
        pk = queue(key, subscriber(key), now=timezone.now())
        models.Message.objects.filter(pk=pk).update(state="sending")
        models.Message.objects.filter(pk=pk).update(state=state, reason=reason)
    models.Message.objects.filter(key="gone").update(detail="5.1.1")
    handing.bury([Dead("email", one("gone").address_digest, "came_back", "5.1.1")], now=NOW)


def read_the_mailbox(settings):
    """A mailbox that was read, until its password was changed."""
    settings.IMAP_URL = "imaps://back%40shop.example:secret@imap.shop.example/INBOX"
    models.MailboxReading.objects.create(
        name=mailbox.name(), looked_at=NOW, read_at=NOW, trouble="sign_in", trouble_since=NOW,
        reports=12, unmatched=1, cases=3, letters_since=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    "guise",
    [
        pytest.param(("zh-hans", False, False), id="zh-light-1440"),
        pytest.param(("en", True, False), id="en-dark-1440"),
        pytest.param(("zh-hans", True, True), id="zh-dark-390"),
        pytest.param(("en", False, True), id="en-light-390"),
    ],
)
def test_the_messages_page_stands_in_every_guise(house, visitor, settings, tmp_path, guise):
    language, dark, phone = guise
    from django.contrib.auth import get_user_model

    fill_the_outbox()
    read_the_mailbox(settings)
    owner = get_user_model().objects.get(email="owner@example.com")
    staff.set_preferences(user_id=owner.pk, language=language)
    reader = visitor(language="en" if language == "en" else "zh-CN", dark=dark, phone=phone)
    reader.signs_in("owner@example.com")
    reader.goes_to("/messages")
    name = f"{language[:2]}-{'dark' if dark else 'light'}-{390 if phone else 1440}"
    reader.keeps_picture(f"messages-{name}")
    assert reader.sees_no_sideways_scroll()
    assert "secret" not in reader.page.content()
    reader.goes_to(f"/customers/{one('gone').customer_id}")
    reader.keeps_picture(f"customer-came-back-{name}")
    assert "5.1.1" in reader.page.content()
    back = tmp_path / "back.csv"
    ref = one("sms1").ref
    back.write_text(f"message_id,status\n{ref},sent\n{ref},perhaps\n,sent\nmsg_x,sent\n")
    reader.goes_to("/messages")
    reader.page.locator("#back-file").set_input_files(back)
    reader.page.locator("form[enctype] button[type=submit]").click()
    reader.page.wait_for_load_state("load")
    reader.keeps_picture(f"messages-bad-rows-{name}")
    assert reader.sees_no_sideways_scroll()
    reader.goes_to(f"/u/{one('doubt1').token}")
    reader.keeps_picture(f"unsubscribe-{name}")
    assert reader.sees_no_sideways_scroll()
    assert reader.complaints == []


def test_a_list_goes_out_and_what_the_platform_says_comes_back(house, visitor, tmp_path):
    fill_the_outbox()
    reader = visitor(language="en")
    reader.signs_in("owner@example.com")
    reader.goes_to("/messages")
    reader.page.locator("form[action$='/messages/lists'] button").click()
    with reader.page.expect_download() as caught:
        reader.page.locator("a[href*='/messages/lists/lst_']").click()
    lines = caught.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "【山野咖啡】新茶到了，拒收请回复R" in lines[1]
    back = tmp_path / "back.csv"
    back.write_text(
        f"message_id,status\n{one('sms1').ref},成功\n{one('sms2').ref},退订\n", encoding="utf-8"
    )
    reader.page.locator("#back-file").set_input_files(back)
    reader.page.locator("form[enctype] button[type=submit]").click()
    reader.keeps_picture("messages-reports")
    reader.page.locator("form:has(input[name=token]) button").click()
    reader.page.wait_for_url(lambda url: url.endswith("/messages"))
    found = states()
    assert (found["sms1"], found["sms2"], found["sms3"]) == ("sent", "sent", "sending")
    reader.page.locator("button[data-opens^='close-']").click()
    reader.page.locator("dialog[open] button[value=not_sent]").click()
    reader.page.wait_for_load_state("load")
    assert states()["sms3"] == ("failed", "said_by_person")
    assert reader.complaints == []


def test_a_receiver_says_no_more_by_keyboard_and_takes_it_back(house, visitor):
    queue("a", subscriber("a"), now=timezone.now())
    reader = visitor(phone=True)
    reader.goes_to(f"/u/{one('a').token}")
    reader.page.locator("button[value=stop]").focus()
    reader.page.keyboard.press("Enter")
    reader.page.locator("button[value=keep]").click()
    reader.page.wait_for_load_state("load")
    assert reader.page.locator("button[value=stop]").count() == 0
    assert reader.complaints == []
