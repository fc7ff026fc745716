"""Lists for platforms out and back; bounced mails; who said no more."""

import csv
import io
import mailbox

import pytest

from huitou.connectors.file_channel.errors import ColumnsMissing
from huitou.customers import models as people
from huitou.flows import contacting, message_lists, reports, sending, unsubscribing
from huitou.platform import models
from huitou.platform.messages import errors, lists, queries
from tests.rules.returned_mails import complaint, dsn
from tests.services.outbox_house import (
    NOW,
    consent,
    found_company,
    one,
    person,
    queue,
    states,
    subscriber,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db):
    found_company()


def sms(key, number, *, said="given", **more):
    phone = f"+8613800000{number:03d}"
    pk = person(key, phone=phone, said=said)
    queue(key, pk, channel="sms", address=phone, **more)
    return pk


def made(**more):
    return message_lists.make(channel="sms", actor="user:1", now=NOW, **more)


def written(list_id):
    out = io.BytesIO()
    message_lists.write(list_id, out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))


def back(tmp_path, *rows, head="message_id,status"):
    path = tmp_path / "back.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def test_a_list_holds_who_may_be_written_to_and_nobody_else():
    sms("yes", 1)
    sms("no", 2, said="refused")
    sms("foreign", 3, text="【别家】新茶")
    list_id = made()
    assert [row["phone"] for row in written(list_id)] == ["13800000001"]
    assert states() == {
        "yes": "sending",
        "no": ("refused", "refused"),
        "foreign": ("refused", "signature"),
    }
    row = queries.one_list(list_id)
    assert (row.messages, row.waiting, row.made_by) == (1, 1, "user:1")


def test_nobody_stands_on_two_lists_and_a_list_written_again_is_the_same():
    sms("a", 1)
    list_id = made()
    assert written(list_id) == written(list_id)
    with pytest.raises(errors.NothingToSend):
        made()
    sms("b", 2)
    assert [row["phone"] for row in written(made())] == ["13800000002"]


def test_a_list_of_one_campaign_leaves_the_others():
    sms("a", 1)
    sms("b", 2, source="campaign:cmp_2")
    made(source="campaign:cmp_2")
    assert states() == {"a": "queued", "b": "sending"}


def test_a_sender_leaves_messages_on_lists_alone():
    sms("a", 1)
    made()
    sending.send_due(NOW)
    assert states() == {"a": "sending"}


def test_e_mail_has_a_way_of_its_own_and_no_lists():
    queue("a", subscriber("a"))
    with pytest.raises(errors.NothingToSend):
        message_lists.make(channel="email", actor="cli", now=NOW)


def test_what_the_platform_says_is_a_plan_before_it_is_a_change(tmp_path):
    for number, key in enumerate(("ok", "gone", "full", "stop", "silent"), start=1):
        sms(key, number)
    made()
    refs = {key: one(key).ref for key in states()}
    path = back(
        tmp_path,
        f"{refs['ok']},成功",
        f"{refs['gone']},空号",
        f"{refs['full']},失败",
        f"{refs['stop']},退订",
        "msg_somebody_elses,成功",
    )
    planned = reports.plan(path, channel="sms", now=NOW)
    assert dict(planned.outcomes) == {"sent": 2, "bounced": 1, "failed": 1, "unsubscribed": 1}
    assert planned.unknown_lines == [6]
    assert set(states().values()) == {"sending"}, "nothing is written yet"
    reports.apply(path, channel="sms", now=NOW)
    assert states() == {
        "ok": "sent",
        "gone": ("bounced", "came_back"),
        "full": ("failed", "message_refused"),
        "stop": "sent",
        "silent": "sending",
    }
    again = reports.apply(path, channel="sms", now=NOW)
    assert (dict(again.changes), again.unchanged) == ({}, 4)


def test_who_answered_stop_has_withdrawn_and_what_waits_is_not_sent(tmp_path):
    pk = sms("first", 1)
    made()
    queue("second", pk, channel="sms", address="+8613800000001")
    queue("answer", pk, channel="sms", address="+8613800000001", purpose="service")
    reports.apply(back(tmp_path, f"{one('first').ref},TD"), channel="sms", now=NOW)
    said = people.Consent.objects.filter(customer_id=pk, channel="sms").latest("pk")
    assert (said.state, said.evidence) == ("withdrawn", f"unsubscribed from {one('first').ref}")
    assert states() == {"first": "sent", "second": ("refused", "withdrawn"), "answer": "queued"}
    email = people.Consent.objects.filter(customer_id=pk, channel="email").latest("pk")
    assert email.state == "given", "on this channel"


def test_a_platform_that_knows_only_numbers_is_understood(tmp_path):
    sms("a", 1)
    list_id = made()
    path = back(tmp_path, "138 0000 0001,成功", "13899999999,成功", head="手机号,状态")
    planned = reports.apply(path, channel="sms", list_id=list_id, now=NOW)
    assert (states(), planned.unknown_lines) == ({"a": "sent"}, [3])


def test_a_number_that_is_no_more_is_not_tried_again(tmp_path):
    pk = sms("a", 1)
    made()
    reports.apply(back(tmp_path, f"{one('a').ref},空号"), channel="sms", now=NOW)
    assert sending.may_contact([pk], channel="sms", purpose="marketing", now=NOW) == {
        pk: "address_dead"
    }


def test_what_cannot_be_any_more_is_listed_and_left(tmp_path):
    sms("a", 1)
    models.Message.objects.update(state="cancelled")
    planned = reports.apply(back(tmp_path, f"{one('a').ref},成功"), channel="sms", now=NOW)
    assert (planned.impossible_lines, states()) == ([2], {"a": "cancelled"})


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path):
    sms("a", 1)
    made()
    with pytest.raises(ColumnsMissing):
        reports.apply(back(tmp_path, "1,2", head="x,y"), channel="sms", now=NOW)
    with pytest.raises(errors.ListMissing):
        reports.plan(back(tmp_path), channel="sms", list_id="lst_none", now=NOW)
    assert states() == {"a": "sending"}


def test_rows_nobody_can_read_stop_the_whole_file_until_somebody_leaves_them_out(tmp_path):
    sms("a", 1)
    made()
    rows = [f"{one('a').ref},,sent", ",12,sent", ",,failed", ",13800000009,quite well"]
    path = back(tmp_path, *rows, head="message_id,phone,status")
    planned = reports.plan(path, channel="sms", now=NOW)
    assert [(row.line, row.field, row.given, row.reason) for row in planned.rejected] == [
        (3, "address", "12", "address_unreadable"),
        (4, "message_id", "", "names_nothing"),
        (5, "status", "quite well", "status_unknown"),
    ]
    with pytest.raises(errors.RowsUnreadable) as caught:
        reports.apply(path, channel="sms", now=NOW)
    assert caught.value.facts == {"count": 3, "line": 3, "field": "address"}
    assert states() == {"a": "sending"}, "nothing is written before the whole file is checked"
    reports.apply(path, channel="sms", skip_rejected=True, now=NOW)
    assert states() == {"a": "sent"}


@pytest.mark.parametrize(("has_left", "state"), [(True, "sent"), (False, "failed")])
def test_closing_a_list_settles_what_no_word_came_back_about(has_left, state):
    sms("a", 1)
    list_id = made()
    assert lists.close(list_id, has_left=has_left, actor="user:1", now=NOW) == 1
    assert states() == {"a": (state, "said_by_person")}
    assert lists.close(list_id, has_left=has_left, actor="user:1", now=NOW) == 0
    assert queries.one_list(list_id).closed_at == NOW


def test_bounced_mails_and_complaints_are_taken_from_a_mailbox(tmp_path):
    pk = subscriber("chen")
    queue("chen", pk)
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    mark = contacting.surroundings("email", now=NOW).mark(one("chen").ref)
    box = mailbox.mbox(tmp_path / "box")
    box.add(complaint(mark))
    box.add(dsn(mark))
    box.close()
    planned = reports.apply(tmp_path / "box", channel="email", now=NOW)
    assert planned.reports == 2
    assert states() == {"chen": ("bounced", "came_back")}
    may = sending.may_contact([pk], channel="email", purpose="marketing", now=NOW)
    assert may == {pk: "withdrawn"}


def token(key):
    return one(key).token


def test_looking_at_the_page_changes_nothing_and_one_click_stops():
    pk = subscriber("a")
    queue("a", pk)
    queue("b", pk)
    assert unsubscribing.found(token("a")).is_stopped is False
    assert people.Consent.objects.filter(state="withdrawn").count() == 0
    assert unsubscribing.stop(token("a"), now=NOW).is_stopped
    assert states()["b"] == ("refused", "withdrawn")
    assert unsubscribing.stop(token("a"), now=NOW).is_stopped
    said = people.Consent.objects.filter(customer_id=pk, state="withdrawn")
    assert [(row.channel, row.purpose) for row in said] == [("email", "marketing")]


def test_a_click_by_mistake_is_taken_back_only_by_who_made_it():
    pk = subscriber("a")
    queue("a", pk)
    queue("b", pk)
    unsubscribing.stop(token("a"), now=NOW)
    assert unsubscribing.keep(token("b"), now=NOW).is_stopped, "said on another message's page"
    assert not unsubscribing.keep(token("a"), now=NOW).is_stopped


def test_a_refusal_given_elsewhere_is_not_undone_by_the_page():
    pk = subscriber("a")
    queue("a", pk)
    consent(pk, "email", "withdrawn")
    assert unsubscribing.keep(token("a"), now=NOW).is_stopped


def test_stopping_everything_stops_offers_and_surveys_on_all_channels():
    pk = sms("a", 1)
    people.Customer.objects.filter(pk=pk).update(email="a@example.com")
    people.Identity.objects.create(customer_id=pk, source="wechat", value="o1")
    unsubscribing.stop(token("a"), everything=True, now=NOW)
    for channel in ("sms", "email", "wechat"):
        for purpose in ("marketing", "survey"):
            row = sending.may_contact([pk], channel=channel, purpose=purpose, now=NOW)
            assert row[pk] == "withdrawn"


def test_a_page_nobody_made_is_none():
    assert unsubscribing.found("nothing") is None
    assert unsubscribing.stop("nothing", now=NOW) is None
    assert unsubscribing.keep("nothing", now=NOW) is None


def test_the_page_of_somebody_erased_answers_in_peace():
    pk = subscriber("a")
    queue("a", pk)
    models.Message.objects.update(customer_id=None)
    assert unsubscribing.stop(token("a"), now=NOW).is_stopped
