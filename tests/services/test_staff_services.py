"""The company and its people on a real database."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connections

from huitou.platform import audit
from huitou.staff import errors, models, queries, services, types

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
GOOD = "a quiet river 88"
COMPANY = types.CompanyIn("回头咖啡", "Asia/Shanghai", "CNY", "cafe")


def person(email="lin@example.com", role="manager"):
    return types.UserIn(email, "林", role)


@pytest.fixture
def company(db):
    services.set_company(company=COMPANY, actor="cli", now=NOW)


def test_the_first_visitor_with_the_token_becomes_the_owner_once(db):
    token = services.new_setup_token(now=NOW)
    assert services.setup_token_is_valid(token, now=NOW)
    user_id = services.create_owner(
        token=token, user=person(role="partner"), password=GOOD, now=NOW
    )
    assert queries.user(user_id).role == "owner"
    assert not services.setup_token_is_valid(token, now=NOW)
    assert services.new_setup_token(now=NOW) is None
    with pytest.raises(errors.AlreadySetUp):
        services.create_owner(token=token, user=person("b@example.com"), password=GOOD, now=NOW)


def test_a_wrong_or_old_token_makes_nobody_an_owner(db):
    token = services.new_setup_token(now=NOW)
    for given, when in ((token + "x", NOW), ("", NOW), (token, NOW + timedelta(days=8))):
        with pytest.raises(errors.SetupTokenInvalid):
            services.create_owner(token=given, user=person(), password=GOOD, now=when)
    assert not queries.has_owner()


def test_a_new_token_replaces_the_one_before(db):
    first = services.new_setup_token(now=NOW)
    second = services.new_setup_token(now=NOW)
    assert not services.setup_token_is_valid(first, now=NOW)
    assert services.setup_token_is_valid(second, now=NOW)


def test_the_token_itself_is_nowhere_in_the_database(db):
    token = services.new_setup_token(now=NOW)
    assert token not in str(list(models.SetupToken.objects.values()))


def test_a_weak_password_leaves_the_token_usable(db):
    token = services.new_setup_token(now=NOW)
    with pytest.raises(errors.PasswordWeak):
        services.create_owner(token=token, user=person(), password="12345678", now=NOW)
    assert services.create_owner(token=token, user=person(), password=GOOD, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_first_visitors_at_once_make_one_owner():
    token = services.new_setup_token(now=NOW)
    outcomes = []

    def visit(number):
        try:
            user = person(f"visitor{number}@example.com")
            services.create_owner(token=token, user=user, password=GOOD, now=NOW)
            outcomes.append("owner")
        except errors.AlreadySetUp:
            outcomes.append("refused")
        finally:
            connections.close_all()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert sorted(outcomes) == ["owner", "refused", "refused", "refused"]


def test_a_user_signs_in_with_the_password_whatever_the_case_of_the_email(db):
    services.add_user(user=person("Lin@Example.com"), password=GOOD, actor="cli", now=NOW)
    assert authenticate(username="LIN@example.com", password=GOOD) is not None
    assert authenticate(username="lin@example.com", password=GOOD + "!") is None
    assert GOOD not in models.User.objects.get().password


def test_one_email_is_one_person(db):
    services.add_user(user=person(), password=GOOD, actor="cli", now=NOW)
    with pytest.raises(errors.EmailTaken):
        services.add_user(user=person("LIN@example.com "), password=GOOD, actor="cli", now=NOW)
    assert len(queries.users()) == 1


@pytest.mark.parametrize(
    ("user", "password", "error"),
    [
        pytest.param(person("no address"), GOOD, errors.EmailInvalid, id="no e-mail"),
        pytest.param(person("a@b c"), GOOD, errors.EmailInvalid, id="a blank in the e-mail"),
        pytest.param(person(role="king"), GOOD, errors.RoleUnknown, id="no such role"),
        pytest.param(person(), "short", errors.PasswordWeak, id="a short password"),
        pytest.param(person(), "1234567890123", errors.PasswordWeak, id="only digits"),
        pytest.param(person(), "lin@example.com", errors.PasswordWeak, id="the e-mail again"),
        pytest.param(person(), "qwertyuiop", errors.PasswordWeak, id="everybody's password"),
    ],
)
def test_a_user_that_cannot_be_leaves_no_trace(db, user, password, error):
    with pytest.raises(error):
        services.add_user(user=user, password=password, actor="cli", now=NOW)
    assert queries.users() == []
    assert audit.entries() == []


def test_a_new_password_replaces_the_old_one(db):
    services.add_user(user=person(), password=GOOD, actor="cli", now=NOW)
    services.set_password(
        email="lin@example.com", password="another river 99", actor="cli", now=NOW
    )
    assert authenticate(username="lin@example.com", password=GOOD) is None
    assert authenticate(username="lin@example.com", password="another river 99") is not None
    assert "river" not in str(audit.entries())
    with pytest.raises(errors.UserMissing):
        services.set_password(email="nobody@example.com", password=GOOD, actor="cli", now=NOW)


def test_a_closed_account_cannot_sign_in(db):
    user_id = services.add_user(user=person(), password=GOOD, actor="cli", now=NOW)
    services.change_user(
        user_id=user_id, change=types.UserChange(is_active=False), actor="cli", now=NOW
    )
    assert authenticate(username="lin@example.com", password=GOOD) is None


def test_the_last_owner_can_neither_go_nor_step_down(db):
    owner = services.add_user(user=person(role="owner"), password=GOOD, actor="cli", now=NOW)
    for change in ({"is_active": False}, {"role": "manager"}):
        with pytest.raises(errors.LastOwner):
            services.change_user(
                user_id=owner, change=types.UserChange(**change), actor="cli", now=NOW
            )
    second = person("wang@example.com", "owner")
    services.add_user(user=second, password=GOOD, actor="cli", now=NOW)
    services.change_user(
        user_id=owner, change=types.UserChange(role="manager"), actor="cli", now=NOW
    )
    assert queries.user(owner).role == "manager"


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once():
    ids = [
        services.add_user(
            user=person(f"{n}@example.com", "owner"), password=GOOD, actor="cli", now=NOW
        )
        for n in ("a", "b")
    ]
    outcomes = []
    together = threading.Barrier(2)

    def close(user_id):
        together.wait()
        try:
            services.change_user(
                user_id=user_id, change=types.UserChange(is_active=False), actor="cli", now=NOW
            )
            outcomes.append("closed")
        except errors.LastOwner:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=close, args=(user_id,)) for user_id in ids]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["closed", "refused"]
    assert queries.has_owner()


def test_ten_failed_sign_ins_mean_wait_for_that_email_from_that_address(db):
    where = {"email": "lin@example.com", "address": "203.0.113.7"}
    for second in range(10):
        assert not services.is_limited(**where, now=NOW + timedelta(seconds=second))
        services.note_failed_login(**where, now=NOW + timedelta(seconds=second))
    later = NOW + timedelta(seconds=11)
    assert services.is_limited(**where, now=later)
    assert services.is_limited(email="LIN@example.com ", address="203.0.113.7", now=later)
    assert not services.is_limited(email="wang@example.com", address="203.0.113.7", now=later)
    assert not services.is_limited(email="lin@example.com", address="198.51.100.2", now=later)
    assert not services.is_limited(**where, now=NOW + timedelta(minutes=16))


def test_one_address_cannot_try_everybodys_email(db):
    for number in range(50):
        services.note_failed_login(email=f"{number}@example.com", address="203.0.113.7", now=NOW)
    assert services.is_limited(email="new@example.com", address="203.0.113.7", now=NOW)


def test_signing_in_forgets_the_failures_and_no_email_was_ever_kept(db):
    where = {"email": "lin@example.com", "address": "203.0.113.7"}
    for _ in range(10):
        services.note_failed_login(**where, now=NOW)
    assert "lin@" not in str(list(models.LoginAttempt.objects.values()))
    services.clear_failures(**where)
    assert not services.is_limited(**where, now=NOW)


def test_a_company_is_described_and_audited(company):
    assert queries.company().currency == "CNY"
    services.set_company(
        company=types.CompanyIn("回头", "Asia/Urumqi", "CNY", "cafe"), actor="user:1", now=NOW
    )
    newest = audit.entries(subject="company")[0]
    assert (newest.before["zone"], newest.after["zone"]) == ("Asia/Shanghai", "Asia/Urumqi")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(types.CompanyIn("", "Asia/Shanghai", "CNY"), id="no name"),
        pytest.param(types.CompanyIn("A", "Asia/Nowhere", "CNY"), id="no such zone"),
        pytest.param(types.CompanyIn("A", "../etc/passwd", "CNY"), id="a path for a zone"),
        pytest.param(types.CompanyIn("A", "Asia/Shanghai", "yuan"), id="no currency code"),
        pytest.param(types.CompanyIn("A", "Asia/Shanghai", "CNY", "mining"), id="no such industry"),
        pytest.param(types.CompanyIn("A\x00", "Asia/Shanghai", "CNY"), id="a NUL in the name"),
    ],
)
def test_a_company_that_cannot_be_is_refused(db, wrong):
    with pytest.raises(errors.CompanyInvalid):
        services.set_company(company=wrong, actor="cli", now=NOW)
    assert queries.company() is None


def test_the_currency_stays_once_there_are_orders(company):
    other = types.CompanyIn("回头咖啡", "Asia/Shanghai", "USD", "cafe")
    with pytest.raises(errors.CurrencyFixed):
        services.set_company(company=other, has_orders=True, actor="cli", now=NOW)
    assert queries.company().currency == "CNY"


def test_stores_a_file_names_are_added_once_with_the_companys_zone(company):
    first = services.ensure_stores(["S2", "S1", "S1", ""], now=NOW)
    again = services.ensure_stores(["S1", "S2"], now=NOW)
    assert first == again
    assert [store.zone for store in queries.stores()] == ["Asia/Shanghai"] * 2
    assert services.ensure_stores([], now=NOW) == {}


def test_a_store_needs_a_company_or_a_zone(db):
    with pytest.raises(errors.NotSetUp):
        services.ensure_stores(["S1"], now=NOW)
    with pytest.raises(errors.NotSetUp):
        services.add_store(code="S1", actor="cli", now=NOW)
    assert services.add_store(code="S1", zone="Asia/Shanghai", actor="cli", now=NOW)
    with pytest.raises(errors.StoreTaken):
        services.add_store(code="S1", zone="Asia/Shanghai", actor="cli", now=NOW)


def test_a_store_changes_what_is_named_and_keeps_the_rest(company):
    services.add_store(code="S1", name="南门", actor="cli", now=NOW)
    services.change_store(code="S1", zone="Asia/Urumqi", actor="cli", now=NOW)
    store = queries.stores()[0]
    assert (store.name, store.zone) == ("南门", "Asia/Urumqi")
    with pytest.raises(errors.StoreMissing):
        services.change_store(code="S9", name="x", actor="cli", now=NOW)


def test_closed_days_are_kept_once(company):
    days = [date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 16)]
    assert services.close_days(days=days, reason="春节", actor="cli", now=NOW) == [
        date(2026, 2, 16),
        date(2026, 2, 17),
    ]
    assert services.close_days(days=days, reason="春节", actor="cli", now=NOW) == []
    assert [row.day_on.day for row in queries.store_calendar()] == [16, 17]
    assert services.open_days(days=days[:1], actor="cli", now=NOW) == days[:1]
    assert [row.day_on.day for row in queries.store_calendar()] == [17]


def test_a_setting_counts_from_its_day_and_the_day_before_keeps_its_own(company):
    begins = date(2026, 7, 1)
    services.set_setting(
        name="windows", value="20/40/80/160", valid_from=begins, actor="cli", now=NOW
    )
    assert queries.setting("windows", on=begins) == [20, 40, 80, 160]
    assert queries.setting("windows", on=begins - timedelta(1)) == [14, 30, 60, 120]
    assert [row.value for row in queries.setting_history("windows")] == [[20, 40, 80, 160]]


def test_setting_the_same_day_twice_keeps_both_in_the_audit_trail(company):
    for value in ("40", "45"):
        services.set_setting(
            name="margin_percent", value=value, valid_from=NOW.date(), actor="user:1", now=NOW
        )
    assert queries.setting("margin_percent", on=NOW.date()) == 45
    trail = audit.entries(subject="setting:margin_percent")
    assert [line.after["value"] for line in trail] == [45, 40]
    assert trail[0].before == 40


@pytest.mark.parametrize(
    ("name", "value", "scope", "error"),
    [
        pytest.param("colour", "red", "", errors.SettingUnknown, id="no such setting"),
        pytest.param("windows", "1/2/3/4", "store:S1", errors.SettingUnknown, id="no such scope"),
        pytest.param("windows", "9/8/7/6", "", errors.SettingInvalid, id="falling windows"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_not_audited(db, name, value, scope, error):
    with pytest.raises(error):
        services.set_setting(
            name=name, value=value, valid_from=NOW.date(), scope=scope, actor="cli", now=NOW
        )
    assert audit.entries() == []


def test_every_known_setting_has_a_value_in_force(company):
    rows = {row.name: row for row in queries.settings_on(NOW.date())}
    assert rows["windows"].value == [14, 30, 60, 120]
    assert rows["windows"].valid_from is None
    with pytest.raises(KeyError):
        queries.setting("colour", on=NOW.date())


@pytest.mark.parametrize("call", ["company", "stores", "store_calendar", "users"])
def test_a_read_is_one_statement(company, django_assert_num_queries, call):
    with django_assert_num_queries(1):
        getattr(queries, call)()
