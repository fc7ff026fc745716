"""The command line on a data folder of its own: first use, users, backup, restore, serve."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from huitou.platform.embedded import roles
from huitou.platform.embedded.cluster import Cluster
from tests.journeys.platform.clusters import quick_disk

SECRET = "a quiet river 88"


class House:
    """``huitou`` run as a person would, in one data folder."""

    def __init__(self, home):
        self.home = home
        self.environment = {
            "PATH": os.defpath,
            "HUITOU_HOME": str(home),
            "LANG": "C.UTF-8",
            "PYTHONWARNINGS": "error::RuntimeWarning",
        }

    def run(self, *argv, code=0, stdin="", **environment):
        done = subprocess.run(
            [sys.executable, "-m", "huitou", *argv],
            input=stdin,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def start(self, *argv):
        return subprocess.Popen(
            [sys.executable, "-m", "huitou", *argv],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def house():
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    yield House(folder / "home")
    Cluster(folder / "home").stop()
    shutil.rmtree(folder)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_1_a_fresh_folder_gets_its_tables_with_the_first_command(house):
    house.run(
        "settings",
        "set",
        "company.name",
        "回头",
        "company.zone",
        "Asia/Shanghai",
        "company.currency",
        "CNY",
        "company.industry",
        "cafe",
        "store.S1.name",
        "南门",
        "windows",
        "10/20/40/80",
        "closed_days",
        "2026-02-16..2026-02-18",
    )
    listed = json.loads(house.run("settings", "list", "--json").stdout)
    values = {(row["name"], row["scope"]): row["value"] for row in listed}
    assert values["company.industry", ""] == "cafe"
    assert values["store.S1.zone", ""] == "Asia/Shanghai"
    assert values["windows", ""] == [10, 20, 40, 80]
    before = house.run("settings", "get", "windows", "--on", "2020-01-01").stdout
    assert before.split() == ["windows", "14/30/60/120", "default"]


def test_2_passwords_come_by_stdin_and_a_refusal_is_one_line(house):
    house.run("user", "add", "lin@example.com", "--role", "owner", "--password-stdin", stdin=SECRET)
    assert house.run("user", "list").stdout.startswith("lin@example.com\towner\topen")
    done = house.run("user", "add", "lin@example.com", "--password-stdin", stdin=SECRET, code=1)
    assert done.stderr == "huitou: Someone with this e-mail already works here.\n"
    weak = house.run(
        "user", "password", "lin@example.com", "--password-stdin", stdin="1234", code=1
    )
    assert len(weak.stderr.splitlines()) == 1
    house.run("user", "change", "lin@example.com", "--close", code=1)
    done = house.run("settings", "set", "windows", "4/3/2/1", code=1, HUITOU_LANGUAGE="zh-hans")
    assert done.stderr.startswith("huitou: windows")


def test_3_a_backup_brings_back_what_was_there(house):
    house.run("db", "start")
    kept = house.home / "kept" / "orders"
    kept.mkdir(parents=True)
    (kept / "abc.csv").write_text("order_id\n1\n")
    made = json.loads(house.run("db", "backup", "--json").stdout)
    assert made["files"] == 2
    house.run("settings", "set", "windows", "11/22/44/88")
    (kept / "abc.csv").unlink()
    refused = house.run("db", "restore", made["path"], code=1)
    assert "--force" in refused.stderr
    house.run("db", "restore", made["path"], "--force")
    assert "10/20/40/80" in house.run("settings", "get", "windows").stdout
    assert (kept / "abc.csv").read_text() == "order_id\n1\n"
    assert house.run("user", "list").stdout.startswith("lin@example.com")
    assert not list(house.home.glob(".backup-*"))
    status = json.loads(house.run("db", "status", "--json").stdout)
    assert (status["state"], status["backups"]) == ("running", 1)


def test_4_a_damaged_backup_is_refused_and_changes_nothing(house, tmp_path):
    [backup] = (house.home / "backups").glob("*.tar")
    damaged = tmp_path / "damaged.tar"
    content = bytearray(backup.read_bytes())
    content[5000] ^= 0xFF
    damaged.write_bytes(content)
    for wrong in (damaged, tmp_path / "cut.tar", tmp_path / "no.tar"):
        (tmp_path / "cut.tar").write_bytes(backup.read_bytes()[: len(content) // 2])
        house.run("db", "restore", str(wrong), "--force", code=1)
    assert "10/20/40/80" in house.run("settings", "get", "windows").stdout
    house.run("db", "backup", str(backup), code=1)  # never over a file that is there


def test_5_tables_of_another_version_are_refused_until_the_upgrade(house):
    forget = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'huitou.settings'\n"
        "django.setup()\n"
        "from django.db import connections; c = connections['owner'].cursor()\n"
        "c.execute(\"DELETE FROM django_migrations WHERE app = 'sessions'\")\n"
        "c.execute('DROP TABLE django_session')\n"
    )
    subprocess.run([sys.executable, "-c", forget], env=house.environment, check=True)
    done = house.run("user", "list", code=1)
    assert "huitou upgrade" in done.stderr
    done = house.run("upgrade")
    assert "Backed up to" in done.stdout
    assert house.run("user", "list").stdout


def test_6_serve_answers_and_ends_with_everything_on_sigterm(house, port):
    house.run("db", "stop")
    serving = house.start("serve", "--port", str(port))
    try:
        line = serving.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in line
        assert answers(port)
        serving.send_signal(signal.SIGTERM)
        out, err = serving.communicate(timeout=90)
    finally:
        serving.kill()
        serving.communicate()
    assert serving.returncode == 0, out + err
    assert not Cluster(house.home).is_running()
    assert not answers(port, seconds=0)


def test_7_serve_ends_as_a_whole_when_its_database_dies(house, port):
    serving = house.start("serve", "--port", str(port), "--no-worker")
    try:
        serving.stdout.readline()
        os.kill(Cluster(house.home).status().pid, signal.SIGKILL)
        out, err = serving.communicate(timeout=90)
    finally:
        serving.kill()
        serving.communicate()
    assert serving.returncode == 1, out + err
    assert "database has ended" in err


def test_8_a_port_that_is_taken_is_named(house):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        done = house.run("serve", "--port", str(taken), code=1)
    assert "--port" in done.stderr
    assert str(taken) in done.stderr


def test_9_the_first_visit_gets_a_link_with_a_token(house, port, tmp_path_factory):
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    fresh = House(folder / "home")
    serving = fresh.start("serve", "--port", str(port), "--no-worker")
    try:
        line = serving.stdout.readline()
        assert re.search(rf"http://127\.0\.0\.1:{port}/setup\?token=[\w-]{{20,}}", line)
    finally:
        serving.terminate()
        serving.communicate(timeout=90)
        shutil.rmtree(folder)


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    done = House(tmp_path / "file" / "home").run("db", "start", code=1)
    assert "HUITOU_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_outside_server_that_does_not_answer_is_one_line(tmp_path):
    house = House(tmp_path / "home")
    url = "postgresql://someone@127.0.0.1:1/nothing"
    done = house.run("user", "list", code=1, HUITOU_DATABASE_URL=url)
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
    done = house.run("db", "start", code=1, HUITOU_DATABASE_URL=url)
    assert "outside server" in done.stderr


def test_an_outside_server_is_used_as_two_roles_and_backed_up(house):
    cluster = Cluster(house.home)
    cluster.start()
    with roles.owner_connection(house.home, cluster.sockets, "postgres") as connection:
        connection.execute("CREATE ROLE outside_owner LOGIN CREATEDB PASSWORD 'o'")
        connection.execute("CREATE ROLE outside_app LOGIN PASSWORD 'a'")
        connection.execute("CREATE DATABASE outside OWNER outside_owner")
    where = f"/outside?host={cluster.sockets}&port=5432"
    urls = {
        "HUITOU_DATABASE_URL": f"postgresql://outside_app:a@{where}",
        "HUITOU_OWNER_DATABASE_URL": f"postgresql://outside_owner:o@{where}",
    }
    pairs = ("company.name", "A", "company.zone", "UTC", "company.currency", "EUR")
    house.run("settings", "set", *pairs, **urls)
    status = json.loads(house.run("db", "status", "--json", **urls).stdout)
    assert (status["state"], status["is_supported"]) == ("running", True)
    made = json.loads(house.run("db", "backup", "--json", **urls).stdout)
    house.run("settings", "set", "company.name", "B", **urls)
    house.run("db", "restore", made["path"], "--force", **urls)
    listed = house.run("settings", "get", "company.name", **urls).stdout
    assert listed.split() == ["company.name", "A"]


def answers(port, seconds=60):
    """Whether the site answers before ``seconds`` are over."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as page:
                return page.status < 500
        except urllib.error.HTTPError as error:
            with error:
                return error.code < 500
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
