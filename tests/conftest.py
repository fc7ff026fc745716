"""One embedded PostgreSQL for the test run, in a folder of its own; one database a process."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Set before Django reads its settings; a developer's own installation is never touched.
os.environ["HUITOU_HOME"] = os.environ.get("HUITOU_TEST_HOME") or str(ROOT / "build" / "test-home")
os.environ.pop("HUITOU_DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "huitou.settings"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()


@pytest.fixture(scope="session")
def cluster() -> None:
    """The embedded server, started once and left running for the next test run of this folder."""
    from huitou.platform.embedded.cluster import Cluster

    Cluster(Path(os.environ["HUITOU_HOME"])).start()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, cluster: None, django_db_blocker: object
) -> Iterator[None]:
    """A migrated database of this process: made by the owner's role, used by the application's."""
    from django.core.management import call_command
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"test_huitou_{worker}"
    owner = connections["owner"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        owner.ensure_connection()
        with owner.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        owner.close()
        for alias in ("owner", "default"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            # A thread of a worker that ends with a test would leave a kept connection open.
            connections[alias].settings_dict["CONN_MAX_AGE"] = 0
        app = connections["default"].settings_dict["USER"]
        with owner.cursor() as cursor:
            # What the supervisor grants in the real database, and TRUNCATE, which only tests need.
            cursor.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public "
                f'GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO "{app}"'
            )
            cursor.execute(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
                f'GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "{app}"'
            )
            cursor.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO "{app}"')
        call_command("migrate", database="owner", verbosity=0)
        owner.close()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for connection in connections.all():
            connection.close()


@pytest.fixture(autouse=True)
def _our_log_is_as_it_was() -> Iterator[None]:
    """A command sets how much is logged for its process; the next test has the settings' own."""
    ours = logging.getLogger("huitou")
    level = ours.level
    yield
    ours.setLevel(level)


@pytest.fixture(autouse=True)
def _standings_go_too(request: pytest.FixtureRequest, django_db_blocker: object) -> Iterator[None]:
    """Empty the standings after a test that commits: Django's flush knows only tables it made."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if commits or "transactional_db" in request.fixturenames:
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("TRUNCATE audiences_standing")
