"""Addresses typed by hand or by a machine that looks for holes: never an error of ours."""

import pytest

from tests.doors import shop

pytestmark = pytest.mark.django_db
HUGE = "99999999999999999999"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/customers/{HUGE}", 404),
        (f"/customers?store={HUGE}", 200),
        ("/customers?store=²", 200),
        ("/customers?q=a%00b", 200),
        ("/customers?at=1e999~9", 200),
        ("/customers?layer=%00&stage='&sort=zzz&order=q", 200),
        ("/customers/export?q=%00", 200),
        (f"/imports?before={HUGE}", 200),
        ("/imports?before=²", 200),
        ("/imports/" + "a" * 400, 404),
        ("/imports/uploads/" + "0" * 24, 404),
    ],
)
def test_an_address_that_makes_no_sense_is_answered_in_peace(address, status):
    shop.measured()
    answer = shop.client_of(shop.user()).get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_a_way_back_never_leads_elsewhere(elsewhere):
    shop.company_with_stores()
    browser = shop.client_of(shop.user())
    assert browser.get("/sign-in", {"next": elsewhere}).headers["Location"] == "/"
    assert browser.post("/preferences", {"next": elsewhere}).headers["Location"] == "/"
