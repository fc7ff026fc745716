"""A company to work in, and people of every role who are signed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from huitou.staff import services
from huitou.staff.types import CompanyIn, UserIn
from tests.doors.api_shop import System
from tests.doors.member_shop import Member, member, start_programme
from tests.doors.tills import remembering

PASSWORD = "a-long-passphrase-1"


@pytest.fixture
def company(db: None) -> None:
    """A café chain with one store and an owner, owner@example.com."""
    now = timezone.now()
    token = services.new_setup_token(now=now)
    assert token is not None
    owner = UserIn("owner@example.com", "林晓舟", "owner")
    services.create_owner(token=token, user=owner, password=PASSWORD, now=now)
    about = CompanyIn("山野咖啡", "Asia/Shanghai", "CNY", "cafe")
    services.found_company(company=about, store="人民广场店", actor="cli", now=now)


@pytest.fixture
def known(company: None) -> Member:
    """A member of the programme."""
    start_programme()
    return member()


@pytest.fixture
def till(known: Member) -> System:
    """A till whose process remembers everything: it has given 100 points to ``known``."""
    return remembering(known)


@pytest.fixture
def signed_in(company: None) -> Callable[..., Client]:
    """Makes browsers of staff: ``signed_in("analyst", language="en")``."""
    from django.contrib.auth import get_user_model

    def make(role: str = "owner", *, language: str = "zh-hans") -> Client:
        email = f"{role}@example.com"
        if role != "owner":
            user = UserIn(email, role, role, language)
            services.add_user(user=user, password=PASSWORD, actor="cli", now=timezone.now())
        account = get_user_model().objects.get(email=email)
        if account.language != language:
            services.set_preferences(user_id=account.pk, language=language)
            account.refresh_from_db()
        browser = Client()
        browser.force_login(account)
        return browser

    return make
