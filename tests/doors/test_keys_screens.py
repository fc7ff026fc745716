"""The page of keys: a secret is seen once, and only by who manages keys."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from huitou.staff import queries

pytestmark = pytest.mark.django_db
SAID = {"name": "网店", "role": "integrator", "scopes": ["orders:write"], "per_minute": "60"}


def test_a_key_is_made_shown_once_and_revoked(signed_in: Callable[..., Client]) -> None:
    owner = signed_in("owner", language="en")
    assert "No key has been made yet" in owner.get("/keys").content.decode()
    made = owner.post("/keys/new", SAID).content.decode()
    found = re.search(r'value="(huitou_[\w-]+)"', made)
    assert found
    key = queries.api_key(found[1])
    assert key is not None
    assert (key.name, key.scopes, key.per_minute) == ("网店", ["orders:write"], 60)
    page = owner.get("/keys").content.decode()
    assert found[1] not in page
    assert key.beginning in page
    owner.post(f"/keys/{key.public_id}/revoke")
    assert queries.api_key(found[1]) is None
    assert "revoked" in owner.get("/keys").content.decode()


def test_a_form_that_is_wrong_says_where_and_makes_nothing(
    signed_in: Callable[..., Client],
) -> None:
    owner = signed_in("owner", language="en")
    assert owner.post("/keys/new", {**SAID, "per_minute": "0"}).status_code == 422
    assert owner.post("/keys/new", {**SAID, "name": ""}).status_code == 422
    assert queries.api_keys() == []


def test_only_who_manages_keys_comes_here(signed_in: Callable[..., Client]) -> None:
    manager = signed_in("manager")
    assert manager.get("/keys").status_code == 403
    assert manager.post("/keys/new", SAID).status_code == 403
    assert queries.api_keys() == []
