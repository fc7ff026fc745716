"""Data folders for journeys with the embedded PostgreSQL."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from huitou.platform.embedded.cluster import Cluster
from tests.journeys.platform.clusters import kill_everything, quick_disk


@pytest.fixture
def home():
    """A data folder every user may pass through, as /var/lib/huitou is; its server is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    path = folder / "home"
    try:
        yield path
    finally:
        kill_everything(path)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made_before():
    """A stopped cluster to copy: making one anew costs seconds on a slow disk."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    cluster = Cluster(folder / "home")
    cluster.start()
    cluster.stop()
    yield cluster.home
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home, made_before):
    """A stopped cluster of this test's own."""
    subprocess.run(["cp", "-a", str(made_before), str(home)], check=True)
    return Cluster(home)
