"""Bringing a file in, first half: receive it, show how it is read and mapped, have it checked."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.connectors.files import reading
from huitou.connectors.files.source import FileSource
from huitou.connectors.files.types import Inspection
from huitou.console import look
from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.console.import_words import KINDS
from huitou.console.upload_limit import is_too_large
from huitou.flows import imports, uploads
from huitou.flows.types import Wishes
from huitou.kit.errors import HuitouError
from huitou.platform import files

KEPT: Final = timedelta(hours=48)
_TOKEN: Final = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, known to the session that sent it."""

    token: str
    kind: str
    file_name: str
    path: Path


class UploadForm(Form):
    """What is in the file, and the file."""

    kind = forms.ChoiceField(
        label=_("What is in the file?"), widget=forms.RadioSelect, initial="orders"
    )
    file = forms.FileField(label=_("File"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(code, gettext(words)) for code, (words, _hint) in KINDS.items()]


@allowed("import_data")
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file; it waits in the data folder until it is checked, two days at most."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"kind": request.GET.get("kind", "orders")},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if is_too_large(request):
            form.add_error(
                "file",
                gettext("The file is larger than 2 GB. Pack it with gzip or split it by year."),
            )
            status = 413
        elif form.is_valid():
            upload = _receive(request, form.cleaned_data["kind"], form.cleaned_data["file"])
            return redirect("import_upload", token=upload.token)
    kinds = [(code, words, hint) for code, (words, hint) in KINDS.items()]
    chosen = form["kind"].value()
    return render(
        request,
        "console/imports/new.html",
        {"form": form, "kinds": kinds, "chosen": chosen},
        status=status,
    )


@allowed("import_data")
@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the file is read and mapped; sent, it is checked in the background as a plan."""
    upload = _known(request, token)
    answers = request.POST if request.method == "POST" else request.GET
    try:
        inspection = _inspect(upload, answers)
    except HuitouError as error:
        context = {"upload": upload, "error": error, "settings": look.settings(None, answers)}
        return render(request, "console/imports/unreadable.html", context, status=422)
    page = look.page(
        inspection,
        answers,
        remembered=uploads.remembered(kind=upload.kind, header=inspection.header),
    )
    status = 200
    if request.POST.get("step") == "check" and page["missing"]:
        status = 422
    elif request.POST.get("step") == "check":
        try:
            return redirect("import_one", public_id=_submit(request, upload, inspection, page))
        except HuitouError as error:
            page, status = {**page, "error": error}, 422
    return render(
        request,
        "console/imports/look.html",
        {"upload": upload, "inspection": inspection, **page},
        status=status,
    )


def _inspect(upload: Upload, answers: Any) -> Inspection:
    stated = look.stated_dialect(answers)
    preset = answers.get("preset") or None
    return reading.inspect(upload.path, kind=upload.kind, preset=preset, overrides=stated)


def _submit(
    request: HttpRequest, upload: Upload, inspection: Inspection, page: dict[str, Any]
) -> str:
    """Have the file checked; returns the import's public id."""
    now = timezone.now()
    source = FileSource(
        kind=upload.kind,
        preset=inspection.preset,
        path=upload.path,
        file_name=upload.file_name,
        dialect=inspection.dialect.as_json(),
        mapping=page["mapping"],
    )
    wishes = Wishes(
        source=request.POST.get("source", "").strip(),
        anonymous="reject" if request.POST.get("anonymous") == "reject" else "keep",
        scale=request.POST.get("scale", "").strip(),
        store=request.POST.get("store", "").strip(),
    )
    public_id = imports.submit(source, wishes, actor=actor_of(request), now=now)
    uploads.remember(
        kind=upload.kind,
        header=inspection.header,
        preset=inspection.preset,
        mapping=page["mapping"],
        dialect=inspection.dialect.as_json(),
        now=now,
    )
    _forget(request, upload)
    return public_id


def _receive(request: HttpRequest, kind: str, sent: "UploadedFile[bytes]") -> Upload:
    folder = files.home() / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _drop_old(folder)
    name = Path(sent.name or "file").name
    endings = "".join(
        end for end in Path(name).suffixes[-2:] if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", end)
    )
    upload = Upload(secrets.token_hex(12), kind, name, Path())
    path = folder / f"{upload.token}{endings.lower()}"
    with path.open("xb") as writer:
        path.chmod(0o600)
        for chunk in sent.chunks():
            writer.write(chunk)
    known = request.session.get("uploads", {})
    request.session["uploads"] = {
        **known,
        upload.token: {"kind": kind, "file_name": name, "path": path.name},
    }
    return Upload(upload.token, kind, name, path)


def _known(request: HttpRequest, token: str) -> Upload:
    """The upload of this session; nobody reads another's."""
    kept = request.session.get("uploads", {}).get(token) if _TOKEN.fullmatch(token) else None
    path = files.home() / "uploads" / kept["path"] if kept else None
    if kept is None or path is None or not path.is_file():
        raise Http404
    return Upload(token, kept["kind"], kept["file_name"], path)


def _forget(request: HttpRequest, upload: Upload) -> None:
    upload.path.unlink(missing_ok=True)
    known = request.session.get("uploads", {})
    request.session["uploads"] = {
        token: kept for token, kept in known.items() if token != upload.token
    }


def _drop_old(folder: Path) -> None:
    limit = (timezone.now() - KEPT).timestamp()
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
