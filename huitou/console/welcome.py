"""The page a link of the team leads to: choose a password, and be inside."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huitou.console.access import public
from huitou.console.team_forms import ChosenPassword
from huitou.staff import services
from huitou.staff.errors import PasswordWeak


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; a link that is over says so and nothing else."""
    now = timezone.now()
    user = services.invited_user(token, now=now)
    form = ChosenPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user_id = services.choose_password(
                token=token, password=form.cleaned_data["password"], now=now
            )
        except PasswordWeak as error:
            form.refuse(error, "password")
        else:
            login(request, ModelBackend().get_user(user_id))
            messages.success(request, gettext("Welcome. This is your password from now on."))
            return redirect("overview")
    status = 422 if form.is_bound else 200
    return render(request, "console/welcome.html", {"form": form, "invited": user}, status=status)
