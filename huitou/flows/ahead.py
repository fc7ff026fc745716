"""Reading the next chunk of a file while this one is checked."""

import queue
import threading
from collections.abc import Iterator
from typing import Any, Final, TypeVar

Chunk = TypeVar("Chunk")
_END = object()
WAITING: Final = 4  # chunks read and not yet used


def ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks in their order, each read by a thread while the one before is used; at most two
    wait.

    What reading raises is raised here. Leaving early lets the thread go at its next chunk.
    """
    waiting: queue.Queue[Any] = queue.Queue(maxsize=WAITING)
    is_left = threading.Event()

    def put(item: object) -> bool:
        while not is_left.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for chunk in chunks:
                if not put(chunk):
                    return
            put(_END)
        except BaseException as error:
            put(error)

    reader = threading.Thread(target=read, name="reading ahead", daemon=True)
    reader.start()
    try:
        while (item := waiting.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        is_left.set()
        reader.join()
