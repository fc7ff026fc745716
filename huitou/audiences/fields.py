"""What conditions on people may ask about figures: ever bought, and the latest measurement."""

from typing import Final

from huitou.customers import fields as customers
from huitou.kit.conditions.types import Clock, Field, Kind, PersonField, Source
from huitou.kit.text import gettext_noop as _

PEOPLE: Final = customers.PEOPLE
PERSON: Final = Source("p", "audiences_person")
STANDING: Final = Source(
    "s", "audiences_standing", where="s.slot = (SELECT slot FROM audiences_standingslot)"
)
PURCHASES: Final = _("Purchases in all")
LADDERS: Final = _("Layer, stage and loyalty")
FORECASTS: Final = _("Forecasts and value")
CHANCE: Final = _("Random part")

_LAYERS: Final = (
    ("new", _("New")),
    ("developing", _("Developing")),
    ("active", _("Active regular")),
    ("cooling", _("Cooling")),
    ("high_win_back", _("Easy to win back")),
    ("low_win_back", _("Hard to win back")),
    ("lost", _("Lost")),
    ("no_purchase", _("No purchase")),
)
_STAGES: Final = (
    ("suspect", _("Suspect")),
    ("prospect", _("Prospect")),
    ("first_purchase", _("First purchase")),
    ("repeat_purchase", _("Repeat purchase")),
    ("advocate", _("Advocate")),
)
_LEVELS: Final = (
    ("none", _("Not yet formed")),
    ("habitual", _("Habitual")),
    ("preference", _("Preferring")),
    ("devoted", _("Devoted")),
)
_BANDS: Final = (
    ("high", _("high (70% or more)")),
    ("middle", _("middle (between 30% and 70%)")),
    ("low", _("low (30% or less)")),
)
_HEALTH: Final = (
    ("settling_in", _("Settling in")),
    ("active", _("Active")),
    ("cooling", _("Cooling")),
    ("at_risk", _("At risk")),
    ("lapsed", _("Lapsed")),
    ("won_back", _("Won back")),
)
_CELLS: Final = (
    ("keep_and_reward", _("Keep and reward")),
    ("develop", _("Develop")),
    ("maintain", _("Maintain at low cost")),
    ("standard", _("Serve by standard")),
)
# The first two bytes of a digest of the id: the same person always falls into the same hundredth.
_BUCKET: Final = (
    "MOD(GET_BYTE(SHA256(CONVERT_TO('bucket:' || c.id, 'UTF8')), 0) * 256"
    " + GET_BYTE(SHA256(CONVERT_TO('bucket:' || c.id, 'UTF8')), 1), 100)"
)


def _choice(name: str, words: str, choices: tuple[tuple[str, str], ...]) -> PersonField:
    field = Field(name, Kind.CHOICE, words, choices=choices, group=LADDERS)
    return PersonField(field, STANDING, f"NULLIF(s.{name}, '')")


def _score(name: str, words: str, place: int) -> PersonField:
    """One of the three digits of the layers' scores; whoever never bought has none."""
    field = Field(name, Kind.NUMBER, words, group=LADDERS)
    return PersonField(field, STANDING, f"CAST(NULLIF(SUBSTRING(s.rfm, {place}, 1), '') AS INT)")


def _figure(name: str, words: str, unit: str, column: str = "") -> PersonField:
    field = Field(name, Kind.NUMBER, words, unit=unit, group=FORECASTS)
    return PersonField(field, STANDING, f"s.{column or name}")


FIELDS: Final = (
    PersonField(
        Field("purchases", Kind.NUMBER, _("Purchase days"), unit="times", group=PURCHASES),
        PERSON,
        "COALESCE(p.purchases, 0)",
    ),
    PersonField(
        Field("net", Kind.MONEY, _("Spent in all"), unit="money", group=PURCHASES),
        PERSON,
        "COALESCE(p.net_minor, 0)",
    ),
    PersonField(
        Field(
            "days_since_purchase", Kind.NUMBER, _("Days since the last purchase"), unit="days",
            clock=Clock.DAYS_SINCE, group=PURCHASES,
        ),
        PERSON,
        "p.last_ordered_on",
    ),
    PersonField(
        Field(
            "days_since_first_purchase", Kind.NUMBER, _("Days since the first purchase"),
            unit="days", clock=Clock.DAYS_SINCE, group=PURCHASES,
        ),
        PERSON,
        "p.first_ordered_on",
    ),
    PersonField(
        Field("last_purchase_on", Kind.DATE, _("Last purchase"), group=PURCHASES),
        PERSON,
        "p.last_ordered_on",
    ),
    PersonField(
        Field("first_purchase_on", Kind.DATE, _("First purchase"), group=PURCHASES),
        PERSON,
        "p.first_ordered_on",
    ),
    PersonField(
        Field("main_store", Kind.CHOICE, _("Buys mostly at"), group=PURCHASES),
        PERSON,
        "CAST(p.main_store_id AS TEXT)",
    ),
    _choice("layer", _("Layer"), _LAYERS),
    _choice("stage", _("Stage"), _STAGES),
    PersonField(
        Field("level", Kind.CHOICE, _("Loyalty"), choices=_LEVELS, group=LADDERS),
        STANDING,
        "NULLIF(s.loyalty_level, '')",
    ),
    PersonField(
        Field("loyalty_index", Kind.NUMBER, _("Loyalty index"), group=LADDERS),
        STANDING,
        "s.loyalty_index",
    ),
    _choice("health", _("Buying rhythm"), _HEALTH),
    _choice("grid_cell", _("Place in the value grid"), _CELLS),
    _score("recency_score", _("Recency score (1 to 5)"), 1),
    _score("frequency_score", _("Frequency score (1 to 5)"), 2),
    _score("money_score", _("Money score (1 to 5)"), 3),
    PersonField(
        Field("dormancy_days", Kind.NUMBER, _("Open days without a purchase"), unit="days",
              group=LADDERS),
        STANDING,
        "s.dormancy_days",
    ),
    _choice("band", _("Chance of another purchase, in bands"), _BANDS),
    _figure("p_repeat", _("Chance of another purchase"), "percent"),
    _figure("risk", _("Risk of leaving"), "percent"),
    _figure("value_at_risk", _("Money likely to be lost"), "major"),
    _figure("margin_365", _("Expected in the next 12 months"), "major"),
    _figure("lifetime_value", _("Lifetime value (3 years)"), "major"),
    _figure("expected_spend", _("Expected per purchase"), "major"),
    PersonField(
        Field("net_360", Kind.MONEY, _("Spent in 360 days"), unit="money", group=FORECASTS),
        STANDING,
        "s.net_360_minor",
    ),
    PersonField(
        Field("random_bucket", Kind.NUMBER, _("Random hundredth (0 to 99)"), group=CHANCE),
        PEOPLE,
        _BUCKET,
    ),
)  # fmt: skip
