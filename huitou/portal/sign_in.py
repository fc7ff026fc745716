"""Joining and signing in: an e-mail address, a one-time code; who is new adds a few words."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huitou.customers import errors
from huitou.customers import services as customers
from huitou.flows import joining, sending
from huitou.flows.joining import Joining
from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.portal.access import MEMBER_COOKIE, address_of, member_only, public, safe_target
from huitou.portal.consents import AT_JOINING
from huitou.portal.joining import Step, keep_step, let_in, step_of
from huitou.ui.forms import Form


class Address(Form):
    """Where to send the code."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class Code(Form):
    """The six digits."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "input code num",
            }
        ),
    )


class Join(Form):
    """What a new member says: a name, a phone number if they like, and what they agree to."""

    name = forms.CharField(
        label=_("What shall we call you"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    phone = forms.CharField(
        label=_("Mobile number (not required)"),
        max_length=30,
        required=False,
        help_text=_("Then the till finds you by its last digits."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    has_agreed = forms.BooleanField(
        label=_("I have read the rules and the privacy notice and want to join"),
        error_messages={"required": _("Joining needs your agreement to the rules.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for choice in AT_JOINING:
            self.fields[choice.name] = forms.BooleanField(
                label=gettext(choice.words), required=False
            )

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields of what may be agreed to."""
        return [self[choice.name] for choice in AT_JOINING]


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and send a code to it."""
    target = safe_target(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if request.portal.member is not None:  # type: ignore[attr-defined]
        return HttpResponseRedirect(target)
    form = Address(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            try:
                joining.send_code(
                    email=email,
                    address=address_of(request),
                    language=get_language() or "zh-hans",
                    now=timezone.now(),
                )
            except HuitouError as error:
                form.refuse(error, "email")
                status = HTTP_STATUS[error.kind]
            else:
                return keep_step(redirect("portal_code"), request, Step(email, target))
    context = {"form": form, "next": target, "has_mail": _has_mail()}
    return render(request, "portal/sign_in.html", context, status=status)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code: in they are, or on to joining."""
    step = step_of(request)
    if step is None:
        return redirect("portal_sign_in")
    form = Code(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                entered = joining.enter(
                    email=step.email, code=form.cleaned_data["code"], now=timezone.now()
                )
            except (errors.CodeWrong, errors.CodeOver) as error:
                form.refuse(error, "code")
                status = HTTP_STATUS[error.kind]
            else:
                if entered.token:
                    return let_in(HttpResponseRedirect(step.target), request, entered.token)
                proven = Step(entered.email, step.target, is_proven=True)
                return keep_step(redirect("portal_join"), request, proven)
    context = {"form": form, "email": step.email}
    return render(request, "portal/code.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Make a member of who has proven an address."""
    step = step_of(request)
    if step is None or not step.is_proven:
        return redirect("portal_sign_in")
    form = Join(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                entered = joining.join(_said(step, form), now=timezone.now())
            except errors.PhoneInvalid as error:
                form.refuse(error, "phone")
            except errors.NameMissing as error:
                form.refuse(error, "name")
            else:
                messages.success(request, gettext("Welcome! You are a member now."))
                return let_in(HttpResponseRedirect(step.target), request, entered.token)
    context = {"form": form, "email": step.email}
    return render(request, "portal/join.html", context, status=status)


@member_only
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser."""
    customers.close_session(token=request.COOKIES.get(MEMBER_COOKIE, ""))
    response = redirect("portal_sign_in")
    response.delete_cookie(MEMBER_COOKIE)
    return response


def _has_mail() -> bool:
    """Whether a code could leave at all."""
    return sending.trouble("email", now=timezone.now()) is None


def _said(step: Step, form: Join) -> Joining:
    page = gettext("Portal, joining")
    consents = [
        choice.said("given", page=page)
        for choice in AT_JOINING
        if form.cleaned_data[choice.name]
        and (choice.needs != "phone" or form.cleaned_data["phone"])
    ]
    return Joining(step.email, form.cleaned_data["name"], form.cleaned_data["phone"], consents)
