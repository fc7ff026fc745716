"""A real mailbox on this machine: an IMAP server of others, spoken to over TLS.

``localhost.pem`` is a certificate for this machine with its key, made for these tests alone.
"""

from __future__ import annotations

import contextlib
import imaplib
import itertools
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.mail_server import free_port

PEM = Path(__file__).parent / "localhost.pem"
USER, PASSWORD = "back@shop.example", "p:w/d@"
_FOLDERS = itertools.count(1)


@dataclass
class Mailbox:
    """One folder of the server, as a person sees it in a mail program."""

    port: int
    folder: str

    def url(self, *, scheme: str = "imap", port: int = 0, password: str = "p%3Aw%2Fd%40") -> str:
        """Its address for HUITOU_IMAP_URL."""
        user = USER.replace("@", "%40")
        return f"{scheme}://{user}:{password}@localhost:{port or self.port}/{self.folder}"

    def put(self, raw: bytes) -> None:
        """A mail arrives."""
        with self._open() as box:
            kind, _ = box.append(self.folder, "", "", raw)
            assert kind == "OK"

    def seen(self) -> list[bool]:
        """Of each mail, in their order, whether it is marked as read."""
        with self._open() as box:
            box.select(self.folder, readonly=True)
            _, data = box.uid("FETCH", "1:*", "(FLAGS)")
            return [b"\\Seen" in line for line in data if isinstance(line, bytes)]

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        box = imaplib.IMAP4("localhost", self.port, timeout=10)
        try:
            box.starttls(ssl.create_default_context(cafile=str(PEM)))
            box.login(USER, PASSWORD)
            yield box
        finally:
            box.logout()


@contextmanager
def imap_server() -> Iterator[int]:
    """A server that runs for the block: its port. It offers STARTTLS."""
    port = free_port()
    command = [
        sys.executable, "-W", "ignore", "-c", "from pymap.main import main; main()",
        "--host", "127.0.0.1", "--port", str(port),
        "--cert", str(PEM), "--key", str(PEM), "dict",
        "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.kill()
        process.wait(10)


def new_mailbox(port: int) -> Mailbox:
    """A new folder on the server."""
    made = Mailbox(port, f"returned-{next(_FOLDERS)}")
    with made._open() as box:
        assert box.create(made.folder)[0] == "OK"
    return made


@contextmanager
def tls_from_start(port: int) -> Iterator[int]:
    """Another port, on which TLS is spoken from the start, before the same server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, context, port), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            raw, _ = listener.accept()
        except OSError:
            return
        with contextlib.suppress(OSError):
            client = context.wrap_socket(raw, server_side=True)
            server = socket.create_connection(("127.0.0.1", port))
            for ends in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
            end.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert process.poll() is None, "the IMAP server ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the IMAP server does not listen")
