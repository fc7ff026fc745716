"""The first visit."""

import pytest
from django.test import Client
from django.utils import timezone

from huitou.staff import queries, services
from tests.doors.conftest import PASSWORD

pytestmark = pytest.mark.django_db
OWNER = {"name": "林晓舟", "email": "lin@shanye.example", "password": PASSWORD}
COMPANY = {
    "name": "山野咖啡",
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "industry": "cafe",
    "store": "S1",
}


def token() -> str:
    made = services.new_setup_token(now=timezone.now())
    assert made is not None
    return made


def test_the_token_makes_an_owner_who_then_describes_the_company(client: Client) -> None:
    answer = client.post("/setup", {"token": token(), **OWNER})
    assert answer.headers["Location"] == "/setup/company"
    answer = client.post("/setup/company", COMPANY)
    assert answer.headers["Location"] == "/setup/done"
    company = queries.company()
    assert company is not None
    assert (company.name, company.zone, company.currency) == ("山野咖啡", "Asia/Shanghai", "CNY")
    assert [store.code for store in queries.stores()] == ["S1"]
    assert b"/imports/new" in client.get("/setup/done").content


def test_a_wrong_token_is_refused_beside_its_field(client: Client) -> None:
    token()
    answer = client.post("/setup", {"token": "guess", **OWNER})
    assert answer.status_code == 422
    assert b'id="id_token-error"' in answer.content
    assert not queries.has_owner()


def test_a_weak_password_leaves_the_token_usable(client: Client) -> None:
    made = token()
    assert (
        client.post("/setup", {"token": made, **OWNER, "password": "1234567890"}).status_code == 422
    )
    assert client.post("/setup", {"token": made, **OWNER}).status_code == 302


def test_the_first_visit_happens_once(company: None, client: Client) -> None:
    assert client.get("/setup").headers["Location"] == "/sign-in"
    assert client.post("/setup", {"token": "x", **OWNER}).headers["Location"] == "/sign-in"


def test_until_the_company_is_described_every_page_leads_there(client: Client) -> None:
    client.post("/setup", {"token": token(), **OWNER})
    assert client.get("/imports").headers["Location"] == "/setup/company"


def test_a_stranger_cannot_describe_the_company(client: Client) -> None:
    assert client.post("/setup/company", COMPANY).headers["Location"] == "/setup"
    assert queries.company() is None


def test_a_zone_nobody_knows_is_refused(client: Client) -> None:
    client.post("/setup", {"token": token(), **OWNER})
    assert client.post("/setup/company", {**COMPANY, "zone": "Moon/Base"}).status_code == 422
    assert queries.company() is None
