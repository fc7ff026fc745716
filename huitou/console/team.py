"""The team: who works here, what they may do, how they get in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.console.access import actor_of, allowed
from huitou.console.audit_words import team_changes
from huitou.console.people_filters import LARGEST_ID
from huitou.console.role_words import role_name, roles
from huitou.console.team_forms import FIELD_OF, NewPersonForm, PersonForm
from huitou.flows import team as flow
from huitou.kit.errors import HuitouError
from huitou.staff import queries, services
from huitou.staff.types import StoreRow, TeamRow, UserChange, UserIn
from huitou.ui.words import error_words


@allowed("manage_users")
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Everyone who works here, and what each role may do."""
    stores = queries.stores()
    lines = [_line(row, stores, request) for row in queries.team()]
    return render(request, "console/team/list.html", {"lines": lines, "roles": roles()})


@allowed("manage_users")
@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Somebody new. A generated password stands in the answer to the form and in no other page."""
    now = timezone.now()
    form = NewPersonForm(
        request.POST or None,
        stores=queries.stores(),
        may_write=flow.may_write(now=now),
        initial={"role": "cashier", "language": getattr(request.user, "language", "zh-hans")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        user = UserIn(said["email"], said["name"], said["role"], said["language"], form.store_ids())
        answer = _let_in(request, form, user, now)
        if answer is not None:
            return answer
    status = 422 if form.is_bound else 200
    context = {"form": form, "roles": roles(), "is_local": "//localhost" in settings.PUBLIC_URL}
    return render(request, "console/team/new.html", context, status=status)


def _let_in(
    request: HttpRequest, form: NewPersonForm, user: UserIn, now: datetime
) -> HttpResponse | None:
    """Add somebody the way that was chosen; None = refused, and the form says why."""
    try:
        if form.cleaned_data["way"] == "link":
            flow.invite(user=user, actor=actor_of(request), now=now)
            messages.success(
                request, gettext("The link is on its way to {email}.").format(email=user.email)
            )
            return redirect("team")
        password = services.generated_password()
        services.add_user(user=user, password=password, actor=actor_of(request), now=now)
    except HuitouError as error:
        form.refuse(error, FIELD_OF.get(type(error)))
        return None
    return _shown_once(request, user.name, user.email, password)


@allowed("manage_users")
@require_http_methods(["GET", "HEAD", "POST"])
def team_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """One of them: name, e-mail, role, stores, and who changed what."""
    row, stores = _found(user_id), queries.stores()
    initial = {
        "name": row.user.name,
        "email": row.user.email,
        "role": row.user.role,
        "stores": [str(store) for store in row.stores],
    }
    form = PersonForm(request.POST or None, stores=stores, initial=initial)
    is_self = user_id == request.user.pk
    if is_self:
        for name in ("role", "stores"):
            form.fields[name].disabled = True
    if request.method == "POST" and form.is_valid() and _change(request, form, row):
        return redirect("team")
    context = {
        "form": form,
        "line": _line(row, stores, request),
        "is_self": is_self,
        "seen": request.POST.get("seen") or row.seen,
        "may_write": flow.may_write(now=timezone.now()),
        "changes": team_changes(queries.changes_of(f"user:{user_id}"), stores),
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/team/member.html", context, status=status)


def _change(request: HttpRequest, form: PersonForm, row: TeamRow) -> bool:
    said = form.cleaned_data
    change = UserChange(
        name=said["name"],
        email=said["email"],
        role=said["role"],
        stores=form.store_ids(),
        seen=request.POST.get("seen") or row.seen,
    )
    try:
        services.change_user(
            user_id=row.user.id, change=change, actor=actor_of(request), now=timezone.now()
        )
    except HuitouError as error:
        form.refuse(error, FIELD_OF.get(type(error)))
        return False
    messages.success(request, gettext("Saved."))
    return True


@allowed("manage_users")
@require_POST
def team_state(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close or open an account."""
    row = _found(user_id)
    is_active = request.POST.get("state") == "open"
    try:
        services.change_user(
            user_id=user_id,
            change=UserChange(is_active=is_active),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("team_member", user_id)
    words = (
        gettext("{name} may sign in again.")
        if is_active
        else gettext("{name} may not sign in any more; open sessions have ended.")
    )
    messages.success(request, words.format(name=row.user.name))
    return redirect("team_member", user_id)


@allowed("manage_users")
@require_POST
def team_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new way in: a link by e-mail, or a password that is shown once."""
    row, now = _found(user_id), timezone.now()
    if user_id == request.user.pk:
        return redirect("profile")
    try:
        if request.POST.get("way") == "link":
            flow.invite_again(user_id=user_id, actor=actor_of(request), now=now)
            messages.success(
                request, gettext("The link is on its way to {email}.").format(email=row.user.email)
            )
            return redirect("team_member", user_id)
        password = services.generated_password()
        services.set_password(
            email=row.user.email, password=password, actor=actor_of(request), now=now
        )
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("team_member", user_id)
    return _shown_once(request, row.user.name, row.user.email, password)


def _shown_once(request: HttpRequest, name: str, email: str, password: str) -> HttpResponse:
    context = {"name": name, "email": email, "password": password}
    return render(request, "console/team/password.html", context)


def _found(user_id: int) -> TeamRow:
    row = queries.team_member(user_id) if user_id <= LARGEST_ID else None
    if row is None:
        raise Http404
    return row


def _line(row: TeamRow, stores: list[StoreRow], request: HttpRequest) -> dict[str, Any]:
    names = {store.id: store.name or store.code for store in stores}
    own = [names[store_id] for store_id in row.stores if store_id in names]
    seen = queries.stores_of_role(row.user.role, row.stores, list(names))
    return {
        "row": row,
        "role": role_name(row.user.role),
        "stores": own,
        "sees_nobody": seen == (),
        "is_self": row.user.id == request.user.pk,
    }
