"""Keys of other systems: shown once, revoked for good, held to so many requests."""

from datetime import UTC, datetime, timedelta

import pytest

from huitou.staff import errors, models, queries, services
from huitou.staff.types import ApiKeyIn

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 30, 12, tzinfo=UTC)


def made(**terms: object) -> str:
    key = ApiKeyIn("web shop", **terms)  # type: ignore[arg-type]
    return services.add_key(key=key, actor="cli", now=NOW).secret


def test_a_secret_is_kept_nowhere_and_still_finds_its_key() -> None:
    secret = made(scopes=("orders:write",))
    row = models.ApiKey.objects.get()
    assert len(secret) > 45
    assert secret not in {str(value) for value in vars(row).values()}
    found = queries.api_key(secret)
    assert found is not None
    assert (found.name, found.scopes, found.role) == ("web shop", ["orders:write"], "integrator")
    assert queries.api_key(secret + "x") is None


def test_a_revoked_key_opens_nothing_from_that_moment() -> None:
    secret = made()
    key = queries.api_keys()[0]
    for _ in range(2):
        services.revoke_key(key_public_id=key.public_id, actor="cli", now=NOW)
    assert queries.api_key(secret) is None
    assert queries.api_keys()[0].revoked_at == NOW
    with pytest.raises(errors.KeyMissing):
        services.revoke_key(key_public_id="key_0", actor="cli", now=NOW)


def test_a_key_is_allowed_its_requests_of_a_minute_and_no_more() -> None:
    made(per_minute=5)
    key_id = queries.api_keys()[0].id

    def take(wanted: int, later: int = 0) -> int:
        at = NOW + timedelta(seconds=later)
        return services.take_allowance(key_id=key_id, wanted=wanted, now=at)

    assert [take(3), take(3), take(3)] == [3, 2, 0]
    assert take(3, later=60) == 3
    assert queries.api_keys()[0].last_used_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"scopes": ("orders:all",)}, id="a scope nobody knows"),
        pytest.param({"per_minute": 0}, id="no requests at all"),
    ],
)
def test_a_key_that_cannot_be_is_refused(terms: dict[str, object]) -> None:
    with pytest.raises(errors.KeyInvalid):
        made(**terms)
    with pytest.raises(errors.RoleUnknown):
        made(role="boss")
    assert queries.api_keys() == []
