"""What a campaign may be, and what its message may ask for."""

from dataclasses import replace
from datetime import date

import pytest

from huitou.campaigns import errors, merging, rules
from huitou.campaigns.types import Terms

TERMS = Terms(
    theme="好久不见",
    goal="win_back",
    audience_id=None,
    audience_name="高挽回",
    audience_version=1,
    expression={"v": 1, "where": {"all": []}},
    channel="email",
    subject="{{ name }}，好久不见",
    text="{{ name }}您好，{{ shop }}想您了。",
)
PERSON = {
    "name": "苏以宁", "shop": "山野咖啡", "store": "", "coupon": "AB12", "coupon_ends": "",
    "points": 120, "tier": "黄金",
}  # fmt: skip


def test_sound_terms_pass_and_nothing_is_missing():
    rules.check_terms(TERMS)
    assert rules.missing(TERMS) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"goal": "world_peace"}, errors.ChoiceUnknown, id="a goal nobody knows"),
        pytest.param({"channel": "fax"}, errors.ChoiceUnknown, id="a channel nobody knows"),
        pytest.param({"window_days": 0}, errors.TermsInvalid, id="no window"),
        pytest.param({"holdout_percent": 91}, errors.TermsInvalid, id="nearly all held out"),
        pytest.param({"looks_planned": 3}, errors.TermsInvalid, id="a third look"),
        pytest.param({"theme": "长" * 101}, errors.TermsInvalid, id="a theme without end"),
        pytest.param({"text": "{{ name "}, errors.MessageBroken, id="a brace left open"),
        pytest.param({"text": "{{ phone }}"}, errors.MergeFieldUnknown, id="a field we never give"),
        pytest.param({"text": "好" * 20_001}, errors.MessageTooLong, id="longer than any message"),
    ],
)
def test_terms_that_could_never_be_are_refused(change, error):
    with pytest.raises(error):
        rules.check_terms(replace(TERMS, **change))


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        pytest.param({"theme": " "}, ["theme"], id="a theme"),
        pytest.param({"expression": {}}, ["audience"], id="an audience"),
        pytest.param({"text": ""}, ["text"], id="a text"),
        pytest.param({"subject": ""}, ["subject"], id="an e-mail needs a subject"),
        pytest.param({"subject": "", "channel": "sms"}, [], id="an SMS needs none"),
        pytest.param({"text": "{{ coupon }}"}, ["coupon"], id="a coupon the text speaks of"),
    ],
)
def test_what_is_still_missing_is_named(change, lacking):
    assert rules.missing(replace(TERMS, **change)) == lacking


@pytest.mark.parametrize(
    ("state", "to", "may"),
    [
        ("draft", "ready", True),
        ("ready", "draft", True),
        ("ready", "sending", True),
        ("sending", "running", True),
        ("running", "finished", True),
        ("sending", "cancelled", False),
        ("running", "draft", False),
        ("finished", "running", False),
    ],
)
def test_a_campaign_never_goes_back_once_it_is_drawn(state, to, may):
    if may:
        rules.check_move(state, to)
        return
    with pytest.raises(errors.WrongState):
        rules.check_move(state, to)


def test_the_window_ends_so_many_days_after_the_last_send():
    until = rules.window_until(date(2026, 6, 1), 30)
    assert until == date(2026, 7, 1)
    assert not rules.is_over(until, today=until)
    assert rules.is_over(until, today=date(2026, 7, 2))


def test_a_text_is_filled_in_for_one_person():
    text = "{{ name }}您好{% if coupon != '' %}，券码 {{ coupon }}{% endif %}，余额 {{ points }}。"
    assert merging.filled(text, PERSON) == "苏以宁您好，券码 AB12，余额 120。"


def test_a_name_with_braces_stays_a_name():
    assert merging.filled("{{ name }}", PERSON | {"name": "{{ shop }}"}) == "{{ shop }}"


def test_a_text_that_would_run_without_end_is_stopped():
    with pytest.raises(errors.MessageBroken):
        merging.filled("{% for i in (1..100000) %}{{ name }}{% endfor %}", PERSON)


def test_the_line_of_a_mistake_is_named():
    with pytest.raises(errors.MessageBroken) as refused:
        merging.check("好\n好\n{{ name")
    assert refused.value.facts["line"] == 3
