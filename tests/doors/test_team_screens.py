"""The pages of the team: who comes in, what they may do, and what nobody does to themselves."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone

from huitou.console.role_words import ACTION_WORDS
from huitou.flows import sending
from huitou.platform import audit
from huitou.platform.models import Message
from huitou.staff import queries, services
from huitou.staff.errors import LastOwner
from huitou.staff.types import Action, StoreRow, UserChange
from tests.doors.conftest import PASSWORD
from tests.services.mail_server import mail_server

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]


def store() -> StoreRow:
    return queries.stores()[0]


def said(**other: Any) -> dict[str, Any]:
    return {
        "name": "小张",
        "email": "zhang@example.com",
        "role": "cashier",
        "language": "zh-hans",
        "stores": [str(store().id)],
        "way": "password",
    } | other


def member(email: str) -> Any:
    found = queries.user_with_email(email)
    assert found is not None
    return queries.team_member(found.id)


@pytest.fixture
def mail(settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9?from=shop@shop.example"


def test_somebody_is_added_with_a_store_and_a_password_seen_once(signed_in: Make) -> None:
    owner = signed_in(language="en")
    assert "by e-mail" not in owner.get("/team/new").content.decode(), "no mail server: no link"
    shown = owner.post("/team/new", said()).content.decode()
    found = re.search(r'id="password" value="([a-z2-9-]{19})"', shown)
    assert found
    assert authenticate(username="zhang@example.com", password=found[1]) is not None
    row = member("zhang@example.com")
    assert (row.user.role, row.stores) == ("cashier", (store().id,))
    page = owner.get("/team").content.decode()
    assert found[1] not in page
    assert "小张" in page
    assert "Cashier" in page


def test_without_a_mail_server_no_link_can_be_asked_for(signed_in: Make) -> None:
    answer = signed_in().post("/team/new", said(way="link"))
    assert answer.status_code == 422
    assert queries.user_with_email("zhang@example.com") is None


def test_a_link_by_mail_lets_its_receiver_choose_a_password_once(
    signed_in: Make, mail: None
) -> None:
    owner = signed_in(language="en")
    assert owner.post("/team/new", said(way="link")).status_code == 302
    letter = Message.objects.get(source__startswith="invitation:")
    assert letter.is_secret
    assert letter.address == "zhang@example.com"
    path = re.search(r"/welcome/[\w-]+", letter.text)
    assert path
    assert "link sent" in owner.get("/team").content.decode()
    guest = Client()
    assert "zhang@example.com" in guest.get(path[0]).content.decode()
    assert guest.post(path[0], {"password": "12345678"}).status_code == 422
    answer = guest.post(path[0], {"password": PASSWORD})
    assert answer.status_code == 302
    assert guest.get("/till").status_code == 200, "and is inside"
    assert Client().get(path[0]).status_code == 403
    assert member("zhang@example.com").has_password


def test_the_link_arrives_in_the_language_of_its_receiver_and_is_kept_nowhere(
    signed_in: Make, settings: Any
) -> None:
    with mail_server() as (post, url):
        settings.SMTP_URL, settings.PUBLIC_URL = url, "https://shop.example"
        signed_in().post("/team/new", said(way="link", language="en"))
        sending.send_due(timezone.now())
        (mail,) = post.taken
    assert post.receivers == ["zhang@example.com"]
    assert mail["Subject"] == "Your access to 山野咖啡"
    found = re.search(r"https://shop\.example(/welcome/[\w-]+)", mail.get_content())
    assert found
    assert Client().get(found[1]).status_code == 200
    kept = Message.objects.get()
    assert kept.state == "sent"
    assert found[1] not in kept.text, "the words are forgotten once they left"


def test_a_wrong_link_says_nothing_of_anybody(company: None) -> None:
    answer = Client().get("/welcome/nobody-knows-this")
    assert answer.status_code == 403
    assert "example.com" not in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"email": "owner@example.com"}, id="an e-mail that works here already"),
        pytest.param({"email": "no address"}, id="no e-mail"),
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"name": "小\x00张"}, id="a NUL in the name"),
        pytest.param({"role": "king"}, id="no such role"),
        pytest.param({"stores": ["999999"]}, id="no such store"),
        pytest.param({"stores": ["99999999999999999999"]}, id="a store beyond all numbers"),
        pytest.param({"way": "none"}, id="no such way"),
    ],
)
def test_somebody_who_cannot_be_is_refused_at_the_field(
    signed_in: Make, wrong: dict[str, Any]
) -> None:
    owner = signed_in(language="en")
    answer = owner.post("/team/new", said(**wrong))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert len(queries.users()) == 1


def test_role_and_stores_are_changed_and_on_record(signed_in: Make) -> None:
    owner = signed_in(language="en")
    owner.post("/team/new", said())
    row = member("zhang@example.com")
    address = f"/team/{row.user.id}"
    changed = {"name": "张店长", "email": "zhang@example.com", "role": "manager", "stores": []}
    assert owner.post(address, changed | {"seen": row.seen}).status_code == 302
    after = member("zhang@example.com")
    assert (after.user.name, after.user.role, after.stores) == ("张店长", "manager", ())
    assert "Cashier → Manager" in owner.get(address).content.decode()
    trail = audit.entries(subject=f"user:{row.user.id}")[0]
    assert (trail.before["role"], trail.after["role"]) == ("cashier", "manager")
    assert "张店长" not in str(audit.entries()), "the trail names nobody"


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(signed_in: Make) -> None:
    owner = signed_in(language="en")
    owner.post("/team/new", said())
    row = member("zhang@example.com")
    services.change_user(
        user_id=row.user.id,
        change=UserChange(role="analyst"),
        actor="cli",
        now=timezone.now(),
    )
    answer = owner.post(
        f"/team/{row.user.id}", said(role="manager", seen=row.seen), headers={"Accept": "*/*"}
    )
    assert answer.status_code == 422
    assert "Somebody changed this" in answer.content.decode()
    assert member("zhang@example.com").user.role == "analyst"


def test_nobody_gives_themselves_another_role_or_closes_their_own_account(signed_in: Make) -> None:
    owner = signed_in(language="en")
    signed_in("manager")
    services.change_user(
        user_id=member("manager@example.com").user.id,
        change=UserChange(role="owner"),
        actor="cli",
        now=timezone.now(),
    )
    me = member("owner@example.com").user.id
    page = owner.get(f"/team/{me}").content.decode()
    assert "Nobody changes their own role" in page
    owner.post(f"/team/{me}", said(name="林", email="owner@example.com", role="cashier"))
    owner.post(f"/team/{me}/state", {"state": "closed"})
    after = member("owner@example.com")
    assert (after.user.role, after.user.is_active, after.stores) == ("owner", True, ())
    assert owner.post(f"/team/{me}/password").headers["Location"] == "/profile"


def test_the_last_owner_stays(signed_in: Make) -> None:
    signed_in()
    other = signed_in("manager")
    services.change_user(
        user_id=member("manager@example.com").user.id,
        change=UserChange(role="owner"),
        actor="cli",
        now=timezone.now(),
    )
    first = member("owner@example.com").user.id
    assert other.post(f"/team/{first}/state", {"state": "closed"}).status_code == 302
    assert not member("owner@example.com").user.is_active
    services.change_user(
        user_id=first, change=UserChange(is_active=True), actor="cli", now=timezone.now()
    )
    services.change_user(
        user_id=first, change=UserChange(role="analyst"), actor="cli", now=timezone.now()
    )
    with pytest.raises(LastOwner):
        services.change_user(
            user_id=member("manager@example.com").user.id,
            change=UserChange(role="analyst"),
            actor="cli",
            now=timezone.now(),
        )


def test_a_closed_account_is_outside_at_once_and_comes_back(signed_in: Make) -> None:
    owner, manager = signed_in(language="en"), signed_in("manager")
    who = member("manager@example.com").user.id
    owner.post(f"/team/{who}/state", {"state": "closed"})
    assert manager.get("/customers").status_code == 302
    assert "closed" in owner.get("/team").content.decode()
    owner.post(f"/team/{who}/state", {"state": "open"})
    assert authenticate(username="manager@example.com", password=PASSWORD) is not None


def test_a_new_password_is_shown_once_and_ends_open_sessions(signed_in: Make) -> None:
    owner, manager = signed_in(), signed_in("manager")
    who = member("manager@example.com").user.id
    shown = owner.post(f"/team/{who}/password", {"way": "password"}).content.decode()
    found = re.search(r'id="password" value="([a-z2-9-]{19})"', shown)
    assert found
    assert authenticate(username="manager@example.com", password=found[1]) is not None
    assert manager.get("/customers").status_code == 302


def test_another_link_ends_the_one_before(signed_in: Make, mail: None) -> None:
    owner = signed_in(language="en")
    owner.post("/team/new", said(way="link"))
    who = member("zhang@example.com").user.id
    owner.post(f"/team/{who}/password", {"way": "link"})
    links = [
        re.search(r"/welcome/[\w-]+", row.text)[0]  # type: ignore[index]
        for row in Message.objects.order_by("id")
    ]
    assert len(links) == 2
    assert [Client().get(link).status_code for link in links] == [403, 200]


def test_the_page_says_what_each_role_may_do_from_the_table_of_the_doors(signed_in: Make) -> None:
    assert set(ACTION_WORDS) == {action.value for action in Action}
    page = signed_in(language="en").get("/team").content.decode()
    assert "see customers, sell at the till" in page, "the cashier"
    assert "everything but: make keys for other systems, choose who works here" in page


@pytest.mark.parametrize("role", ["manager", "analyst", "cashier"])
def test_only_an_owner_comes_here(signed_in: Make, role: str) -> None:
    browser = signed_in(role)
    assert browser.get("/team").status_code == 403
    assert browser.post("/team/new", said()).status_code == 403
    assert "/team" not in browser.get("/profile").content.decode()


def test_the_pages_ask_the_database_a_dozen_times_at_most(
    signed_in: Make, django_assert_max_num_queries: Any
) -> None:
    owner = signed_in()
    for n in range(12):
        owner.post("/team/new", said(email=f"z{n}@example.com"))
    who = member("z3@example.com").user.id
    for address in ("/team", "/team/new", f"/team/{who}"):
        with django_assert_max_num_queries(12):
            owner.get(address)
