"""Whom a channel reaches, and where: one truth for the count, the campaign and the sender."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from huitou.audiences import queries as audiences
from huitou.customers import models as people
from huitou.flows import contacting, sending
from huitou.platform.messages import handing, queries
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Dead
from tests.services.outbox_house import NOW, found_company, one, person, queue, states

pytestmark = pytest.mark.django_db
KINDS = {"sms": "phone", "phone": "phone", "email": "email"}
STATES = ("given", "refused", "withdrawn")


@pytest.fixture(autouse=True)
def _company(db):
    found_company()


def further(customer_id, kind, value):
    digits = "".join(filter(str.isdigit, value))[::-1] if kind == "phone" else ""
    people.Address.objects.create(
        customer_id=customer_id, kind=kind, value=value, value_reversed=digits
    )


def came_back(channel, address):
    queue(f"{channel}:{address}", channel=channel, address=address, purpose="service")
    handing.bury([Dead(channel, outbox.address_digest(channel, address), "came_back")], now=NOW)


def say(customer_id, channel, state, *, purpose="marketing", days=0):
    people.Consent.objects.create(
        customer_id=customer_id, channel=channel, purpose=purpose, state=state,
        stated_at=NOW - timedelta(days=100 - days),
    )  # fmt: skip


def where(*ids, channel="email", purpose="marketing"):
    return contacting.addresses(ids, channel=channel, purpose=purpose)


def why(pk, channel="email", purpose="marketing"):
    return sending.may_contact([pk], channel=channel, purpose=purpose, now=NOW)[pk]


def test_the_first_address_is_used_while_nothing_is_against_it():
    pk = person("a", email="first@x.cc", said="given")
    further(pk, "email", "second@x.cc")
    assert where(pk) == {pk: "first@x.cc"}


def test_when_mails_to_the_first_came_back_the_next_is_used():
    pk = person("a", email="first@x.cc", said="given")
    further(pk, "email", "second@x.cc")
    further(pk, "email", "third@x.cc")
    came_back("email", "first@x.cc")
    assert (where(pk), why(pk)) == ({pk: "second@x.cc"}, None)
    came_back("email", "second@x.cc")
    came_back("email", "third@x.cc")
    assert why(pk) == "address_dead"


def test_who_needs_a_new_address_can_be_found():
    gone = person("gone", email="gone@x.cc", said="given")
    moved = person("moved", email="moved@x.cc", said="given")
    further(moved, "email", "new@x.cc")
    came_back("email", "gone@x.cc")
    came_back("email", "moved@x.cc")
    leaf = {"field": "came_back_email", "op": "eq", "value": True}
    asked = audiences.read({"v": 1, "where": leaf})
    assert audiences.members(asked, today=NOW.date(), now=NOW).tolist() == [gone]


def test_who_has_only_a_further_address_is_reached_there():
    pk = person("a", said="given")
    further(pk, "phone", "+8613800000002")
    assert where(pk, channel="sms") == {pk: "+8613800000002"}
    assert where(pk) == {}


def test_an_address_somebody_else_refused_is_passed_over():
    pk = person("a", email="home@x.cc", said="given")
    other = person("b", said="refused")
    further(other, "email", "home@x.cc")
    assert why(pk) == "refused", "a further address of another is shared too"
    further(pk, "email", "own@x.cc")
    assert (where(pk), why(pk)) == ({pk: "own@x.cc"}, None)


def test_the_address_of_a_message_is_asked_about_and_not_another():
    pk = person("a", email="first@x.cc", said="given")
    further(pk, "email", "second@x.cc")
    queue("old", pk, address="first@x.cc")
    queue("new", pk, address="second@x.cc")
    came_back("email", "first@x.cc")
    rows = queries.due("email", purposes=("marketing",), now=NOW, limit=9)
    refused = contacting.refusals(rows, now=NOW)
    assert refused == {one("old").pk: "address_dead"}
    assert states()["new"] == "queued"


def test_an_answer_to_their_own_question_goes_where_something_still_arrives():
    pk = person("a", email="first@x.cc")
    further(pk, "email", "second@x.cc")
    came_back("email", "first@x.cc")
    assert where(pk, purpose="service") == {pk: "second@x.cc"}
    came_back("email", "second@x.cc")
    assert (where(pk, purpose="service"), why(pk, purpose="service")) == ({pk: "first@x.cc"}, None)


def small_world(seed):
    """People who share few phones and e-mails, some further ones, statements of all kinds."""
    chance = random.Random(seed)
    phones = [f"+8613800000{n:03d}" for n in range(14)]
    emails = [f"p{n}@x.cc" for n in range(14)]
    for n in range(40):
        pk = person(f"c{n}", email=chance.choice(["", *emails]), phone=chance.choice(["", *phones]))
        for kind, values in (("phone", phones), ("email", emails)):
            for value in chance.sample(values, chance.choice([0, 0, 1, 2])):
                further(pk, kind, value)
        for day in range(chance.choice([0, 1, 2, 4])):
            channel = chance.choice(["sms", "phone", "email", "wechat", "any"])
            state = chance.choice(STATES)
            purpose = "any" if channel == "any" else "marketing"
            say(pk, channel, state, purpose=purpose, days=day)
        if chance.random() < 0.3:
            people.Identity.objects.create(customer_id=pk, source="wechat", value=f"o{n}")
    people.Customer.objects.filter(pk__in=chance.sample(ids(), 3)).update(phone_is_masked=True)
    for channel in ("sms", "phone", "email"):
        for value in chance.sample(emails if channel == "email" else phones, 3):
            came_back(channel, value)


def ids():
    return list(people.Customer.objects.order_by("pk").values_list("pk", flat=True))


def newest(pk, channel):
    found = people.Consent.objects.filter(customer_id=pk, channel=channel)
    row = found.order_by("-stated_at", "-pk").first()
    return row.state if row else "unknown"


def addresses_of(pk, kind):
    first = people.Customer.objects.get(pk=pk)
    value = first.email if kind == "email" else "" if first.phone_is_masked else first.phone
    more = people.Address.objects.filter(customer_id=pk, kind=kind).order_by("pk")
    return [one for one in [value, *more.values_list("value", flat=True)] if one]


def by_hand(pk, channel, everybody, dead):
    """The rule, one person at a time: the address, and why marketing may not go there."""
    at, found = f"at {KINDS[channel]}", []
    for value in everybody[pk][at]:
        others = [other for other in everybody if other != pk and value in everybody[other][at]]
        said = {everybody[other][channel] for other in others} & {"refused", "withdrawn"}
        is_stopped = any(everybody[other]["any"] == "withdrawn" for other in others)
        found.append((value, said, is_stopped, (channel, value) in dead))
    if not found:
        return "", "no_address"
    usable = [row for row in found if not (row[1] or row[2] or row[3])]
    value, said, is_stopped, is_dead = (usable or found)[0]
    said |= {everybody[pk][channel]}
    if is_stopped or everybody[pk]["any"] == "withdrawn":
        return value, "do_not_contact"
    for state, reason in (("withdrawn",) * 2, ("refused",) * 2, ("unknown", "no_consent")):
        if state in said:
            return value, reason
    return value, "address_dead" if is_dead else None


@pytest.mark.parametrize("seed", range(6))
def test_count_campaign_and_sender_agree_with_the_rule_by_hand(seed):
    small_world(seed)
    everybody = {
        pk: {
            **{f"at {kind}": addresses_of(pk, kind) for kind in ("phone", "email")},
            **{channel: newest(pk, channel) for channel in ("sms", "phone", "email", "any")},
        }
        for pk in ids()
    }
    dead = {
        (channel, value)
        for channel in KINDS
        for value in queries.dead(
            channel, [f"p{n}@x.cc" for n in range(14)] + [f"+8613800000{n:03d}" for n in range(14)]
        )
    }
    expression = audiences.read({"v": 1, "where": {"all": []}})
    at = {"today": NOW.date(), "now": NOW}
    parts = {row.channel: row for row in audiences.reach(expression, **at)}
    for channel in KINDS:
        expected = {pk: by_hand(pk, channel, everybody, dead) for pk in everybody}
        found = sending.may_contact(ids(), channel=channel, purpose="marketing", now=NOW)
        assert found == {pk: reason for pk, (_, reason) in expected.items()}
        assert where(*ids(), channel=channel) == {
            pk: value for pk, (value, _) in expected.items() if value
        }
        counts = Counter(found.values())
        row = parts[channel]
        assert (
            row.reachable, row.no_address, row.not_asked, row.refused, row.withdrawn,
            row.do_not_contact, row.came_back,
        ) == tuple(
            counts[reason]
            for reason in (
                None, "no_address", "no_consent", "refused", "withdrawn", "do_not_contact",
                "address_dead",
            )
        )  # fmt: skip
        leaf = {"field": f"reachable_{channel}", "op": "eq", "value": True}
        chosen = audiences.members(audiences.read({"v": 1, "where": leaf}), **at)
        assert chosen.tolist() == [pk for pk in ids() if found[pk] is None]
