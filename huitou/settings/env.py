"""The only reader of the environment: one frozen value, all problems reported together."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit


class EnvironmentInvalid(SystemExit):
    """The environment cannot be used; says every problem and its fix in one message."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "huitou: the environment needs a fix:\n" + "\n".join(f"  - {line}" for line in problems)
        )


LANGUAGES: Final = ("zh-hans", "en")
LOCAL_URL: Final = "http://localhost:8000"
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Env:
    """What the surroundings decide. Business rules are never here: they are dated settings in the
    database.
    """

    home: Path  # HUITOU_HOME: the data folder
    database_url: str  # HUITOU_DATABASE_URL: an outside PostgreSQL >= 15; "" = the embedded one
    owner_database_url: str  # HUITOU_OWNER_DATABASE_URL: the role that migrates; "" = the same
    allowed_hosts: tuple[
        str, ...
    ]  # HUITOU_ALLOWED_HOSTS: names the site answers to, separated by commas
    https: bool  # HUITOU_HTTPS: 1 when a proxy in front speaks TLS: secure cookies, HSTS
    engine: str  # HUITOU_ENGINE: duckdb, or spark://… with the spark extra
    debug: bool  # HUITOU_DEBUG: 1 shows tracebacks in the browser; never in service
    log_level: str  # HUITOU_LOG_LEVEL: debug, info, warning or error
    threads: int  # HUITOU_THREADS: threads a measurement may use; 0 = all cores
    public_url: str  # HUITOU_PUBLIC_URL: where customers reach the site; begins links in messages
    smtp_url: str  # HUITOU_SMTP_URL: the mail server; "" = e-mails wait in the outbox
    imap_url: str  # HUITOU_IMAP_URL: the mailbox to which mails come back; "" = nobody reads it
    language: str  # HUITOU_LANGUAGE: zh-hans or en on the command line; default: the terminal's


def default_home() -> Path:
    """``/var/lib/huitou`` for root, else the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/huitou")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    if sys.platform == "darwin":
        base = "~/Library/Application Support"
    return Path(base).expanduser() / "huitou"


def read(environ: Mapping[str, str] | None = None) -> Env:
    """The environment as one value.

    Raises:
        EnvironmentInvalid: one message with every problem.
    """
    source = os.environ if environ is None else environ
    problems: list[str] = []

    def flag(name: str) -> bool:
        text = source.get(name, "").strip().lower()
        if text not in {"", "0", "1", "true", "false", "yes", "no"}:
            problems.append(f"{name} is {text!r}: use 1 or 0")
        return text in {"1", "true", "yes"}

    def url(name: str) -> str:
        text = source.get(name, "").strip()
        if text and not text.startswith(("postgres://", "postgresql://")):
            problems.append(f"{name} must start with postgresql://")
        return text

    threads_text = source.get("HUITOU_THREADS", "0").strip() or "0"
    if not threads_text.isdigit():
        problems.append(f"HUITOU_THREADS is {threads_text!r}: use a whole number, 0 = all cores")
    engine = source.get("HUITOU_ENGINE", "duckdb").strip() or "duckdb"
    if engine != "duckdb" and not engine.startswith("spark://"):
        problems.append(f"HUITOU_ENGINE is {engine!r}: use duckdb or spark://…")
    language = source.get("HUITOU_LANGUAGE", "").strip().lower() or _terminal_language(source)
    if language not in LANGUAGES:
        problems.append(f"HUITOU_LANGUAGE is {language!r}: use zh-hans or en")
    log_level = source.get("HUITOU_LOG_LEVEL", "").strip().lower() or "info"
    if log_level not in LOG_LEVELS:
        problems.append(f"HUITOU_LOG_LEVEL is {log_level!r}: use {', '.join(LOG_LEVELS)}")
    home_text = source.get("HUITOU_HOME", "").strip()
    hosts = tuple(
        name.strip() for name in source.get("HUITOU_ALLOWED_HOSTS", "").split(",") if name.strip()
    )
    env = Env(
        home=Path(home_text).expanduser().absolute() if home_text else default_home(),
        database_url=url("HUITOU_DATABASE_URL"),
        owner_database_url=url("HUITOU_OWNER_DATABASE_URL"),
        allowed_hosts=hosts,
        https=flag("HUITOU_HTTPS"),
        engine=engine,
        debug=flag("HUITOU_DEBUG"),
        log_level=log_level,
        threads=int(threads_text) if threads_text.isdigit() else 0,
        public_url=_public_url(source, hosts, problems),
        smtp_url=_smtp_url(source, problems),
        imap_url=_imap_url(source, problems),
        language=language,
    )
    if problems:
        raise EnvironmentInvalid(problems)
    return env


def _smtp_url(source: Mapping[str, str], problems: list[str]) -> str:
    text = source.get("HUITOU_SMTP_URL", "").strip()
    try:
        parts = urlsplit(text)
        is_fit = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fit = False
    if text and not is_fit:
        problems.append("HUITOU_SMTP_URL must be smtp://user:password@host:587?from=ADDRESS")
    return text


def _imap_url(source: Mapping[str, str], problems: list[str]) -> str:
    text = source.get("HUITOU_IMAP_URL", "").strip()
    try:
        parts = urlsplit(text)
        is_fit = parts.scheme in {"imap", "imaps"} and bool(parts.hostname) and parts.port != 0
        is_fit = is_fit and bool(parts.username and parts.password)
    except ValueError:
        is_fit = False
    if text and not is_fit:
        problems.append("HUITOU_IMAP_URL must be imaps://user:password@host:993/INBOX")
    return text


def _public_url(source: Mapping[str, str], hosts: tuple[str, ...], problems: list[str]) -> str:
    text = source.get("HUITOU_PUBLIC_URL", "").strip().rstrip("/")
    if text and not text.startswith(("http://", "https://")):
        problems.append("HUITOU_PUBLIC_URL must start with https://")
    return text or (f"https://{hosts[0]}" if hosts else LOCAL_URL)


def _terminal_language(source: Mapping[str, str]) -> str:
    """The language the terminal asks for, of the two we speak."""
    names = (source.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    wanted = next((name for name in names if name), "")
    return "zh-hans" if wanted.lower().startswith("zh") else "en"


def given(environ: Mapping[str, str] | None = None) -> dict[str, bool]:
    """Of each of our variables whether the surroundings set it: never to what."""
    source = os.environ if environ is None else environ
    names = (f"HUITOU_{field.name.upper()}" for field in fields(Env))
    return {name: bool(source.get(name, "").strip()) for name in names}
