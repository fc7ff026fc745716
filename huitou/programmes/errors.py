"""What can be refused about members, rules and coupons."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NotStarted(HuitouError):
    """There is no programme yet."""

    kind = Kind.CONFLICT
    code = "programmes.not_started"
    message = _("There is no loyalty programme yet. Start one on the page “Loyalty programme”.")


class AlreadyStarted(HuitouError):
    """There is a programme."""

    kind = Kind.CONFLICT
    code = "programmes.already_started"
    message = _("The loyalty programme has started already; change its rules instead.")


class RulesInvalid(HuitouError):
    """A rule that cannot be."""

    kind = Kind.INVALID
    code = "programmes.rules_invalid"
    message = _("{field}: {reason}")


class RulesInThePast(HuitouError):
    """Rules cannot begin on a day that has passed."""

    kind = Kind.INVALID
    code = "programmes.rules_in_the_past"
    message = _("Rules begin today or later; {day} has passed.")


class NotMember(HuitouError):
    """The customer has not joined, or has left."""

    kind = Kind.CONFLICT
    code = "programmes.not_member"
    message = _("This customer is not a member of the programme.")


class CardUnknown(HuitouError):
    """No member has this card."""

    kind = Kind.MISSING
    code = "programmes.card_unknown"
    message = _("No member has the card {card}.")


class BatchMissing(HuitouError):
    """No batch of coupons has this id."""

    kind = Kind.MISSING
    code = "programmes.batch_missing"
    message = _("There is no batch of coupons {batch}.")


class BatchStopped(HuitouError):
    """The batch gives no further coupons."""

    kind = Kind.CONFLICT
    code = "programmes.batch_stopped"
    message = _("The coupons “{name}” are stopped or past their last day; none can be given out.")


class BatchInvalid(HuitouError):
    """A batch that cannot be."""

    kind = Kind.INVALID
    code = "programmes.batch_invalid"
    message = _("{field}: {reason}")


class CouponUnknown(HuitouError):
    """No coupon has this code."""

    kind = Kind.MISSING
    code = "programmes.coupon_unknown"
    message = _("There is no coupon with this code.")


class CouponUnusable(HuitouError):
    """The coupon is used, voided or past its last day."""

    kind = Kind.CONFLICT
    code = "programmes.coupon_unusable"
    message = _("This coupon cannot be used.")


class CouponUsed(CouponUnusable):
    """The coupon was used for another order."""

    code = "programmes.coupon_used"
    message = _("This coupon has been used already.")


class CouponVoid(CouponUnusable):
    """The coupon was made worthless."""

    code = "programmes.coupon_void"
    message = _("This coupon is void.")


class CouponExpired(CouponUnusable):
    """The last day of the coupon has passed."""

    code = "programmes.coupon_expired"
    message = _("The last day of this coupon has passed.")


class CouponOfAnother(HuitouError):
    """The coupon belongs to another customer."""

    kind = Kind.CONFLICT
    code = "programmes.coupon_of_another"
    message = _("This coupon belongs to another customer.")


class CouponMinimum(HuitouError):
    """The order is too small for the coupon."""

    kind = Kind.CONFLICT
    code = "programmes.coupon_minimum"
    message = _("This coupon is for orders of {minimum} or more.")


class RollbackBlockedByPoints(HuitouError):
    """Points were posted for an order of the import."""

    kind = Kind.CONFLICT
    code = "programmes.rollback_blocked"
    message = _(
        "{count} orders of this import have earned points; an import cannot be undone once its "
        "orders have. Import the orders again with their status cancelled instead."
    )


class AdjustmentInvalid(HuitouError):
    """No points, too many, or a reason nobody knows."""

    kind = Kind.INVALID
    code = "programmes.adjustment_invalid"
    message = _("Give or take 1 to {most} points, for one of the reasons offered.")


class CompensationAboveLimit(HuitouError):
    """More than this role may give for one case."""

    kind = Kind.FORBIDDEN
    code = "programmes.compensation_above_limit"
    message = _("You may give up to {limit} for one case; ask a manager for more.")


class CompensationInvalid(HuitouError):
    """Nothing, or a kind nobody knows."""

    kind = Kind.INVALID
    code = "programmes.compensation_invalid"
    message = _("Say how much to give: a whole number above 0.")
