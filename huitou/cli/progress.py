"""Progress for a person at a terminal: what is done, how fast, how long it will take. On stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from huitou.platform.progress import Reporter, Silent


class Console:
    """One line per stage with its rate and the time left; needs a terminal."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._task: Any = None

    def stage(self, name: str, total: int | None) -> None:
        """A new line begins; the one before is complete."""
        if self._task is not None:
            done = self._bars.tasks[self._task].completed
            self._bars.update(self._task, total=done, completed=done)
        self._task = self._bars.add_task(_words(name), total=total)

    def advance(self, count: int) -> None:
        """``count`` more steps are done."""
        if self._task is not None:
            self._bars.advance(self._task, count)


class Lines:
    """For a log file or a pipe: a line when a stage begins, and one every ten seconds."""

    def __init__(self) -> None:
        self._name, self._done, self._began, self._said = "", 0, 0.0, 0.0
        self._total: int | None = None

    def stage(self, name: str, total: int | None) -> None:
        """A new stage begins."""
        self._name, self._total, self._done = name, total, 0
        self._began = self._said = time.monotonic()
        print(f"{_words(name)} …", file=sys.stderr, flush=True)

    def advance(self, count: int) -> None:
        """``count`` more steps are done."""
        self._done += count
        now = time.monotonic()
        if now - self._said >= 10:
            self._said = now
            rate = self._done / max(now - self._began, 1e-9)
            of = f" of {self._total:,}" if self._total else ""
            left = (
                f", {(self._total - self._done) / rate:,.0f} s left" if self._total and rate else ""
            )
            words = f"{_words(self._name)}: {self._done:,}{of}, {rate:,.0f}/s{left}"
            print(words, file=sys.stderr, flush=True)


@contextmanager
def console_reporter(*, quiet: bool = False) -> Iterator[Reporter]:
    """A reporter to stderr while the block runs: bars on a terminal, else lines; nothing if
    ``quiet``.
    """
    if quiet:
        yield Silent()
        return
    if not sys.stderr.isatty():
        yield Lines()
        return
    with _bars() as bars:
        yield Console(bars)


def _bars() -> Any:
    from rich.console import Console as Terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """Steps per second."""

        def render(self, task: Task) -> str:
            speed = task.finished_speed or task.speed
            return f"{speed:,.0f}/s" if speed else ""

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Terminal(stderr=True),
    )


def _words(code: str) -> str:
    return code.replace("_", " ")
