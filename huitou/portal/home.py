"""The first page of a member: the card, what can be used now, what happened last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huitou.portal.access import member_of, member_only


@member_only
def home(request: HttpRequest) -> HttpResponse:
    """The member's card."""
    return render(request, "portal/home.html", {"member": member_of(request)})
