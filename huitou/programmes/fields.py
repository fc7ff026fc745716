"""What conditions on people may ask about membership, tier and points."""

from typing import Final

from huitou.kit.conditions.types import Clock, Field, Kind, PersonField, Source
from huitou.kit.text import gettext_noop as _

MEMBERS: Final = Source("pm", "programmes_v_member")
POINTS: Final = Source("pp", "points_v_account", where="pp.unit = 'points' AND pp.programme_id = 1")
GROUP: Final = _("Loyalty programme")

FIELDS: Final = (
    PersonField(
        Field("is_member", Kind.FLAG, _("Is a member"), group=GROUP),
        MEMBERS,
        "COALESCE(pm.is_member, false)",
    ),
    PersonField(Field("tier", Kind.CHOICE, _("Tier"), group=GROUP), MEMBERS, "NULLIF(pm.tier, '')"),
    PersonField(
        Field(
            "member_days",
            Kind.NUMBER,
            _("Days since joining"),
            unit="days",
            clock=Clock.DAYS_SINCE,
            group=GROUP,
        ),
        MEMBERS,
        "(CASE WHEN pm.is_member THEN pm.joined_on END)",
    ),
    PersonField(
        Field("qualifying_points", Kind.NUMBER, _("Qualifying points"), unit="points", group=GROUP),
        MEMBERS,
        "pm.qualifying_points",
    ),
    PersonField(
        Field("points_balance", Kind.NUMBER, _("Points balance"), unit="points", group=GROUP),
        POINTS,
        "GREATEST(pp.balance, 0)",
    ),
)
