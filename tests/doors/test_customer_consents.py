"""Consent by hand: per channel and purpose, with its proof; only ever added to, all of it shown."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huitou.cli import main
from huitou.customers import queries
from huitou.customers import services as customers
from huitou.customers.models import Consent, Customer
from huitou.customers.types import NewcomerIn, Statement
from huitou.platform.models import Fact

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def today():
    """The day of the company."""
    return timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def known(company):
    return customers.welcome(newcomer=NewcomerIn("许明朗", "ming@example.com"), now=timezone.now())


def said(**more):
    form = {
        "key": "k1",
        "state": "given",
        "channels": ["sms", "email"],
        "purpose": "marketing",
        "source": "paper",
        "said_on": str(today()),
        "evidence": "签了入会表第 3 条",
        "reference": "文件夹 12",
    }
    return form | more


def standing(pk):
    return {(row.channel, row.purpose): row.state for row in queries.consents(pk)}


def test_an_agent_puts_consent_on_record_with_its_proof_once(signed_in, known):
    agent = signed_in("service_agent", language="en")
    here = f"/customers/{known}/consents"
    assert agent.get(here).status_code == 200
    assert [agent.post(here, said()).status_code for _ in range(2)] == [302, 302]
    assert standing(known) == {("sms", "marketing"): "given", ("email", "marketing"): "given"}
    row = Consent.objects.filter(customer_id=known, channel="sms").get()
    assert (row.source, row.reference, row.user_name) == ("paper", "文件夹 12", "service_agent")
    page = agent.get(here).content.decode()
    for part in ("签了入会表第 3 条", "文件夹 12", "on paper", "service_agent"):
        assert part in page, part
    told = Fact.objects.filter(name="customers.consent_stated").values_list("payload", flat=True)
    assert len(told) == 2
    assert all("evidence" not in payload for payload in told)


def test_consent_without_proof_or_of_a_day_to_come_is_not_written(signed_in, known):
    owner = signed_in(language="en")
    here = f"/customers/{known}/consents"
    tomorrow = str(today() + timedelta(days=1))
    assert owner.post(here, said(evidence=" ")).status_code == 422
    assert owner.post(here, said(said_on=tomorrow)).status_code == 422
    assert owner.post(here, said(channels=[])).status_code == 422
    assert owner.post(here, said(source="api")).status_code == 422
    assert not Consent.objects.exists()
    assert owner.post(here, said(state="withdrawn", evidence="")).status_code == 302


def test_a_form_of_last_week_does_not_undo_what_was_withdrawn_since(signed_in, known):
    now = timezone.now()
    withdrawn = Statement("email", "marketing", "withdrawn", "portal", "portal")
    customers.state_consent(customer_id=known, statement=withdrawn, now=now)
    owner = signed_in(language="en")
    week_ago = str(today() - timedelta(days=7))
    owner.post(f"/customers/{known}/consents", said(said_on=week_ago))
    assert standing(known) == {("sms", "marketing"): "given", ("email", "marketing"): "withdrawn"}
    assert Consent.objects.filter(customer_id=known).count() == 3
    page = owner.get(f"/customers/{known}/consents").content.decode()
    assert "written down" in page


def test_who_may_not_edit_reads_the_history_and_writes_nothing(signed_in, known):
    analyst = signed_in("analyst", language="en")
    here = f"/customers/{known}/consents"
    page = analyst.get(here).content.decode()
    assert 'name="state"' not in page
    assert analyst.post(here, said()).status_code == 403
    assert not Consent.objects.exists()


def test_the_whole_history_is_paged_in_few_statements(signed_in, known):
    owner = signed_in(language="en")
    now = timezone.now()
    for number in range(60):
        state = "given" if number % 2 else "withdrawn"
        one = Statement("sms", "marketing", state, f"nr-{number:02}")
        at = now - timedelta(days=60 - number // 2)  # two at every instant
        customers.state_consent(customer_id=known, statement=one, now=at)
    shown, address = [], f"/customers/{known}/consents"
    while address:
        with CaptureQueriesContext(connection) as seen:
            page = owner.get(address).content.decode()
        assert len(seen) <= STATEMENTS, [row["sql"][:90] for row in seen]
        shown += [part[:2] for part in page.split("nr-")[1:]]
        older = page.partition('href="?older=')[2].partition('"')[0]
        address = f"/customers/{known}/consents?older={older}" if older else ""
    assert shown == [f"{number:02}" for number in reversed(range(60))]


def test_what_was_written_is_never_edited(known):
    customers.stop_contact(customer_id=known, evidence="told", now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(reference="elsewhere")


def test_do_not_contact_names_the_colleague_in_the_history(signed_in, known):
    agent = signed_in("service_agent", language="en")
    agent.post(f"/customers/{known}/stop")
    row = queries.consent_history(known)[0]
    assert (row.source, row.recorded_by) == ("in_person", "service_agent")
    assert "Do not contact" in agent.get(f"/customers/{known}/consents").content.decode()


def test_the_command_keeps_and_shows_what_was_said(known, capsys):
    code = Customer.objects.get().code
    given = ["customers", "consent", code, "--state", "given", "--channel", "wechat"]
    assert main.run(given) == 1
    capsys.readouterr()
    assert main.run([*given, "--proof", "at the counter", "--source", "in_person"]) == 0
    capsys.readouterr()
    assert main.run(["customers", "consents", code, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(row["channel"], row["state"], row["source"]) for row in told] == [
        ("wechat", "given", "in_person")
    ]
    assert main.run(["customers", "consents", "nobody"]) == 1
    capsys.readouterr()
