"""Joining two records on the screen, by the command and by another system."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huitou.cli import main
from huitou.customers.models import Customer, Merge
from tests.doors import api_shop, two_records
from tests.doors.two_records import NEW, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(signed_in):
    """The numbers of the record that stays and of the one that goes."""
    return two_records.made(signed_in)


def test_the_owner_joins_and_divides_them_on_the_screen(pair, signed_in):
    kept, gone = pair
    Customer.objects.filter(pk=gone).update(phone="+8613800001234", phone_reversed="4321000083168")
    owner = signed_in(language="en")
    here = f"/customers/{kept}"
    assert f"{here}/merge" in owner.get(here).content.decode()
    found = owner.get(f"{here}/merge").content.decode()
    code = Customer.objects.get(pk=gone).code
    assert f"?with={code}" in found
    with CaptureQueriesContext(connection) as seen:
        look = owner.get(f"{here}/merge?with={code}").content.decode()
    assert len(seen) <= 12, [row["sql"][:90] for row in seen]
    assert "小陈 becomes 陈一诺" in look
    assert 'name="email" value="gone"' in look
    done = owner.post(f"{here}/merge?with={code}", {"name": "gone"})
    assert done.headers["Location"] == here
    assert Customer.objects.get(pk=kept).name == "小陈"
    assert owner.get(f"/customers/{gone}").headers["Location"] == here
    page = owner.get(here).content.decode()
    assert "Divide again" in page
    merge_id = Merge.objects.get().pk
    back = owner.post(f"{here}/unmerge", {"merge": merge_id})
    assert back.headers["Location"] == f"/customers/{gone}"
    assert Customer.objects.get(pk=kept).name == "陈一诺"


def test_what_stands_in_the_way_is_said_before_and_leads_to_the_other_way_round(pair, signed_in):
    kept, gone = pair
    owner = signed_in(language="en")
    member, twin = (Customer.objects.get(pk=pk).code for pk in (kept, gone))
    look = owner.get(f"/customers/{gone}/merge?with={member}").content.decode()
    assert "Keep this record instead" in look
    assert "Join them" not in look
    assert f"/customers/{kept}/merge?with={twin}" in look
    assert owner.post(f"/customers/{gone}/merge?with={member}").status_code == 409
    merge_id = join(kept, gone)
    NEW["contacts"](kept)
    after = owner.post(f"/customers/{kept}/unmerge", {"merge": merge_id}, follow=True)
    assert "something new has happened (Contacts)" in after.content.decode()
    assert owner.post(f"/customers/{kept}/unmerge", {"merge": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["marketer", "service_agent", "cashier", "analyst"])
def test_other_roles_neither_see_nor_reach_it(pair, signed_in, role):
    kept, gone = pair
    browser = signed_in(role, language="en")
    here = f"/customers/{kept}"
    code = Customer.objects.get(pk=gone).code
    assert browser.get(f"{here}/merge?with={code}").status_code == 403
    assert browser.post(f"{here}/merge?with={code}").status_code == 403
    assert browser.post(f"{here}/unmerge", {"merge": 1}).status_code == 403
    assert f"{here}/merge" not in browser.get(here).content.decode()
    assert Customer.objects.count() == 2


def test_a_second_record_at_the_same_address_can_be_joined_where_it_is_warned_of(pair, signed_in):
    kept, gone = pair
    owner = signed_in(language="en")
    form = {"name": "陈一诺", "kind": "person", "phones": "13800005678", "emails": "", "tags": ""}
    page = owner.post(f"/customers/{kept}/edit", form)
    code = Customer.objects.get(pk=gone).code
    assert f"/customers/{kept}/merge?with={code}" in page.content.decode()


def test_the_command_shows_joins_and_divides(pair, capsys):
    kept, gone = pair
    codes = [Customer.objects.get(pk=pk).code for pk in (kept, gone)]
    assert main.run(["customers", "merge", *codes, "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_merged"], told["moves"]["orders"]) == (False, 1)
    assert main.run(["customers", "merge", *codes, "--take", "email"]) == 0
    assert main.run(["customers", "unmerge", codes[0]]) == 0
    assert main.run(["customers", "unmerge", codes[0]]) == 1
    assert Customer.objects.count() == 2
    capsys.readouterr()


def test_another_system_joins_them_once(pair):
    kept, gone = pair
    codes = [Customer.objects.get(pk=pk).code for pk in (kept, gone)]
    shop = api_shop.system()
    path, said = f"/customers/{codes[0]}/merge", {"other": codes[1], "take": ["email"]}
    answers = [shop.send(path, said, key="m-1") for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"code": codes[0]}] * 2
    assert Customer.objects.get().email == "twin@example.com"
    assert api_shop.system("service_agent").send(path, said).status_code == 403
