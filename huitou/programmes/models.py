"""Tables of members, rules and coupons."""

from django.db import models


class Programme(models.Model):
    """The one programme of this installation."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.TextField()
    points_name_zh = models.TextField(default="积分")
    points_name_en = models.TextField(default="points")
    started_on = models.DateField()  # the first rules begin
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_programme", condition=models.Q(id=1))]


class RuleVersion(models.Model):
    """The rules from one day on; they end where the next version begins. Append-only."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    version = models.IntegerField()
    valid_from = models.DateField()
    rules = models.JSONField()
    created_by = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "version"], name="one_rule_version_per_number"
            )
        ]


class Membership(models.Model):
    """A customer who has joined; ``left_at`` of one who is gone. The row is locked by whoever
    changes what the member has, before anything else."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.PROTECT)
    card_number = models.TextField(unique=True)  # H… : not guessable
    joined_at = models.DateTimeField()
    joined_on = models.DateField()  # in the programme's zone
    left_at = models.DateTimeField(null=True)
    left_on = models.DateField(null=True)
    source = models.TextField()
    tier = models.TextField(default="")
    tier_since = models.DateField(null=True)
    qualifying_points = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["tier", "customer"], name="member_by_tier")]


class TierChange(models.Model):
    """A member came to another tier, with what made it so. Append-only."""

    customer_id = models.BigIntegerField()
    changed_on = models.DateField()
    changed_at = models.DateTimeField()
    tier_before = models.TextField()
    tier_after = models.TextField()
    qualifying_points = models.BigIntegerField()
    rule_version_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["customer_id", "-id"], name="tier_changes_of_member")]


class Earning(models.Model):
    """What one order has earned one member so far: what a later return or correction is compared
    with."""

    source = models.TextField()  # of the order
    number = models.TextField()
    customer_id = models.BigIntegerField()
    earned_on = models.DateField()
    qualifies_until = models.DateField(
        null=True
    )  # last day its points count for a tier; null = never ends
    base_minor = models.BigIntegerField()  # money that earns, after what came back
    rule_version_id = models.BigIntegerField()
    multiplier_percent = models.IntegerField()  # of the tier the member had
    points = models.BigIntegerField()  # given less taken back
    qualifying = models.BigIntegerField()
    revision = models.IntegerField(default=1)  # how often this row has posted
    # [[source key, points, taken back, qualifying, taken back], …]: what was posted, first to last
    awards = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number", "customer_id"], name="one_earning_per_order_member"
            ),
            models.CheckConstraint(
                name="earning_not_negative",
                condition=models.Q(base_minor__gte=0, points__gte=0, qualifying__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["customer_id", "earned_on"], name="earning_of_member")]


class CouponBatch(models.Model):
    """Coupons of one kind."""

    public_id = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()  # amount, percent
    amount_minor = models.BigIntegerField(default=0)
    percent = models.SmallIntegerField(default=0)
    minimum_minor = models.BigIntegerField(default=0)
    ends_on = models.DateField(null=True)
    valid_days = models.IntegerField(null=True)
    is_stopped = models.BooleanField(default=False)
    source = models.TextField(default="console")
    created_by = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="coupon_batch_takes_something_off",
                condition=models.Q(kind="amount", amount_minor__gt=0, percent=0)
                | models.Q(kind="percent", percent__gte=1, percent__lte=100, amount_minor=0),
            )
        ]
        indexes = [models.Index(fields=["-id"], name="coupon_batch_newest")]


class Coupon(models.Model):
    """One code. It is used at most once, and only as long as its last day has not passed."""

    batch = models.ForeignKey(CouponBatch, on_delete=models.PROTECT)
    code = models.TextField(unique=True)  # twelve of Crockford's letters, no dashes
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT)
    source_key = models.TextField()  # what it was given out for: once per customer
    serial = models.IntegerField(default=0)  # of codes for nobody in particular
    state = models.TextField(default="issued")  # issued, redeemed, voided
    ends_on = models.DateField(null=True)
    issued_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    order_source = models.TextField(default="")
    order_number = models.TextField(default="")
    redeemed_by_id = models.BigIntegerField(null=True)  # the customer of the order
    discount_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="coupon_state_known",
                condition=models.Q(state__in=["issued", "redeemed", "voided"]),
            ),
            models.CheckConstraint(
                name="coupon_redeemed_for_an_order",
                condition=models.Q(state="redeemed", redeemed_at__isnull=False, order_number__gt="")
                | (~models.Q(state="redeemed") & models.Q(redeemed_at__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["batch", "source_key", "customer"],
                name="one_coupon_per_customer_key",
                condition=models.Q(customer__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["batch", "source_key", "serial"],
                name="one_coupon_per_serial_key",
                condition=models.Q(customer__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["order_source", "order_number"],
                name="coupon_of_order",
                condition=models.Q(state="redeemed"),
            ),
            models.Index(fields=["batch", "state"], name="coupon_by_batch"),
        ]


class Compensation(models.Model):
    """What was given to make up for something, by whom. Append-only."""

    key = models.TextField(unique=True)
    case_public_id = models.TextField()
    customer_id = models.BigIntegerField()
    kind = models.TextField()  # points, coupon
    points = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.PROTECT)
    given_by = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["case_public_id"], name="compensation_of_case"),
            models.Index(fields=["customer_id", "-id"], name="compensation_of_customer"),
        ]


class Payment(models.Model):
    """An order that was paid with points, and how many of them were given back since."""

    source = models.TextField()  # of the order
    number = models.TextField()
    customer_id = models.BigIntegerField()
    points = models.BigIntegerField()
    worth_minor = models.BigIntegerField()
    points_back = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_payment_per_order"),
            models.CheckConstraint(
                name="payment_back_at_most_paid",
                condition=models.Q(
                    points__gt=0, points_back__gte=0, points_back__lte=models.F("points")
                ),
            ),
        ]
