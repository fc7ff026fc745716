"""Decisions about messages: texts, tariffs, quiet hours, consent, answers of servers."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.connectors.smtp import replies
from huitou.customers import agreement
from huitou.platform.messages import errors, rules, texts
from huitou.platform.messages.quiet import QuietHours
from huitou.platform.messages.tariffs import Tariff, preset
from huitou.platform.messages.types import REASONS, STATES, Outgoing

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "purpose", "sent"),
    [
        pytest.param(
            "新茶到了",
            "marketing",
            "【山野】新茶到了，拒收请回复R",
            id="says how to refuse",
        ),
        pytest.param(
            "新茶到了！",
            "marketing",
            "【山野】新茶到了！拒收请回复R",
            id="no comma after a stop",
        ),
        pytest.param(
            "【山野】新茶到了，拒收请回复R",
            "marketing",
            "【山野】新茶到了，拒收请回复R",
            id="what is there is not added again",
        ),
        pytest.param(
            "新茶到了，退订回T",
            "marketing",
            "【山野】新茶到了，退订回T",
            id="said otherwise",
        ),
        pytest.param("您的包裹到了", "service", "【山野】您的包裹到了", id="service"),
        pytest.param("a\n b", "service", "【山野】a b", id="one line"),
    ],
)
def test_an_sms_goes_out_signed_and_with_the_way_to_refuse(text, purpose, sent):
    assert texts.sms(text, signature="山野", purpose=purpose) == sent


@pytest.mark.parametrize("text", ["【别家】新茶", "新茶【山野】", "【山野】【山野】新茶"])
def test_another_signature_or_a_second_one_is_refused(text):
    with pytest.raises(texts.WrongSignature):
        texts.sms(text, signature="山野", purpose="marketing")


@given(st.text(st.characters(exclude_characters="【】", exclude_categories=("Cs",)), min_size=1))
def test_signing_twice_signs_once(text):
    once = texts.sms(text, signature="山野", purpose="marketing")
    assert texts.sms(once, signature="山野", purpose="marketing") == once


@pytest.mark.parametrize(
    ("length", "parts"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)],
)
def test_long_sms_are_charged_in_parts_of_sixty_seven(length, parts):
    assert texts.parts("茶" * length) == parts


def test_an_emoji_counts_as_two_characters():
    assert (texts.parts("茶" * 68 + "🍵"), texts.parts("茶" * 69 + "🍵")) == (1, 2)


def test_a_thousand_sms_in_a_month_cost_sixty_five_yuan():
    tariff = preset("sms", "CNY")  # source text 001:134, requirement N25
    assert tariff is not None
    assert tariff.cost_minor(1_000) == 6_500
    assert tariff.cost_minor(1_000, has_sent_this_month=True) == 5_000
    assert tariff.cost_minor(0) == 0


def test_what_nobody_has_said_costs_is_not_known():
    assert preset("sms", "EUR") is None
    assert preset("email", "EUR") == Tariff(0, 0)


@pytest.mark.parametrize(
    ("hours", "local", "is_quiet", "over"),
    [
        ("21:00-08:00", (20, 59), False, None),
        ("21:00-08:00", (21, 0), True, (1, 8, 0)),
        ("21:00-08:00", (3, 0), True, (0, 8, 0)),
        ("21:00-08:00", (8, 0), False, None),
        ("12:00-14:00", (13, 30), True, (0, 14, 0)),
        ("12:00-14:00", (14, 0), False, None),
    ],
)
def test_quiet_hours_are_half_open_and_may_pass_midnight(hours, local, is_quiet, over):
    quiet = QuietHours.parsed(hours)
    assert quiet is not None
    at = datetime(2026, 6, 30, *local, tzinfo=SHANGHAI)
    assert quiet.covers(at, SHANGHAI) is is_quiet
    if over is None:
        assert quiet.over_at(at, SHANGHAI) == at
    else:
        days, hour, minute = over
        ends = datetime(2026, 6, 30, hour, minute, tzinfo=SHANGHAI) + timedelta(days=days)
        assert quiet.over_at(at, SHANGHAI) == ends


def test_no_hours_are_never_quiet():
    assert QuietHours.parsed(None) is None
    assert QuietHours.parsed("21:00-08:00") == QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("states", "strictest"),
    [
        (["given", "withdrawn", "refused"], "withdrawn"),
        (["given", "refused"], "refused"),
        (["given", "unknown"], "unknown"),
        (["given"], "given"),
        ([], "unknown"),
    ],
)
def test_the_strictest_of_what_was_said_counts(states, strictest):
    assert agreement.strictest(states) == strictest


@pytest.mark.parametrize(
    ("state", "purpose", "stopped", "reason"),
    [
        ("given", "marketing", False, None),
        ("unknown", "marketing", False, "no_consent"),
        ("refused", "marketing", False, "refused"),
        ("withdrawn", "marketing", False, "withdrawn"),
        ("given", "marketing", True, "do_not_contact"),
        ("unknown", "survey", False, None),
        ("refused", "survey", False, "refused"),
        ("unknown", "partner", False, "no_consent"),
        ("unknown", "service", False, None),
        ("refused", "service", False, None),
        ("withdrawn", "service", False, "withdrawn"),
        ("given", "service", True, None),
    ],
)
def test_marketing_needs_consent_given_and_service_one_not_withdrawn(
    state, purpose, stopped, reason
):
    assert agreement.refusal(state, purpose, is_do_not_contact=stopped) == reason
    assert reason is None or reason in REASONS


@pytest.mark.parametrize(
    ("code", "words", "step", "meaning", "detail"),
    [
        (250, "ok", "to", None, None),
        (550, "5.1.1 <chen@example.com> unknown", "to", errors.AddressRefused, "550 5.1.1"),
        (550, "no such user", "to", errors.AddressRefused, "550"),
        (553, "bad mailbox name", "to", errors.AddressRefused, "553"),
        (550, "5.2.1 mailbox disabled", "to", errors.AddressRefused, "550 5.2.1"),
        (552, "5.2.2 mailbox full", "to", errors.MessageRefused, "552 5.2.2"),
        (550, "5.7.1 relaying denied", "to", errors.MessageRefused, "550 5.7.1"),
        (450, "4.2.0 greylisted", "to", errors.TryLater, "450 4.2.0"),
        (421, "4.3.2 closing", "to", errors.ChannelDown, "421 4.3.2"),
        (530, "5.7.0 authentication required", "from", errors.ChannelDown, "530 5.7.0"),
        (554, "5.7.1 spam", "text", errors.MessageRefused, "554 5.7.1"),
        (550, "rejected", "text", errors.MessageRefused, "550"),
    ],
)
def test_what_an_answer_of_a_mail_server_means(code, words, step, meaning, detail):
    said = replies.meaning(code, words, step=step)
    assert (said if said is None else type(said)) is meaning
    assert said is None or said.detail == detail


def test_tries_are_farther_and_farther_apart_and_end():
    waits = []
    for attempts in range(1, rules.MOST_ATTEMPTS):
        at = rules.next_try(attempts, now=NOW)
        assert at is not None
        waits.append((at - NOW) // timedelta(minutes=1))
    assert waits == [1, 4, 16, 64, 256, 360, 360]
    assert rules.next_try(rules.MOST_ATTEMPTS, now=NOW) is None


def test_a_message_goes_only_forward():
    assert set(rules.MOVES) == set(STATES)
    assert not rules.may_move("sent", "queued")
    assert not rules.may_move("refused", "queued")
    assert rules.may_move("in_doubt", "queued")  # only a person does that


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"purpose": "spam"},
        {"key": ""},
        {"text": ""},
        {"not_before": datetime(2026, 6, 30)},  # noqa: DTZ001
    ],
)
def test_what_cannot_be_a_message_is_a_programmers_mistake(wrong):
    fit = {"channel": "email", "purpose": "service", "address": "a@b.cc", "text": "x"}
    with pytest.raises(ValueError, match=r"message|channel|aware"):
        Outgoing(**{**fit, "key": "k", "source": "code", **wrong})
