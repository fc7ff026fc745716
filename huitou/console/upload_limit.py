"""How large an upload may be, and that only signed-in staff may send one."""

from typing import IO, Any, Final

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

LIMIT_BYTES: Final = 2 * 1024**3  # 2 GiB: some twenty million order lines, or packed far more


def is_too_large(request: HttpRequest) -> bool:
    """Whether the request announces more than the limit."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isdigit() and int(announced) > LIMIT_BYTES


class Limit(FileUploadHandler):
    """Stands before Django's own handlers and leaves out a file that may not come in."""

    _refuses = False
    _received = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, MultiValueDict[str, Any]] | None:
        """Decide before the first byte is kept."""
        user = getattr(self.request, "user", None)
        self._refuses = content_length > LIMIT_BYTES or not getattr(user, "is_authenticated", False)
        return None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Leave the file out if it may not come in."""
        if self._refuses:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the bytes on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""
