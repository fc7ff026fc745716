"""The commands of the tutorial run as they stand, in their order, in one shell."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"
PURCHASES = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"


@pytest.fixture
def folder():
    """A folder everyone may pass through: run by root, the database is another user."""
    made = Path(tempfile.mkdtemp(prefix="tutorial-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_the_commands_of_the_tutorial_run(folder):
    if not PURCHASES.exists():
        pytest.skip("the Online Retail file is not beside the checkout (shared/data)")
    (folder / "online_retail.csv.gz").symlink_to(PURCHASES)
    script = "set -eu\n" + "\n".join(
        re.findall(r"^```sh\n(.*?)^```", TUTORIAL.read_text(), re.M | re.S)
    )
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("HUITOU_", "DJANGO_"))
    }
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    try:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    finally:
        subprocess.run(
            ["huitou", "db", "stop"],
            env=environment | {"HUITOU_HOME": str(folder / "gift-shop")},
            capture_output=True,
            check=False,
        )
    assert "2011-12-09" in done.stdout
    header, *rows = (folder / "scores.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("customer,")
    # 4,338 customers bought something at a price in this file; who only returned has a row too.
    assert len(rows) >= 4_338
