"""Plumbing that needs no database: failures recognised, settings of the server, paths."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import adbc_driver_manager
import django.db
import psycopg
import pytest

from huitou.cli import main
from huitou.kit.errors import HuitouError, Kind
from huitou.platform import errors, faults, types
from huitou.platform.embedded import configuration, layout
from huitou.settings import env

MB = 1 << 20


def caused(outer, inner):
    """``outer`` as it looks when it was raised because of ``inner``."""
    try:
        raise outer from inner  # noqa: TRY301 - raising is how it gets its cause
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(
            OSError(errno.ENOSPC, "No space left"), "platform.disk_full", id="a full disk"
        ),
        pytest.param(
            caused(django.db.OperationalError("x"), psycopg.errors.DiskFull("could not extend")),
            "platform.disk_full",
            id="the server's disk is full, seen through Django",
        ),
        pytest.param(
            caused(django.db.OperationalError("x"), psycopg.errors.AdminShutdown("terminating")),
            "platform.database_down",
            id="the server was stopped",
        ),
        pytest.param(
            psycopg.OperationalError("connection failed: No such file or directory"),
            "platform.database_down",
            id="nobody listens",
        ),
        pytest.param(
            django.db.InterfaceError("connection already closed"),
            "platform.database_down",
            id="the connection is gone",
        ),
        pytest.param(
            psycopg.errors.CannotConnectNow("the database system is starting up"),
            "platform.database_down",
            id="the server is not up yet",
        ),
        pytest.param(errors.NotEmpty(), "platform.not_empty", id="an error of ours"),
        pytest.param(psycopg.errors.UniqueViolation("duplicate key"), None, id="a mistake of ours"),
        pytest.param(ZeroDivisionError(), None, id="a slip"),
        pytest.param(ValueError("no space left on device"), None, id="words alone are no evidence"),
    ],
)
def test_a_failure_of_the_world_is_known_whatever_reports_it(error, code):
    found = faults.known(error)
    assert (found.code if found else None) == code


def test_a_lost_connection_seen_by_arrow_is_known():
    error = adbc_driver_manager.OperationalError(
        "could not connect to server", status_code=adbc_driver_manager.AdbcStatusCode.IO
    )
    assert faults.known(error).kind is Kind.UNAVAILABLE


def test_the_server_takes_a_modest_part_of_any_machine():
    def buffers(memory_mb):
        text = configuration.text(
            Path("/x"), memory_bytes=memory_mb * MB, shared_memory_bytes=1024 * MB
        )
        lines = dict(line.split(" = ") for line in text.splitlines() if " = " in line)
        return int(lines["shared_buffers"].strip("'").removesuffix("MB"))

    assert [buffers(mb) for mb in (512, 2048, 4096, 65536)] == [128, 256, 512, 512]


def test_the_server_listens_on_no_network_and_logs_no_statements():
    text = configuration.text(Path("/it's"), memory_bytes=4096 * MB, shared_memory_bytes=0)
    assert "listen_addresses = ''" in text
    assert "unix_socket_directories = '/it''s'" in text
    assert "log_min_error_statement = 'panic'" in text
    assert "log_error_verbosity = 'terse'" in text
    assert "dynamic_shared_memory_type = 'mmap'" in text


def test_a_socket_lies_in_the_data_folder_unless_its_path_would_be_too_long(tmp_path):
    assert layout.socket_folder(tmp_path) == tmp_path / "run"
    deep = tmp_path / ("d" * 60) / ("d" * 60)
    found = layout.socket_folder(deep)
    assert found.parent == Path("/tmp")
    assert found != layout.socket_folder(deep / "other")
    assert len(os.fsencode(found)) < 60


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path):
    first = layout.secret(tmp_path / "home", "web-key")
    assert layout.secret(tmp_path / "home", "web-key") == first
    assert len(first) >= 48
    file = tmp_path / "home" / "secrets" / "web-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["web-key"]


def test_an_import_has_only_states_we_know():
    with pytest.raises(ValueError, match="not a state"):
        types.ImportOutcome(state="done")
    with pytest.raises(ValueError, match="not a state"):
        types.NewImport("orders", "pos", "pos", "a.csv", "0", state="done")


def test_all_problems_of_the_environment_come_in_one_message():
    with pytest.raises(env.EnvironmentInvalid) as caught:
        env.read(
            {
                "HUITOU_DATABASE_URL": "mysql://x",
                "HUITOU_THREADS": "many",
                "HUITOU_DEBUG": "maybe",
                "HUITOU_ENGINE": "abacus",
                "HUITOU_LANGUAGE": "latin",
                "HUITOU_LOG_LEVEL": "loud",
            }
        )
    for name in ("DATABASE_URL", "THREADS", "DEBUG", "ENGINE", "LANGUAGE", "LOG_LEVEL"):
        assert f"HUITOU_{name}" in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "HUITOU_LANGUAGE": "zh-hans"}, "zh-hans"),
        ({}, "en"),
    ],
)
def test_the_command_line_speaks_the_language_of_the_terminal(environ, language):
    assert env.read(environ).language == language


def test_help_needs_no_heavy_import():
    script = (
        "import sys\nfrom huitou.cli.main import run\nassert run(['--help']) == 0\n"
        "heavy = {'django', 'numpy', 'duckdb', 'psycopg', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        pytest.param(["--help"], 0, id="help"),
        pytest.param(["--version"], 0, id="version"),
        pytest.param([], 2, id="nothing"),
        pytest.param(["dance"], 2, id="an unknown command"),
        pytest.param(["db"], 2, id="a command without its subcommand"),
        pytest.param(["user", "add"], 2, id="a missing argument"),
        pytest.param(["db", "--help"], 0, id="help of a command"),
    ],
)
def test_wrong_usage_is_two(argv, code, capsys):
    assert main.run(argv) == code
    capsys.readouterr()


def test_an_error_is_one_line_and_with_json_also_an_object(capsys):
    class Refused(HuitouError):
        code = "x.refused"
        message = "No\n {what}."

    main.report(Refused(what="thanks"), as_json=True)
    out, err = capsys.readouterr()
    assert err == "huitou: No thanks.\n"
    assert '"code": "x.refused"' in out
    assert '"what": "thanks"' in out
