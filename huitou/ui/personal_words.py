"""How the parts and fields of one person's data are called where people read them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from huitou.kit.text import gettext_noop as _


class Column(NamedTuple):
    """One field of a part: its key, its word, and how its value is read."""

    key: str
    word: str
    form: str = "text"  # text, day, moment, money, number, yes, share, points, code


class Part(NamedTuple):
    """One part of the data: its key, its title, and the fields that are shown of it."""

    key: str
    title: str
    columns: tuple[Column, ...]


_CODE: Final = Column("code", _("Code"))
_NAME: Final = Column("name", _("Name"))
_KIND: Final = Column("kind", _("Kind"), "code")
_CHANNEL: Final = Column("channel", _("Channel"), "code")
_PURPOSE: Final = Column("purpose", _("Purpose"), "code")
_STATE: Final = Column("state", _("State"), "code")
_ORDER: Final = Column("number", _("Order"))
_POINTS: Final = Column("points", _("Points"), "number")
_COMMENT: Final = Column("comment", _("Comment"))
_WHEN: Final = Column("at", _("When"), "moment")

PARTS: Final = (
    Part("customer", _("Who you are"), (
        _NAME, _CODE, _KIND, Column("phone", _("Phone")), Column("email", _("E-mail")),
        Column("birth_date", _("Birthday"), "day"), Column("tags", _("Tags")),
        Column("needs", _("Likes and needs")), Column("acquired_from", _("Came through")),
        Column("created_at", _("Known to us since"), "moment"),
        Column("is_not_to_be_contacted", _("Do not contact"), "yes"),
    )),
    Part("further_addresses", _("Further phones and e-mails"), (
        _KIND, Column("value", _("Address")),
    )),
    Part("known_as", _("Names other systems know you by"), (
        Column("source", _("Where from")), Column("value", _("Name")),
    )),
    Part("consents", _("Consents"), (
        Column("stated_at", _("Stated"), "moment"), _CHANNEL, _PURPOSE, _STATE,
        Column("evidence", _("Proof")), Column("reference", _("Where the proof lies")),
    )),
    Part("contacts", _("Contacts"), (
        _WHEN, _KIND, Column("text", _("What was done or said")),
        Column("reaction", _("How the customer reacted")),
    )),
    Part("membership", _("Membership"), (
        Column("card_number", _("Card")), Column("joined_on", _("Joined"), "day"),
        Column("left_on", _("Left"), "day"), Column("tier", _("Tier")),
        Column("qualifying_points", _("Qualifying points"), "number"),
    )),
    Part("tier_changes", _("Changes of tier"), (
        Column("changed_on", _("Day"), "day"), Column("tier_before", _("Before")),
        Column("tier_after", _("After")),
    )),
    Part("points", _("Points"), (
        Column("occurred_at", _("When"), "moment"), Column("kind", _("Why"), "points"),
        _POINTS, Column("balance_after", _("Balance"), "number"),
        Column("expires_on", _("Until"), "day"),
    )),
    Part("coupons", _("Coupons"), (
        _CODE, _NAME, _STATE, Column("issued_at", _("Issued"), "moment"),
        Column("ends_on", _("Until"), "day"), Column("redeemed_at", _("Used"), "moment"),
        Column("discount_minor", _("Took off"), "money"),
    )),
    Part("compensations", _("Given to make up for something"), (
        Column("given_at", _("When"), "moment"), Column("case_public_id", _("Case")), _KIND,
        _POINTS, Column("amount_minor", _("Amount"), "money"),
    )),
    Part("orders", _("Orders"), (
        Column("ordered_at", _("When"), "moment"), _ORDER, Column("status", _("State"), "code"),
        Column("total_minor", _("Amount"), "money"),
        Column("returned_minor", _("Returned"), "money"), Column("lines", _("What was bought")),
    )),
    Part("paid_with_points", _("Orders paid with points"), (
        _ORDER, _POINTS, Column("worth_minor", _("Worth"), "money"),
        Column("points_back", _("Given back"), "number"),
    )),
    Part("earned", _("What orders have earned"), (
        Column("earned_on", _("Day"), "day"), _ORDER, _POINTS,
        Column("qualifying", _("Qualifying points"), "number"),
    )),
    Part("stores", _("Stores you bought at"), (
        Column("store", _("Store")), Column("last_ordered_on", _("Last purchase"), "day"),
    )),
    Part("cases", _("Complaints and suggestions"), (
        Column("received_at", _("When"), "moment"), Column("public_id", _("Case")), _KIND,
        Column("title", _("About")), Column("answered_at", _("Answered"), "moment"),
        Column("closed_at", _("Closed"), "moment"), Column("story", _("What was said")),
    )),
    Part("promises", _("Promises"), (
        Column("made_at", _("When"), "moment"), Column("text", _("Promise")),
        Column("due_on", _("Until"), "day"), Column("kept_on", _("Kept"), "day"),
    )),
    Part("answers", _("Answers"), (
        Column("answered_at", _("When"), "moment"), Column("satisfaction", _("Satisfied"), "code"),
        Column("recommendation", _("Recommends us"), "code"), _COMMENT,
    )),
    Part("invitations", _("Surveys you were asked in, or not"), (
        Column("survey", _("Survey")), _STATE, Column("decided_at", _("When"), "moment"),
    )),
    Part("messages", _("Messages"), (
        Column("queued_at", _("When"), "moment"), _CHANNEL, _PURPOSE, Column("address", _("To")),
        Column("subject", _("Subject")), Column("text", _("Text")),
    )),
    Part("campaigns", _("Campaigns"), (
        Column("drawn_at", _("When"), "moment"), Column("theme", _("Campaign")), _CHANNEL,
        Column("arm", _("Group"), "code"),
    )),
    Part("control_groups", _("Years and whether no marketing was sent at all"), (
        Column("year", _("Year")), Column("is_held_out", _("No marketing"), "yes"),
    )),
    Part("estimates", _("What we estimate"), (
        Column("first_ordered_on", _("First purchase"), "day"),
        Column("last_ordered_on", _("Last purchase"), "day"),
        Column("purchases", _("Purchase days"), "number"),
        Column("net_minor", _("Spent in all"), "money"),
        Column("p_repeat", _("Chance of another purchase"), "share"),
        Column("loyalty_index", _("Loyalty index")),
    )),
    Part("changes", _("Moves between groups"), (
        Column("changed_on", _("Day"), "day"), Column("left", _("Before")),
        Column("entered", _("After")),
    )),
    Part("noticed", _("What was noticed"), (
        Column("as_of", _("Day"), "day"), Column("code", _("What")),
    )),
    Part("signed_in", _("Browsers signed in"), (
        Column("created_at", _("Since"), "moment"), Column("expires_at", _("Until"), "moment"),
    )),
    Part("joined", _("Records that were joined"), (
        Column("merged_at", _("When"), "moment"), Column("gone_code", _("Code")),
        Column("undone_at", _("Divided again"), "moment"),
    )),
    Part("earlier_versions", _("As it was before a file changed it"), (
        _NAME, Column("phone", _("Phone")), Column("email", _("E-mail")), Column("tags", _("Tags")),
    )),
)  # fmt: skip

# Values that are codes, as words; a code that is no entry is shown as it is.
CODES: Final[Mapping[str, str]] = {
    "sms": _("Text message"), "phone": _("Phone"), "email": _("E-mail"), "wechat": _("WeChat"),
    "post": _("Post"), "app": _("App"), "any": _("everything"), "service": _("service"),
    "marketing": _("marketing"), "survey": _("surveys"), "profiling": _("profiling"),
    "partner": _("partners"), "given": _("given"), "refused": _("refused"),
    "withdrawn": _("withdrawn"), "person": _("person"), "company": _("company"),
    "dealer": _("dealer"), "note": _("Note"), "visit": _("Visited"), "other": _("Other contact"),
    "complaint": _("Complaint"), "suggestion": _("Suggestion"), "enquiry": _("Enquiry"),
    "praise": _("Praise"), "paid": _("paid"), "pending": _("pending"),
    "cancelled": _("cancelled"), "returned": _("returned"),
    "very_satisfied": _("Very satisfied (5/5)"), "fairly_satisfied": _("Fairly satisfied (4/5)"),
    "satisfied": _("Satisfied (3/5)"), "dissatisfied": _("Dissatisfied (2/5)"),
    "very_dissatisfied": _("Very dissatisfied (1/5)"),
    "very_likely": _("very likely to recommend us"), "possible": _("might recommend us"),
    "impossible": _("would not recommend us"), "points": _("Points"), "coupon": _("Coupon"),
}  # fmt: skip
