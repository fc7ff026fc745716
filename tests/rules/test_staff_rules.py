"""Who may do what, which setting is in force, and what the value of a setting may be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huitou.staff import errors, rules
from huitou.staff.presets import checks, industries, known
from huitou.staff.types import Action, ClosedDayRow, ClosedSpan, Role, SettingRow

TODAY = date(2026, 6, 30)


def row(name, value, begins, scope=""):
    return SettingRow(name, scope, value, begins, "cli")


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        pytest.param("owner", "manage_users", True, id="an owner may everything"),
        pytest.param("manager", "manage_users", False, id="a manager does not choose colleagues"),
        pytest.param("manager", "roll_back_import", True, id="a manager may undo an import"),
        pytest.param("cashier", "see_contact_data", False, id="a cashier sees no phone numbers"),
        pytest.param("analyst", "see_contact_data", False, id="an analyst needs no phone numbers"),
        pytest.param("analyst", "measure", True, id="an analyst may measure"),
        pytest.param("partner", "see_overview", False, id="a partner sees nothing of the house"),
        pytest.param("integrator", "see_customers", False, id="an integrator only brings data"),
        pytest.param("stranger", "see_overview", False, id="an unknown role may nothing"),
        pytest.param("owner", "fly", False, id="an unknown action is allowed to nobody"),
        pytest.param("", "", False, id="nobody may nothing"),
    ],
)
def test_a_role_allows_what_it_is_here_for(role, action, allowed):
    assert rules.allows(role, action) is allowed


def test_only_an_owner_chooses_colleagues():
    may = [role for role in Role if rules.allows(role, Action.MANAGE_USERS)]
    assert may == [Role.OWNER]


@pytest.mark.parametrize(
    ("rows", "scope", "value"),
    [
        pytest.param([], "", [14, 30, 60, 120], id="nobody set it: the industry's windows"),
        pytest.param(
            [row("windows", [1, 2, 3, 4], TODAY)], "", [1, 2, 3, 4], id="a value begins on its day"
        ),
        pytest.param(
            [row("windows", [1, 2, 3, 4], TODAY + timedelta(1))],
            "",
            [14, 30, 60, 120],
            id="a value of tomorrow is not in force",
        ),
        pytest.param(
            [row("windows", [1, 2, 3, 4], date(2026, 1, 1)), row("windows", [2, 3, 4, 5], TODAY)],
            "",
            [2, 3, 4, 5],
            id="a value ends where the next begins",
        ),
    ],
)
def test_the_windows_in_force(rows, scope, value):
    found = rules.in_force(rows, name="windows", scope=scope, on=TODAY, industry="cafe")
    assert found.value == value


def test_a_category_without_a_margin_of_its_own_takes_the_companys():
    rows = [
        row("margin_percent", "40", date(2026, 1, 1)),
        row("margin_percent", "65", date(2026, 2, 1), "category:coffee"),
    ]

    def margin(scope):
        return rules.in_force(
            rows, name="margin_percent", scope=scope, on=TODAY, industry=None
        ).value

    assert (margin("category:coffee"), margin("category:tea"), margin("")) == ("65", "40", "40")


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        ("windows", "45/90/180/360", [45, 90, 180, 360]),
        ("windows", [14, 30, 60, 120], [14, 30, 60, 120]),
        ("horizon_days", "90", 90),
        ("horizon_days", None, None),
        ("horizon_days", "auto", None),
        ("discount_percent_per_year", "10", 10),
        ("discount_percent_per_year", 7.5, 7.5),
        ("margin_percent", "62.50", 62.5),
        ("margin_percent", None, None),
        ("money_window", "all", "all"),
        ("money_window", "360", 360),
        ("measure_at", "3:30", "03:30"),
        ("model", "mbgnbd", "mbgnbd"),
        ("cost_to_serve_minor", "120", 120),
    ],
)
def test_a_value_is_stored_in_one_form(name, given, stored):
    assert known.SETTINGS[name].check(given) == stored


@pytest.mark.parametrize(
    ("name", "given"),
    [
        pytest.param("windows", "45/90/90/360", id="windows must rise strictly"),
        pytest.param("windows", "45/90/180", id="there are four windows"),
        pytest.param("windows", "0/90/180/360", id="a window has at least a day"),
        pytest.param("windows", "360/180/90/45", id="falling windows"),
        pytest.param("windows", 45, id="one number is no four"),
        pytest.param("value_days", "0", id="no days"),
        pytest.param("value_days", True, id="yes is no number"),
        pytest.param("value_days", "1e9", id="an exponent is no whole number"),
        pytest.param("value_days", "999999999999999999999", id="longer than ten years"),
        pytest.param("margin_percent", "NaN", id="not a number"),
        pytest.param("margin_percent", "Infinity", id="infinite"),
        pytest.param("margin_percent", "-1", id="below nothing"),
        pytest.param("margin_percent", "100.1", id="more than all"),
        pytest.param("margin_percent", "1e-9", id="too fine"),
        pytest.param("margin_percent", True, id="yes is no percentage"),
        pytest.param("measure_at", "24:00", id="there is no hour 24"),
        pytest.param("measure_at", "3:5", id="minutes have two digits"),
        pytest.param("measure_at", "soon", id="words are no time"),
        pytest.param("model", "magic", id="an unknown model"),
        pytest.param("cost_to_serve_minor", "-5", id="costs are not negative"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_a_reason(name, given):
    with pytest.raises(ValueError, match=r"\w+"):
        known.SETTINGS[name].check(given)


def test_every_default_and_every_industry_passes_its_own_check():
    for setting in known.SETTINGS.values():
        assert setting.check(setting.default) == setting.default, setting.name
    for windows in industries.WINDOWS.values():
        assert checks.windows(list(windows)) == list(windows)
    assert set(industries.WINDOWS) == set(industries.INDUSTRY_WORDS)


@pytest.mark.parametrize(
    ("name", "scope", "takes"),
    [
        ("margin_percent", "", True),
        ("margin_percent", "category:coffee", True),
        ("margin_percent", "category:", False),
        ("margin_percent", "store:S1", False),
        ("cost_to_serve_minor", "order", True),
        ("cost_to_serve_minor", "", False),
        ("windows", "category:coffee", False),
    ],
)
def test_a_setting_has_the_scopes_it_has(name, scope, takes):
    assert known.SETTINGS[name].takes(scope) is takes


def test_a_setup_token_lives_seven_days():
    made = datetime(2026, 6, 1, tzinfo=UTC)
    assert not rules.is_expired(made, now=made + timedelta(days=7) - timedelta(seconds=1))
    assert rules.is_expired(made, now=made + timedelta(days=7))


@pytest.mark.parametrize(("failures", "limited"), [(0, False), (9, False), (10, True), (11, True)])
def test_ten_failures_mean_wait(failures, limited):
    assert rules.is_limited(failures) is limited


@pytest.mark.parametrize(
    ("role", "own", "stores", "seen"),
    [
        ("owner", [], [1, 2], None),
        ("service_agent", [], [1, 2], None),
        ("service_agent", [2], [1, 2], (2,)),
        ("cashier", [], [1, 2], ()),
        ("cashier", [], [1], None),
        ("cashier", [2, 1], [1, 2, 3], (1, 2)),
        ("stranger", [], [1], ()),
    ],
)
def test_who_works_for_stores_sees_nobody_until_given_one(role, own, stores, seen):
    assert rules.stores_seen(role, own, stores) == seen


def test_a_setting_stands_with_what_is_in_force_and_what_is_to_come_soonest_first():
    rows = [
        row("value_days", 365, TODAY + timedelta(60)),
        row("value_days", 730, TODAY),
        row("value_days", 548, TODAY + timedelta(30)),
    ]
    lines = rules.standing(rows, on=TODAY, industry=None)
    line = next(one for one in lines if one.name == "value_days")
    assert line.in_force.value == 730
    assert [one.value for one in line.planned] == [548, 365]
    assert {one.name for one in lines} == set(known.SETTINGS), "none is left out"


def test_a_scope_that_is_only_planned_takes_the_companys_until_then():
    rows = [
        row("margin_percent", 40, TODAY),
        row("margin_percent", 65, TODAY + timedelta(1), "category:coffee"),
    ]
    lines = {
        line.scope: line
        for line in rules.standing(rows, on=TODAY, industry=None)
        if line.name == "margin_percent"
    }
    assert lines["category:coffee"].in_force.value == 40
    assert lines["category:coffee"].in_force.scope == ""
    assert [one.value for one in lines["category:coffee"].planned] == [65]


def test_a_mark_changes_with_any_value_or_day_and_not_with_the_order():
    first, second = row("value_days", 365, TODAY), row("value_days", 730, TODAY + timedelta(1))
    mark = rules.settings_mark([first, second])
    assert mark == rules.settings_mark([second, first])
    assert mark != rules.settings_mark([first])
    assert mark != rules.settings_mark([first, row("value_days", 731, TODAY + timedelta(1))])
    assert mark != rules.settings_mark([first, row("value_days", 730, TODAY + timedelta(2))])


@pytest.mark.parametrize(
    ("last", "days"),
    [
        pytest.param(TODAY, 1, id="one day"),
        pytest.param(TODAY + timedelta(6), 7, id="a week, both ends included"),
        pytest.param(TODAY + timedelta(369), 370, id="the longest"),
        pytest.param(TODAY + timedelta(370), None, id="a day too long"),
        pytest.param(TODAY - timedelta(1), None, id="it ends before it begins"),
    ],
)
def test_a_closure_has_a_first_and_a_last_day(last, days):
    if days is None:
        with pytest.raises(errors.NotSpan):
            rules.span_days(TODAY, last)
    else:
        assert len(rules.span_days(TODAY, last)) == days


def test_closed_days_read_as_spans_by_store_and_reason():
    def closed(n, store_id=None, reason=""):
        return ClosedDayRow(store_id, TODAY + timedelta(n), reason)

    found = rules.closed_spans(
        [closed(1), closed(0), closed(3), closed(1, 7), closed(4, None, "x")]
    )
    assert [(one.store_id, (one.first - TODAY).days, one.days) for one in found] == [
        (None, 0, 2),
        (7, 1, 1),
        (None, 3, 1),
        (None, 4, 1),
    ]
    assert found[0] == ClosedSpan(None, TODAY, TODAY + timedelta(1), "")


@pytest.mark.parametrize(("hours", "is_over"), [(0, False), (71, False), (72, True)])
def test_a_link_to_choose_a_password_lives_three_days(hours, is_over):
    made = datetime(2026, 6, 1, tzinfo=UTC)
    assert rules.is_invitation_over(made, now=made + timedelta(hours=hours)) is is_over
