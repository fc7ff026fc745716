"""Where customers find the page that takes complaints: links and codes to print, one a store."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huitou.console.access import allowed
from huitou.staff import queries as staff


@allowed("see_cases")
@require_GET
def case_entry(request: HttpRequest) -> HttpResponse:
    """The links and codes: of the company, and of each store, so that a case knows its store."""
    context: dict[str, Any] = {
        "link": _address(""),
        "places": [
            {"code": store.code, "name": store.name or store.code, "link": _address(store.code)}
            for store in staff.stores()
        ],
    }
    return render(request, "console/cases/entry.html", context)


@allowed("see_cases")
@require_GET
def case_entry_qr(request: HttpRequest) -> HttpResponse:
    """The code of the company's page, or of one store's, as a drawing."""
    code = request.GET.get("store", "")
    if code and code not in {store.code for store in staff.stores()}:
        raise Http404
    drawing = io.BytesIO()
    # A quarter of the code may be stained or torn off and it is still read.
    segno.make(_address(code), error="q", micro=False).save(
        drawing, kind="svg", scale=8, border=4, light="#fff"
    )
    response = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
    if "download" in request.GET:
        response.headers["Content-Disposition"] = 'attachment; filename="tell-us.svg"'
    return response


def _address(store: str) -> str:
    query = "?" + urlencode({"store": store}) if store else ""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('case_tell')}{query}"
