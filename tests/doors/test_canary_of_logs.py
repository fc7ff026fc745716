"""A customer nobody else is called like goes through every door; no log line, fact or progress
says anything of them."""

import json
import logging

import pytest
from django.test import Client
from django.utils import timezone

from huitou.cli import main
from huitou.customers.models import Customer
from huitou.flows import imports as flow
from huitou.platform.imports import queries as records_of
from huitou.platform.logs import JsonLines
from huitou.platform.models import AuditEntry, Fact, Progress
from tests.doors.test_console_imports import upload

pytestmark = pytest.mark.django_db
CODE, NAME, PHONE, EMAIL = (
    "KANARIE-7351",
    "金丝雀·Kanarienvogel",
    "13900007351",
    "kanarie@vogel.example",
)
WORDS = "Der Kanarienvogel singt"
TELLING = ("kanarie", "金丝雀", "7351", "vogel")
HEAD = "order_id,customer,customer_name,phone,email,ordered_at,amount,currency\n"
ORDER = f"1,{CODE},{NAME},{PHONE},{EMAIL},2026-01-05,12.00,CNY\n"
WRONG = f"2,{CODE},{NAME},{PHONE},{EMAIL},{NAME},12.00,CNY\n"
FILES = {
    "orders": HEAD + ORDER + WRONG,
    "customers": f"customer,name,phone,email,consent_sms\n{CODE},{NAME},{PHONE},{EMAIL},no\n",
    "answers": "customer,answered_at,wave,satisfaction,comment\n"
    f"{CODE},2026-01-06,w1,很满意,{WORDS}\n",
}


@pytest.fixture
def records():
    """Every record that any logger makes, wherever its handlers write: commands set them anew, and
    a command of an earlier test may have left only warnings switched on."""
    ours = logging.getLogger("huitou")
    level = ours.level
    ours.setLevel(logging.INFO)
    made: list[logging.LogRecord] = []
    factory = logging.getLogRecordFactory()

    def keep(*args, **kwargs):
        made.append(factory(*args, **kwargs))
        return made[-1]

    logging.setLogRecordFactory(keep)
    yield made
    logging.setLogRecordFactory(factory)
    ours.setLevel(level)


def by_command(tmp_path, capsys):
    for kind, content in FILES.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        assert main.run(["import", kind, str(path), "--dry-run"]) == 0
        assert main.run(["import", kind, str(path), "--skip-rejected", "--json"]) == 0
    main.run(["import", "orders", str(tmp_path / "orders.csv")])  # refused: a row is wrong
    main.run(["explain", CODE])
    main.run(["explain", NAME])
    assert NAME in capsys.readouterr().out  # of the row that is wrong: for the person who asked


def by_screen(browser: Client):
    for kind, content in FILES.items():
        place = upload(browser, content, kind).headers["Location"]
        browser.get(place)
        answer = browser.post(place, {"step": "check"})
        public_id = answer.headers["Location"].rsplit("/", 1)[-1]
        flow.plan_submitted(public_id, now=timezone.now())
        browser.get(f"/imports/{public_id}")
        browser.post(f"/imports/{public_id}/confirm", {"skip_rejected": "1"})
        flow.apply_confirmed(public_id, skip_rejected=True, now=timezone.now())
        assert records_of.one(public_id).state == "applied"
    found = browser.get("/customers", {"q": NAME}).content.decode()
    assert CODE in found
    for wish in (NAME, PHONE, EMAIL, CODE):
        browser.get("/customers", {"q": wish})
        b"".join(browser.get("/customers/export", {"q": wish}).streaming_content)
        browser.post("/customers", {"q": wish})
        browser.get(f"/nowhere/{wish}")
    for row in Customer.objects.all():
        for tab in ("orders", "answers", "changes", "consents"):
            assert browser.get(f"/customers/{row.pk}", {"tab": tab}).status_code == 200
    Client().post("/sign-in", {"email": EMAIL, "password": WORDS})


def test_no_log_line_says_anything_of_a_customer(signed_in, tmp_path, capsys, records):
    browser = signed_in()
    by_screen(browser)
    by_command(tmp_path, capsys)
    lines = "\n".join(map(JsonLines().format, records))
    kept = [list(model.objects.values()) for model in (Fact, AuditEntry, Progress)]
    said = lines + json.dumps(kept, ensure_ascii=False, default=str)
    assert "orders.import_applied" in lines
    assert [word for word in TELLING if word in said.casefold()] == []
