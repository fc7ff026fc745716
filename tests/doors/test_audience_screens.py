"""Audiences in the console: a plain form that counts at every step; who may do what with them."""

import re

import pytest
from django.utils import timezone

from huitou.audiences import queries, services
from tests.doors import shop

pytestmark = pytest.mark.django_db
STATEMENTS = 12
CONDITION = {"v": 1, "where": {"all": [{"field": "layer", "op": "in", "value": ["cooling"]}]}}


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def made():
    return shop.measured()


@pytest.fixture
def owner(made):
    return shop.client_of(shop.user())


@pytest.fixture
def saved(made):
    return services.save(name="Cooling ones", expression=CONDITION, now=timezone.now())


def row(path, subject, op, *values, **more):
    """The names of one condition of the form."""
    return {
        f"{path}.subject": subject,
        f"{path}.op": op,
        f"{path}.value": list(values),
        **{f"{path}.{name}": value for name, value in more.items()},
    }


def form(*rows, join="all", do="show", **more):
    whole = {"r.join": join, "name": "Mine", "note": "", "do": do}
    for one in rows:
        whole |= one
    return whole | more


LAYERS = row("r.0", "field:layer", "in", "cooling", "high_win_back")
RISKY = row("r.1", "field:risk", "gte", "40")


def test_the_list_shows_saved_and_ready_made_audiences_with_their_people(owner, saved):
    page = text_of(owner.get("/audiences"))
    assert "Cooling ones" in page
    assert "Layer is Cooling" in page
    assert page.index("New customers") < page.index("Satisfied, but gone")


def test_without_any_audience_the_list_says_how_to_begin(owner):
    assert "No audience is saved yet" in text_of(owner.get("/audiences"))
    assert "Nothing is archived" in text_of(owner.get("/audiences?archived=yes"))


def test_one_audience_shows_its_people_why_and_the_channels(owner, saved):
    page = text_of(owner.get(f"/audiences/{saved.public_id}"))
    assert "Layer is Cooling" in page
    assert "顾长风" in page
    assert "Layer: Cooling" in page
    assert "How many can be contacted" in page


def test_a_page_of_an_audience_costs_a_dozen_statements(
    owner, saved, django_assert_max_num_queries
):
    owner.get("/audiences")
    for address in ("/audiences", f"/audiences/{saved.public_id}", "/audiences/new?preset=key"):
        with django_assert_max_num_queries(STATEMENTS):
            text_of(owner.get(address))


def test_each_step_says_how_many_are_left(owner):
    response = owner.post("/audiences/new", form(LAYERS, RISKY))
    assert response.status_code == 200
    first, second = response.context["tree"].parts
    assert (response.context["tree"].left, first.left, second.left) == (12, 6, 4)
    assert response.context["figures"].chosen == 4


def test_in_a_group_of_alternatives_each_stands_alone(owner):
    response = owner.post("/audiences/new", form(LAYERS, RISKY, join="any"))
    first, second = response.context["tree"].parts
    assert (first.left, second.left) == (6, 7)
    assert response.context["figures"].chosen == 9


def test_a_change_asks_for_its_part_of_the_page_only(owner):
    response = owner.post("/audiences/new", form(LAYERS), headers={"HX-Request": "true"})
    page = text_of(response)
    assert page.lstrip().startswith('<div class="grid below" id="work"')
    assert "<html" not in page


def test_conditions_and_groups_come_and_go_without_scripts(owner):
    page = owner.post("/audiences/new", form(LAYERS, do="group:r"))
    tree = page.context["tree"]
    assert [part.is_group for part in tree.parts] == [False, True]
    assert tree.parts[1].is_any
    page = owner.post("/audiences/new", form(LAYERS, RISKY, do="remove:r.0"))
    assert [part.subject for part in page.context["tree"].parts] == ["field:risk"]
    page = owner.post("/audiences/new", form(LAYERS, do="add:r"))
    assert len(page.context["tree"].parts) == 2


def test_an_unfinished_condition_is_left_out_and_cannot_be_saved(owner):
    page = owner.post("/audiences/new", form(LAYERS, row("r.1", "field:risk", "gte", "")))
    assert page.context["figures"].chosen == 6
    assert "Not finished" in text_of(page)
    refused = owner.post(
        "/audiences/new", form(LAYERS, row("r.1", "field:risk", "gte", "much"), do="save")
    )
    assert "Some conditions are not finished" in text_of(refused, 422)
    assert not queries.audiences()


def test_what_is_typed_is_saved_in_the_units_of_the_contract(owner):
    rows = [
        row("r.0", "field:risk", "gte", "40%"),
        row("r.1", "field:net", "between", "1,000.50", "2000"),
        row("r.2", "field:birthday", "lte", "７"),
        row(
            "r.3", "agg:orders:count:", "gte", "2", window="days", span="90",
            **{"f0.field": "category", "f0.op": "in", "f0.value": ["拿铁"]},
        ),
        row("r.4", "field:created_at", "gte", "2026-06-01"),
        {**row("r.5", "field:layer", "eq", "lost"), "r.5.not": "yes"},
    ]  # fmt: skip
    response = owner.post("/audiences/new", form(*rows, do="save"))
    assert response.status_code == 302
    (kept,) = queries.audiences()
    assert kept.expression["where"]["all"] == [
        {"field": "risk", "op": "gte", "value": 0.4},
        {"field": "net", "op": "between", "value": [100050, 200000]},
        {"field": "birthday", "op": "lte", "value": 7},
        {
            "agg": "count",
            "of": "orders",
            "window": {"days": 90},
            "where": [{"field": "category", "op": "in", "value": ["拿铁"]}],
            "op": "gte",
            "value": 2,
        },
        {"field": "created_at", "op": "gte", "value": "2026-05-31T16:00:00+00:00"},
        {"not": {"field": "layer", "op": "eq", "value": "lost"}},
    ]


def test_a_saved_condition_comes_back_into_the_form_whole(owner):
    where = {
        "any": [
            {"not": {"all": [{"field": "net", "op": "gte", "value": 12345}]}},
            {"not": {"not": {"field": "risk", "op": "lt", "value": 0.25}}},
            {
                "agg": "average", "of": "orders.net", "window": {"since": "2026-01-01"},
                "where": [{"field": "channel", "op": "known", "value": False}],
                "op": "between", "value": [100, 200],
            },
            {"audience": "Cooling ones"},
        ]
    }  # fmt: skip
    services.save(name="Cooling ones", expression=CONDITION, now=timezone.now())
    made = services.save(name="Whole", expression={"v": 1, "where": where}, now=timezone.now())
    page = text_of(owner.get(f"/audiences/{made.public_id}/edit"))
    sent = _as_a_browser_sends(page) | {"do": "save", "name": "Whole again"}
    assert owner.post(f"/audiences/{made.public_id}/edit", sent).status_code == 302
    kept = queries.audience(made.public_id)
    assert (kept.version, kept.name) == (2, "Whole again")
    assert kept.expression["where"]["any"][0] == where["any"][0]
    assert kept.expression["where"]["any"][2:] == where["any"][2:]
    double = kept.expression["where"]["any"][1]
    assert double == {"not": {"all": [{"not": {"field": "risk", "op": "lt", "value": 0.25}}]}}


def _as_a_browser_sends(page):
    """The names and values of the form on the page."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent.setdefault(name, []).append(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = [
            _attribute(tag, "value") for tag in re.findall(r"<option[^>]* selected[^>]*>", inner)
        ]
        sent[name] = chosen or [_attribute(inner, "value")]
    return sent


def _attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def test_a_name_already_taken_keeps_what_was_typed(owner, saved):
    page = owner.post("/audiences/new", form(LAYERS, do="save", name="Cooling ones"))
    assert "Another audience is called" in text_of(page, 422)
    assert page.context["tree"].parts[0].subject == "field:layer"


def test_saving_over_somebody_elses_version_is_refused(owner, saved):
    sent = form(LAYERS, do="save", version="1")
    assert owner.post(f"/audiences/{saved.public_id}/edit", sent).status_code == 302
    again = owner.post(f"/audiences/{saved.public_id}/edit", sent | {"note": "mine"})
    assert "Somebody saved version 2" in text_of(again, 422)


def test_a_ready_made_audience_is_saved_in_one_step(owner):
    response = owner.post("/audiences/adopt", {"preset": "easy_win_back"}, follow=True)
    assert "Easy to win back" in text_of(response)
    assert queries.audiences()[0].preset == "easy_win_back"


def test_copy_archive_and_take_back(owner, saved):
    one = f"/audiences/{saved.public_id}"
    copied = owner.post(f"{one}/copy", {"name": "Second"}, follow=True)
    assert "Second" in text_of(copied)
    archived = owner.post(f"{one}/archive", follow=True)
    assert "Take back into use" in text_of(archived)
    assert "Cooling ones" in text_of(owner.get("/audiences?archived=yes"))
    assert "Edit" in text_of(owner.post(f"{one}/restore", follow=True))


def test_an_analyst_looks_and_does_not_edit(made, saved):
    analyst = shop.client_of(shop.user("analyst"))
    page = text_of(analyst.get(f"/audiences/{saved.public_id}"))
    assert "/edit" not in page
    assert analyst.get("/audiences/new").status_code == 403
    assert analyst.post(f"/audiences/{saved.public_id}/archive").status_code == 403


def test_a_cashier_and_a_stranger_are_kept_out(made, saved, client):
    assert shop.client_of(shop.user("cashier")).get("/audiences").status_code == 403
    assert client.get("/audiences").status_code == 302


def test_a_reader_of_one_store_counts_that_stores_customers(made, saved):
    marketer = shop.client_of(shop.user("marketer", stores=[made.stores[0]]))
    page = marketer.post("/audiences/new", form(row("r.0", "field:purchases", "gte", "0")))
    assert page.context["figures"].chosen == 6


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="nothing"),
        pytest.param(form({"r.0.subject": "field:nothing"}), id="a field nobody knows"),
        pytest.param(form({"r.0.subject": "agg:orders:sum:nothing"}), id="no such sum"),
        pytest.param(form({"r.0.subject": "agg:::"}), id="no collection"),
        pytest.param(form(do="remove:r.99"), id="nothing there to delete"),
        pytest.param(form(do="add:r.0.0.0.0.0"), id="too deep"),
        pytest.param(form(row("r.0", "field:name", "eq", "a\x00b")), id="no text of ours"),
        pytest.param(form({"seed": "a\x00b"}), id="no seed of ours"),
        pytest.param(form(row("r.0", "field:net", "eq", "1e30")), id="more money than there is"),
        pytest.param(
            form(row("r.0", "agg:orders:count:", "gte", "1", window="days", span="99999999")),
            id="a span beyond the calendar",
        ),
    ],
)
def test_nonsense_is_answered_in_peace(owner, sent):
    assert owner.post("/audiences/new", sent).status_code == 200


def test_the_chinese_page_speaks_chinese(made, saved):
    reader = shop.client_of(shop.user(language="zh-hans"))
    page = text_of(reader.get(f"/audiences/{saved.public_id}"))
    assert "客户分层是渐冷" in page
    assert "随机 5 位，不是最好的 5 位" in page
