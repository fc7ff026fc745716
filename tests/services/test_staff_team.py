"""Links to choose a password, people changed with their stores, stores and days on record."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connections

from huitou.flows import company as describing
from huitou.platform import audit
from huitou.platform.models import Fact
from huitou.staff import errors, models, queries, services, types

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
GOOD = "a quiet river 88"
COMPANY = types.CompanyIn("回头咖啡", "Asia/Shanghai", "CNY", "cafe")


@pytest.fixture
def stores(db):
    services.set_company(company=COMPANY, actor="cli", now=NOW)
    return [services.add_store(code=code, actor="cli", now=NOW) for code in ("S1", "S2")]


def invited(**other):
    user = types.UserIn("zhang@example.com", "小张", "cashier", **other)
    return services.invite_user(user=user, actor="user:1", now=NOW)


def test_a_link_is_good_once(stores):
    made = invited(stores=(stores[0],))
    assert services.invited_user(made.token, now=NOW).email == "zhang@example.com"
    assert services.choose_password(token=made.token, password=GOOD, now=NOW) == made.user_id
    assert authenticate(username="zhang@example.com", password=GOOD) is not None
    with pytest.raises(errors.InvitationInvalid):
        services.invited_user(made.token, now=NOW)
    with pytest.raises(errors.InvitationInvalid):
        services.choose_password(token=made.token, password=GOOD, now=NOW)


def test_until_then_nobody_signs_in_with_any_password(stores):
    invited()
    assert authenticate(username="zhang@example.com", password="") is None
    assert not queries.team()[0].has_password


def another_link(made):
    services.new_invitation(user_id=made.user_id, actor="cli", now=NOW)


def a_password(made):
    services.set_password(email="zhang@example.com", password=GOOD, actor="cli", now=NOW)


def a_closed_account(made):
    change = types.UserChange(is_active=False)
    services.change_user(user_id=made.user_id, change=change, actor="cli", now=NOW)


def another_address(made):
    change = types.UserChange(email="zhang.wei@example.com")
    services.change_user(user_id=made.user_id, change=change, actor="cli", now=NOW)


@pytest.mark.parametrize("ends", [another_link, a_password, a_closed_account, another_address])
def test_a_link_ends_with(stores, ends):
    made = invited()
    ends(made)
    with pytest.raises(errors.InvitationInvalid):
        services.invited_user(made.token, now=NOW)


def test_a_link_ends_after_three_days(stores):
    made = invited()
    assert services.invited_user(made.token, now=NOW + timedelta(days=2, hours=23))
    with pytest.raises(errors.InvitationInvalid):
        services.choose_password(token=made.token, password=GOOD, now=NOW + timedelta(days=3))


def test_the_token_is_nowhere_in_the_database_and_names_are_in_no_trail(stores):
    made = invited()
    kept = str(list(models.Invitation.objects.values())) + str(audit.entries())
    assert made.token not in kept
    assert "zhang" not in str(audit.entries()) + str(list(Fact.objects.values("payload")))


def test_a_weak_password_leaves_the_link_usable(stores):
    made = invited()
    with pytest.raises(errors.PasswordWeak):
        services.choose_password(token=made.token, password="12345678", now=NOW)
    assert services.choose_password(token=made.token, password=GOOD, now=NOW)


def test_whoever_is_closed_gets_no_link_and_nobody_gets_none(stores):
    made = invited()
    services.change_user(
        user_id=made.user_id, change=types.UserChange(is_active=False), actor="cli", now=NOW
    )
    with pytest.raises(errors.AccountClosed):
        services.new_invitation(user_id=made.user_id, actor="cli", now=NOW)
    with pytest.raises(errors.UserMissing):
        services.new_invitation(user_id=999_999, actor="cli", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_have_the_same_link_choose_one_password():
    made = invited()
    together, outcomes = threading.Barrier(4), []

    def choose(number):
        together.wait()
        try:
            services.choose_password(token=made.token, password=f"{GOOD} {number}", now=NOW)
            outcomes.append("chosen")
        except errors.InvitationInvalid:
            outcomes.append("refused")
        finally:
            connections.close_all()

    all_four = [threading.Thread(target=choose, args=(number,)) for number in range(4)]
    for one in all_four:
        one.start()
    for one in all_four:
        one.join()
    assert sorted(outcomes) == ["chosen", "refused", "refused", "refused"]


def test_stores_are_changed_and_unknown_ones_refused(stores):
    made = invited(stores=(stores[0],))
    change = types.UserChange(stores=(stores[1], stores[0]))
    services.change_user(user_id=made.user_id, change=change, actor="user:1", now=NOW)
    assert queries.stores_of(made.user_id) == stores
    line = audit.entries(subject=f"user:{made.user_id}")[0]
    assert (line.before["stores"], line.after["stores"]) == ([stores[0]], stores)
    with pytest.raises(errors.StoreMissing):
        services.change_user(
            user_id=made.user_id,
            change=types.UserChange(role="owner", stores=(999_999,)),
            actor="cli",
            now=NOW,
        )
    assert queries.user(made.user_id).role == "cashier"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(types.UserChange(role="manager"), id="another role"),
        pytest.param(types.UserChange(is_active=False), id="closed"),
        pytest.param(types.UserChange(stores=(1,)), id="other stores"),
    ],
)
def test_nobody_changes_their_own_account_but_their_name(stores, change):
    people = [
        services.add_user(
            user=types.UserIn(email, "x", "owner"), password=GOOD, actor="cli", now=NOW
        )
        for email in ("a@example.com", "b@example.com")
    ]
    with pytest.raises(errors.OwnAccount):
        services.change_user(user_id=people[0], change=change, actor=f"user:{people[0]}", now=NOW)
    services.change_user(
        user_id=people[0],
        change=types.UserChange(name="林"),
        actor=f"user:{people[0]}",
        now=NOW,
    )
    assert (queries.user(people[0]).name, queries.user(people[0]).role) == ("林", "owner")


def test_a_generated_password_passes_its_own_rules_and_is_another_each_time(stores):
    made = {services.generated_password() for _ in range(200)}
    assert len(made) == 200
    for n, password in enumerate(sorted(made)[:5]):
        user = types.UserIn(f"{n}@example.com", "x", "analyst")
        services.add_user(user=user, password=password, actor="cli", now=NOW)


def test_the_team_is_read_in_one_statement(stores, django_assert_num_queries):
    invited(stores=tuple(stores))
    with django_assert_num_queries(1):
        rows = queries.team()
    assert rows[0].stores == tuple(stores)
    assert rows[0].invited_at == NOW


def test_where_settings_stand_is_read_in_two_statements(stores, django_assert_num_queries):
    day = date(2026, 7, 1)
    for value, begins in ((40, NOW.date()), (45, day)):
        services.set_setting(
            name="margin_percent", value=value, valid_from=begins, actor="cli", now=NOW
        )
    with django_assert_num_queries(2):
        lines = queries.settings_standing(NOW.date())
    margin = next(line for line in lines if line.name == "margin_percent")
    assert margin.in_force.value == 40
    assert [(row.value, row.valid_from) for row in margin.planned] == [(45, day)]


def test_the_trail_of_a_setting_holds_all_its_scopes_and_no_other(stores):
    for name, scope in (
        ("compensation_points", ""),
        ("compensation_points", "role:service_agent"),
        ("compensation_minor", ""),
    ):
        services.set_setting(
            name=name, value=100, valid_from=NOW.date(), scope=scope, actor="cli", now=NOW
        )
    assert [line.subject for line in queries.setting_changes("compensation_points")] == [
        "setting:compensation_points:role:service_agent",
        "setting:compensation_points",
    ]


def test_the_currency_may_change_while_there_is_no_order(stores):
    assert describing.may_change_currency()
    dollars = types.CompanyIn("回头咖啡", "Asia/Shanghai", "USD", "cafe")
    describing.describe(company=dollars, actor="cli", now=NOW)
    assert queries.company().currency == "USD"


def ended(name, begins, scope=""):
    change = types.SettingChange(name, None, begins, scope, is_end=True)
    services.change_setting(change=change, actor="cli", now=NOW)


def test_a_value_that_ends_gives_way_to_the_companys_and_that_to_the_default(stores):
    first, later, last = (date(2026, 7, day) for day in (1, 10, 20))
    for value, scope in ((800, "role:service_agent"), (600, "")):
        services.set_setting(
            name="compensation_points", value=value, valid_from=first, scope=scope,
            actor="cli", now=NOW,
        )  # fmt: skip
    ended("compensation_points", later, "role:service_agent")
    ended("compensation_points", last)
    seen = [
        queries.setting("compensation_points", on=day, scope="role:service_agent")
        for day in (first, later, last)
    ]
    assert seen == [800, 600, 500]
    rows = {(row.name, row.scope): row.value for row in queries.settings_on(later)}
    assert rows["compensation_points", "role:service_agent"] == 600
    assert rows["compensation_points", ""] == 600
    services.set_setting(
        name="compensation_points", value=700, valid_from=last, actor="cli", now=NOW
    )
    assert queries.setting("compensation_points", on=last) == 700, "set again on the same day"


def test_the_end_of_a_setting_nobody_knows_is_refused(stores):
    with pytest.raises(errors.SettingUnknown):
        ended("colour", NOW.date())
