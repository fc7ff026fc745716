"""A real browser against the real site: the system's Chromium, a fresh profile, no network but
ours.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright's own event loop runs in this thread; the database is used between its steps, never
# inside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENS = ROOT / "build" / "screens"
CHROMIUM = os.environ.get("HUITOU_CHROMIUM") or next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--force-color-profile=srgb",
]
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PASSWORD = "a-long-passphrase-1"


class Visitor:
    """One person with a browser of their own; remembers what the console complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._missed)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _missed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before it was loaded
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def goes_to(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.address + path, wait_until="load")

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        """Through the door, as staff do."""
        self.goes_to("/sign-in")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("form:has(input[name=password]) button").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def sees_no_sideways_scroll(self) -> bool:
        """Whether the page is no wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def keeps_picture(self, name: str) -> Path:
        """Save the whole page under build/screens."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=str(path), full_page=True)
        return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install it or name it with HUITOU_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=ARGUMENTS
        )
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Makes people with browsers: ``visitor(language="en", dark=True, phone=True)``."""
    contexts: list[BrowserContext] = []

    def make(*, language: str = "zh-CN", dark: bool = False, phone: bool = False) -> Visitor:
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport=PHONE if phone else WIDE,
            device_scale_factor=1.5 if phone else 1,
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visitor(context, live_server.url)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def house(transactional_db: None) -> None:
    """A company with an owner (owner@example.com, in Chinese) and one store, ready to work in."""
    from django.utils import timezone

    from huitou.staff import services
    from huitou.staff.types import CompanyIn, UserIn

    now = timezone.now()
    token = services.new_setup_token(now=now)
    assert token is not None
    owner = UserIn("owner@example.com", "林晓舟", "owner")
    services.create_owner(token=token, user=owner, password=PASSWORD, now=now)
    company = CompanyIn("山野咖啡", "Asia/Shanghai", "CNY", "cafe")
    services.found_company(company=company, store="人民广场店", actor="cli", now=now)


@pytest.fixture
def loop(
    house: None,
    visitor: Callable[..., Visitor],
    live_server: Any,
    settings: Any,
    tmp_path: Path,
) -> Iterator[Any]:
    """The house with its colleagues at work, and a mail server that takes what it is given."""
    from tests.journeys import loop_shop
    from tests.services.mail_server import mail_server

    settings.HOME = tmp_path / "home"  # what an earlier run measured is not this shop's
    loop_shop.prepare()
    with mail_server() as (handler, url):
        settings.SMTP_URL = url
        settings.PUBLIC_URL = live_server.url
        yield loop_shop.Loop(visitor, handler)


def work_through() -> None:
    """Let a worker do every job that waits, in a thread of its own, as ``huitou worker`` would."""
    from django.db import connections

    from huitou.platform import jobs

    failures: list[BaseException] = []

    def work() -> None:
        try:
            jobs.run_worker(wait=False)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    # The worker's threads end with this call: a connection kept for a next job would stay open.
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    worker = threading.Thread(target=work)
    worker.start()
    worker.join(120)
    assert not worker.is_alive()
    if failures:
        raise failures[0]
