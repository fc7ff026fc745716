"""The pages of settings: what is in force, a form for each, what a wrong one is told."""

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from huitou.console import setting_words
from huitou.orders.models import Order
from huitou.platform import audit
from huitou.staff import errors, queries, services
from huitou.staff.presets import known
from huitou.staff.types import SettingChange

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]


def today() -> date:
    from zoneinfo import ZoneInfo

    return timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))


def said(*parts: str, **other: str) -> dict[str, str]:
    fields = {f"part_{n}": part for n, part in enumerate(parts)}
    return fields | {"valid_from": today().isoformat()} | other


def test_every_setting_stands_on_the_list_with_what_is_in_force(signed_in: Make) -> None:
    page = signed_in("manager", language="en").get("/settings").content.decode()
    for name in known.SETTINGS:
        assert f'href="/settings/{name}"' in page, name
    assert "14 / 30 / 60 / 120 days" in page, "the windows of a café"
    assert "21:00 – 08:00" in page
    assert "not known: figures say sales, not profit" in page
    assert "default" in page


def test_every_setting_has_words_of_its_own_and_a_page(signed_in: Make) -> None:
    owner = signed_in()
    assert set(setting_words.SAID) <= set(known.SETTINGS)
    listed = [name for group in setting_words.groups() for name in group.names]
    assert sorted(listed) == sorted(known.SETTINGS), "each stands in one group"
    for name, setting in known.SETTINGS.items():
        assert owner.get(f"/settings/{name}").status_code == 200, name
        assert owner.get(f"/settings/{name}?scope={setting.scopes[0]}x").status_code in (200, 404)


@pytest.mark.parametrize(
    ("name", "parts", "stored"),
    [
        ("windows", ("20", "40", "80", "160"), [20, 40, 80, 160]),
        ("horizon_days", ("90",), 90),
        ("horizon_days", ("",), None),
        ("money_window", ("",), "all"),
        ("margin_percent", ("62.5",), 62.5),
        ("margin_percent", ("62.5%",), 62.5),
        ("acquisition_cost_minor", ("15.50",), 1550),
        ("acquisition_cost_minor", ("1,500",), 150_000),
        ("acquisition_cost_minor", ("１５",), 1500),
        ("tariff_minor", ("15", "0.05"), [1500, 5]),
        ("contact_caps", ("4", "30"), [4, 30]),
        ("contact_caps", ("", ""), None),
        ("quiet_hours", ("22:00", "07:30"), "22:00-07:30"),
        ("quiet_hours", ("", ""), None),
        ("measure_at", ("04:15",), "04:15"),
        ("model", ("bgnbd",), "bgnbd"),
        ("mail_from", ("shop@example.com",), "shop@example.com"),
        ("sms_signature", ("山野咖啡",), "山野咖啡"),
        ("global_holdout_percent", ("5",), 5),
        ("compensation_minor", ("88.00",), 8800),
        ("case_step_hours", ("1", "2", "4", "8", "12"), [1, 2, 4, 8, 12]),
    ],
)
def test_what_is_typed_is_what_is_stored(
    signed_in: Make, name: str, parts: tuple[str, ...], stored: Any
) -> None:
    manager = signed_in("manager", language="en")
    answer = manager.post(f"/settings/{name}", said(*parts, confirmed="on"))
    assert answer.status_code == 302, answer.content.decode()
    assert queries.setting(name, on=today()) == stored
    assert queries.setting_history(name)[0].value == stored
    page = manager.get(f"/settings/{name}").content.decode()
    for n, part in enumerate(parts):
        shown = re.search(rf'<(?:input|select)[^>]*name="part_{n}"[^>]*>', page)
        assert shown, part


@pytest.mark.parametrize(
    ("name", "parts", "words"),
    [
        pytest.param("windows", ("40", "20", "80", "160"), "each above the one before", id="fall"),
        pytest.param("windows", ("40", "", "80", "160"), "A whole number from 1", id="one missing"),
        pytest.param("margin_percent", ("101",), "From 0 to 100", id="more than all"),
        pytest.param("margin_percent", ("NaN",), "From 0 to 100", id="not a number"),
        pytest.param("acquisition_cost_minor", ("viel",), "An amount such as", id="no amount"),
        pytest.param("acquisition_cost_minor", ("1.999",), "An amount such as", id="too fine"),
        pytest.param("acquisition_cost_minor", ("1e30",), "An amount such as", id="an exponent"),
        pytest.param("compensation_minor", ("99999",), "¥10,000.00", id="above the ceiling"),
        pytest.param("quiet_hours", ("22:00", ""), "A time of day", id="half a span"),
        pytest.param("quiet_hours", ("22:00", "22:00"), "Two different times", id="no span"),
        pytest.param("contact_caps", ("4", ""), "A whole number", id="half a limit"),
        pytest.param("tariff_minor", ("15", ""), "An amount such as", id="half a tariff"),
        pytest.param("mail_from", ("nobody",), "An e-mail address", id="no address"),
        pytest.param("sms_signature", ("x" * 20,), "2 to 16 characters", id="too long"),
        pytest.param("measure_at", ("25:00",), "A time of day", id="no such hour"),
        pytest.param("model", ("magic",), 'class="error"', id="no such model"),
        pytest.param("global_holdout_percent", ("9",), "from 0 to 5", id="too many held out"),
        pytest.param("case_step_hours", ("1", "2", "3", "4", "25"), "A whole number", id="a day"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_not_stored(
    signed_in: Make, name: str, parts: tuple[str, ...], words: str
) -> None:
    manager = signed_in("manager", language="en")
    answer = manager.post(f"/settings/{name}", said(*parts, confirmed="on"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    shown = re.sub(r"<[^>]*>", "", page)
    assert "_" not in name or name not in shown, "the key is nothing for a person"
    assert queries.setting_history(name) == []


@pytest.mark.parametrize(
    "day", ["", "2020-01-01", "9999-12-31", "2027-02-30"], ids=["none", "past", "far", "never"]
)
def test_a_value_begins_today_or_later(signed_in: Make, day: str) -> None:
    manager = signed_in("manager", language="en")
    answer = manager.post("/settings/value_days", said("730", valid_from=day))
    assert answer.status_code == 422
    assert queries.setting_history("value_days") == []


def test_where_it_hurts_nothing_is_changed_before_it_is_confirmed(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    answer = manager.post("/settings/global_holdout_percent", said("2"))
    assert answer.status_code == 422
    assert "Confirm that you know this." in answer.content.decode()
    assert "get no marketing for the rest of the year" in answer.content.decode()
    assert queries.setting("global_holdout_percent", on=today()) == 0


def test_a_later_value_is_planned_shown_and_taken_back_but_none_that_has_begun(
    signed_in: Make,
) -> None:
    manager, later = signed_in("manager", language="en"), today() + timedelta(40)
    manager.post("/settings/value_days", said("730"))
    manager.post("/settings/value_days", said("365", valid_from=later.isoformat()))
    assert queries.setting("value_days", on=today()) == 730
    assert queries.setting("value_days", on=later) == 365
    page = manager.get("/settings/value_days").content.decode()
    assert "Withdraw it" in page
    for day in (later, today()):
        manager.post("/settings/value_days/withdraw", {"scope": "", "valid_from": day.isoformat()})
    assert [row.value for row in queries.setting_history("value_days")] == [730]
    page = manager.get("/settings/value_days").content.decode()
    assert "was taken back" in page, "and stays on record"
    assert "this value has begun" in page


def test_a_category_has_a_margin_of_its_own_others_take_the_companys(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    manager.post("/settings/margin_percent", said("40"))
    page = manager.get("/settings/margin_percent", {"of": "拿铁"}).content.decode()
    assert "拿铁" in page
    assert 'value="40"' in page, "it starts from the company's"
    assert manager.post("/settings/margin_percent?of=拿铁", said("65")).status_code == 302
    assert queries.setting("margin_percent", on=today(), scope="category:拿铁") == 65
    assert queries.setting("margin_percent", on=today(), scope="category:茶") == 40
    assert "拿铁" in manager.get("/settings").content.decode()
    manager.post("/settings/margin_percent?of=拿铁", said(""))
    page = manager.get("/settings/margin_percent", {"of": "拿铁"}).content.decode()
    assert "as the company from" in page, "its own is taken back"


@pytest.mark.parametrize(
    "address",
    [
        "/settings/colour",
        "/settings/windows?scope=store:S1",
        "/settings/margin_percent?scope=category:",
        "/settings/compensation_points?of=king",
        "/settings/quiet_hours?of=pigeon",
        "/settings/margin_percent?scope=category:a%00b",
        "/settings/margin_percent?of=" + "x" * 300,
    ],
)
def test_what_there_is_no_setting_for_is_not_found(signed_in: Make, address: str) -> None:
    assert signed_in("manager").get(address).status_code == 404


def test_a_role_has_a_limit_of_its_own(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    page = manager.get("/settings/compensation_points").content.decode()
    assert '<option value="service_agent">' in page
    assert '<option value="owner">' not in page, "owners have no limit"
    manager.post("/settings/compensation_points?of=service_agent", said("800"))
    scope = "role:service_agent"
    assert queries.setting("compensation_points", on=today(), scope=scope) == 800
    again = manager.get("/settings/compensation_points").content.decode()
    assert '<option value="service_agent">' not in again


def test_a_value_is_ended_and_the_default_holds_again(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    assert "Back to the default" not in manager.get("/settings/value_days").content.decode()
    manager.post("/settings/value_days", said("730"))
    page = manager.get("/settings/value_days").content.decode()
    assert "Back to the default" in page
    later = (today() + timedelta(20)).isoformat()
    manager.post("/settings/value_days", said("", do="end", valid_from=later))
    assert queries.setting("value_days", on=today()) == 730
    assert queries.setting("value_days", on=today() + timedelta(20)) == 1095
    assert "the default from" in manager.get("/settings/value_days").content.decode()


def test_the_end_of_what_hurts_is_confirmed_too(signed_in: Make) -> None:
    manager = signed_in("manager")
    manager.post("/settings/global_holdout_percent", said("2", confirmed="on"))
    assert manager.post("/settings/global_holdout_percent", said("", do="end")).status_code == 422
    assert queries.setting("global_holdout_percent", on=today()) == 2


def test_who_changed_what_is_on_the_page(signed_in: Make) -> None:
    owner = signed_in(language="en")
    owner.post("/settings/margin_percent", said("40"))
    owner.post("/settings/margin_percent", said("45"))
    page = owner.get("/settings/margin_percent").content.decode()
    assert "before: 40%" in page
    assert "林晓舟" in page
    assert len(audit.entries(subject="setting:margin_percent")) == 2


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(signed_in: Make) -> None:
    owner, manager = signed_in(language="en"), signed_in("manager", language="en")
    page = owner.get("/settings/value_days").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    manager.post("/settings/value_days", said("730"))
    answer = owner.post("/settings/value_days", said("365", seen=seen[1]))
    assert answer.status_code == 422
    assert "Somebody changed this" in answer.content.decode()
    assert queries.setting("value_days", on=today()) == 730


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_a_setting_at_once_one_is_told() -> None:
    now, day = timezone.now(), date(2027, 1, 1)
    seen = queries.setting_mark("value_days", scope="")
    together, outcomes = threading.Barrier(2), []

    def change(value: int) -> None:
        together.wait()
        try:
            wanted = SettingChange("value_days", value, day, "", seen)
            services.change_setting(change=wanted, actor="cli", now=now)
            outcomes.append("saved")
        except errors.ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connections.close_all()

    both = [threading.Thread(target=change, args=(value,)) for value in (365, 730)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["saved", "told"]


def test_the_company_is_described_anew_and_what_moves_figures_is_confirmed(
    signed_in: Make,
) -> None:
    manager = signed_in("manager", language="en")
    about = {"name": "山野", "zone": "Asia/Urumqi", "currency": "CNY", "industry": "cafe"}
    assert manager.post("/settings/company", about).status_code == 422
    assert manager.post("/settings/company", about | {"confirmed": "on"}).status_code == 302
    company = queries.company()
    assert company is not None
    assert (company.name, company.zone) == ("山野", "Asia/Urumqi")
    page = manager.get("/settings/company").content.decode()
    assert "Asia/Shanghai → Asia/Urumqi" in page
    assert manager.post("/settings/company", about | {"name": "\x07"}).status_code == 422


def test_the_currency_can_change_only_while_nothing_is_stored_in_it(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    about = {"name": "山野", "zone": "Asia/Shanghai", "currency": "USD", "industry": "cafe"}
    assert manager.post("/settings/company", about).status_code == 302
    company = queries.company()
    assert company is not None
    assert company.currency == "USD"
    Order.objects.create(
        source="till",
        number="1",
        store_id=queries.stores()[0].id,
        status="paid",
        ordered_at=timezone.now(),
        ordered_on=today(),
        total_minor=100,
        is_counted=True,
        import_id=1,
        created_import_id=1,
        digest=b"",
    )
    manager.post("/settings/company", about | {"currency": "EUR"})
    company = queries.company()
    assert company is not None
    assert company.currency == "USD"
    assert "It stays" in manager.get("/settings/company").content.decode()


def test_the_surroundings_are_set_or_not_and_never_shown(signed_in: Make, settings: Any) -> None:
    settings.SURROUNDINGS = {"HUITOU_SMTP_URL": True, "HUITOU_IMAP_URL": False}
    settings.SMTP_URL = "smtp://shop:geheim@mail.example:587"
    page = signed_in(language="en").get("/settings").content.decode()
    assert "HUITOU_SMTP_URL" in page
    assert "geheim" not in page
    assert "not set" in page


@pytest.mark.parametrize("role", ["analyst", "cashier", "marketer", "service_agent"])
def test_who_manages_no_settings_neither_sees_nor_sets_them(signed_in: Make, role: str) -> None:
    browser = signed_in(role)
    assert browser.get("/settings").status_code == 403
    assert browser.post("/settings/value_days", said("730")).status_code == 403
    assert browser.post("/settings/company", {"name": "x"}).status_code == 403
    assert queries.setting_history("value_days") == []


def test_the_pages_ask_the_database_a_dozen_times_at_most(
    signed_in: Make, django_assert_max_num_queries: Any
) -> None:
    manager = signed_in("manager")
    for of in ("拿铁", "茶", "甜点"):
        manager.post(f"/settings/margin_percent?of={of}", said("65"))
    pages = ("/settings", "/settings/margin_percent", "/settings/global_holdout_percent")
    for address in (*pages, "/settings/company"):
        with django_assert_max_num_queries(12):
            manager.get(address)


def test_no_screen_names_a_setting_by_its_key_for_a_human() -> None:
    from huitou.ui import catalogue

    shown = [message for (_context, message) in catalogue.used() if message]
    named = {
        (name, message)
        for name in known.SETTINGS
        for message in shown
        if "_" in name and name in message
    }
    assert not named


def test_who_may_set_the_margin_is_led_to_it_others_are_not() -> None:
    from tests.doors import shop

    made = shop.measured()
    assert made.run is not None
    report = made.run.report | {"money": {"name": "sales"}}
    type(made.run).objects.update(report=report)
    link = 'href="/settings/margin_percent"'
    assert link in shop.client_of(shop.user()).get("/").content.decode()
    assert link not in shop.client_of(shop.user("analyst")).get("/").content.decode()


def test_the_page_of_messages_leads_to_its_settings(signed_in: Make) -> None:
    link = 'href="/settings/mail_from"'
    assert link in signed_in().get("/messages").content.decode()
    assert link not in signed_in("analyst").get("/messages").content.decode()


def test_the_gear_leads_to_the_settings_of_who_may_change_them(signed_in: Make) -> None:
    assert 'href="/settings"' in signed_in("manager").get("/profile").content.decode()
    assert 'href="/settings"' not in signed_in("cashier").get("/profile").content.decode()
