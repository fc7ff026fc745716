"""Writing a campaign: theme, audience, message, coupon, window and control group."""

from dataclasses import fields
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries as audiences
from huitou.campaigns import merging, queries
from huitou.campaigns.types import CHANNELS, GOALS, OUTCOMES, CampaignRow, Terms
from huitou.console import campaign_words as words
from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.flows import campaign_terms
from huitou.kit.errors import HuitouError
from huitou.programmes import queries as programmes

SHARE_PERCENT: Final = 10  # held out where nothing is said and nothing can be advised
CHANNELS_FIRST: Final = ("sms", "email", "wechat")


class CampaignForm(Form):
    """What a campaign is made of."""

    theme = forms.CharField(label=_("Theme"), max_length=100)
    goal = forms.ChoiceField(label=_("Goal"))
    audience = forms.ChoiceField(label=_("Audience"), required=False)
    channel = forms.ChoiceField(label=_("Channel"))
    subject = forms.CharField(
        label=_("Subject (e-mail)"), max_length=200, required=False, empty_value=""
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=merging.MOST_CHARACTERS,
        required=False,
        empty_value="",
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    coupon_batch = forms.ChoiceField(label=_("Coupon for each person"), required=False)
    window_days = forms.IntegerField(
        label=_("Outcome window in days"),
        min_value=1,
        max_value=365,
        initial=30,
        help_text=_("Counted from the last message; the result comes when it is over."),
    )
    holdout_percent = forms.IntegerField(
        label=_("Control group in percent"),
        min_value=0,
        max_value=90,
        required=False,
        help_text=_("Drawn at random, gets nothing. Empty = the share that is advised."),
    )
    outcome = forms.ChoiceField(label=_("Judged by"), initial="came_back")
    looks_planned = forms.TypedChoiceField(label=_("Early looks"), coerce=int, initial=0)
    is_adjusted = forms.BooleanField(
        label=_("Judge with earlier purchases taken out"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("goal", [(code, gettext(said)) for code, said in GOALS.items()])
        self._offer("channel", [(code, words.channel(code)) for code in _channels()])
        self._offer("outcome", [(code, gettext(said)) for code, said in OUTCOMES.items()])
        self._offer("audience", _audiences())
        self._offer("coupon_batch", _batches())
        self._offer(
            "looks_planned",
            [
                (0, gettext("none: one verdict, at the end")),
                (1, gettext("one, at half of the expected buyers")),
                (2, gettext("two, at half and at three quarters")),
            ],
        )

    def terms(self) -> Terms:
        """What was said; the audience is frozen by who keeps it."""
        said = dict(self.cleaned_data)
        if said["holdout_percent"] is None:
            said["holdout_percent"] = SHARE_PERCENT
        own = {field.name for field in fields(Terms)} & set(said)
        return Terms(
            audience_id=None, audience_name="", audience_version=0, expression={},
            **{name: said[name] for name in own},
        )  # fmt: skip

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@allowed("edit_campaigns")
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign, perhaps for an audience that was chosen already."""
    initial = {"audience": request.GET.get("audience", "")}
    form = CampaignForm(request.POST or None, initial=initial)
    return _page(request, form, None)


@allowed("edit_campaigns")
@require_http_methods(["GET", "POST"])
def campaign_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a draft; a campaign that is no draft any more shows itself instead."""
    row = queries.one(public_id)
    if row.state != "draft":
        return redirect("campaign", public_id=public_id)
    form = CampaignForm(request.POST or None, initial=_initial(row))
    return _page(request, form, row)


def _page(request: HttpRequest, form: CampaignForm, row: CampaignRow | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            is_advised = form.cleaned_data["holdout_percent"] is None
            keep = campaign_terms.save_advised if is_advised else campaign_terms.save
            public_id = keep(
                public_id=row.public_id if row else None,
                audience=form.cleaned_data["audience"],
                terms=form.terms(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            form.refuse(error, _field_of(error))
        else:
            return redirect("campaign", public_id=public_id)
    return render(
        request,
        "console/campaigns/edit.html",
        {
            "form": form,
            "row": row,
            "merge_fields": [(name, gettext(said)) for name, said in merging.FIELDS.items()],
        },
        status=422 if request.method == "POST" else 200,
    )


def _field_of(error: HuitouError) -> str | None:
    """The field a refusal speaks of, as far as it says so."""
    field = str(error.facts.get("field", ""))
    if error.code.startswith("campaigns.me"):  # a message, a merge field
        return "text"
    return field if field in CampaignForm.base_fields else None


def _initial(row: CampaignRow) -> dict[str, Any]:
    terms = row.terms
    said = {name: getattr(terms, name) for name in CampaignForm.base_fields if hasattr(terms, name)}
    audience = ""
    if row.audience_id is not None:
        audience = audiences.audience_of(row.audience_id).public_id
    return said | {"audience": audience}


def _channels() -> list[str]:
    return [*CHANNELS_FIRST, *(code for code in CHANNELS if code not in CHANNELS_FIRST)]


def _audiences() -> list[tuple[str, str]]:
    rows = audiences.audiences()
    return [("", gettext("choose an audience")), *((row.public_id, row.name) for row in rows)]


def _batches() -> list[tuple[str, str]]:
    rows = [row for row in programmes.batches() if not row.is_stopped]
    return [("", gettext("no coupon")), *((row.public_id, row.name) for row in rows)]
