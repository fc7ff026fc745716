"""One person's data as a file to download: for machines, or as a page to read."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse

from huitou.ui import personal_data


def download(found: Mapping[str, Any], *, name: str, as_page: bool) -> HttpResponse:
    """The answer that a browser keeps as a file called ``name`` with its ending."""
    response: HttpResponse
    if as_page:
        response = HttpResponse(personal_data.page(found), content_type="text/html; charset=utf-8")
    else:
        response = JsonResponse(dict(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    ending = "html" if as_page else "json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
