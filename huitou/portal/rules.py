"""What a member agrees to: the rules of the programme, and what the shop keeps about people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huitou.portal.access import public
from huitou.programmes import queries as programmes
from huitou.ui import rule_words


@public
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force today, in sentences, and the privacy notice."""
    version = programmes.rules_on(timezone.localdate())
    currency = request.portal.currency  # type: ignore[attr-defined]
    context = {
        "version": version,
        "sentences": rule_words.sentences(version.rules, currency) if version else [],
        "tiers": [
            (tier.code, rule_words.tier_name(tier), rule_words.tier_sentence(tier, version.rules))
            for tier in version.rules.tiers
        ]
        if version
        else [],
    }
    return render(request, "portal/rules.html", context)
