"""Two records that are one person: what the one that stays says then."""

from datetime import UTC, date, datetime

import pytest

from huitou.customers import unions

DAY = datetime(2026, 1, 1, tzinfo=UTC)
BLANK = {
    "name": "", "name_folded": "", "name_pinyin": "", "name_initials": "", "kind": "person",
    "phone": "", "phone_reversed": "", "phone_is_masked": False, "email": "", "birth_date": None,
    "birth_calendar": "solar", "home_store_id": None, "acquired_from": "", "tags": [], "needs": "",
    "created_at": DAY,
}  # fmt: skip


def record(**said):
    return BLANK | said


@pytest.mark.parametrize(
    ("kept", "gone", "take", "email"),
    [
        pytest.param("a@x.cn", "b@x.cn", (), "a@x.cn", id="the record that stays wins"),
        pytest.param("a@x.cn", "b@x.cn", {"email"}, "b@x.cn", id="unless the other is chosen"),
        pytest.param("", "b@x.cn", (), "b@x.cn", id="what it does not say comes from the other"),
        pytest.param("a@x.cn", "", {"email"}, "a@x.cn", id="nothing said wins over nothing"),
    ],
)
def test_who_wins_a_field(kept, gone, take, email):
    chosen = unions.union(record(email=kept), record(email=gone), take)
    assert chosen["email"] == email


def test_a_number_with_stars_gives_way_to_a_whole_one():
    kept = record(phone="138****0000", phone_is_masked=True)
    gone = record(phone="+8613800000000", phone_reversed="0000000083168")
    chosen = unions.union(kept, gone, ())
    assert (chosen["phone"], chosen["phone_is_masked"]) == ("+8613800000000", False)


def test_tags_and_needs_are_of_both_and_known_since_is_the_earlier():
    later = DAY.replace(month=6)
    kept = record(tags=["a", "b"], needs="oat milk", created_at=later)
    gone = record(tags=["b", "c"], needs="oat milk\nno sugar")
    chosen = unions.union(kept, gone, ())
    assert chosen["tags"] == ["a", "b", "c"]
    assert chosen["needs"] == "oat milk\nno sugar"
    assert chosen["created_at"] == DAY


def test_a_birthday_comes_with_its_calendar():
    gone = record(birth_date=date(1990, 3, 31), birth_calendar="lunar")
    chosen = unions.union(record(), gone, ())
    assert (chosen["birth_date"], chosen["birth_calendar"]) == (date(1990, 3, 31), "lunar")


def test_every_way_to_reach_either_is_kept_once():
    kept = record(phone="+861", phone_reversed="168", email="a@x.cn")
    gone = record(phone="+862", phone_reversed="268", email="b@x.cn")
    chosen = unions.union(kept, gone, {"email"})
    further = [("email", "a@x.cn", ""), ("phone", "+863", "368"), ("email", "b@x.cn", "")]
    found = unions.other_addresses(kept, gone, further, chosen)
    assert found == [("phone", "+862", "268"), ("email", "a@x.cn", ""), ("phone", "+863", "368")]


def test_numbers_with_stars_are_no_further_address():
    kept = record(phone="+861", phone_reversed="168")
    gone = record(phone="139****1", phone_is_masked=True)
    assert unions.other_addresses(kept, gone, [], unions.union(kept, gone, ())) == []
