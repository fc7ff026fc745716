"""Tables of campaigns."""

from django.db import models

_STATES = ["draft", "ready", "sending", "running", "finished", "cancelled"]


class Campaign(models.Model):
    """One theme, one audience, one message, one window: everything fixed before the draw."""

    public_id = models.TextField(unique=True)
    state = models.TextField(default="draft")
    theme = models.TextField()
    goal = models.TextField()
    audience_id = models.BigIntegerField(null=True)
    audience_name = models.TextField(default="")
    audience_version = models.IntegerField(default=0)
    expression = models.JSONField(default=dict)  # the audience as it was chosen, frozen
    channel = models.TextField()
    subject = models.TextField(default="")
    text = models.TextField(default="")
    coupon_batch = models.TextField(default="")  # public id of coupons given with it; "" = none
    outcome = models.TextField(default="came_back")
    window_days = models.IntegerField(default=30)
    holdout_percent = models.IntegerField(default=10)
    looks_planned = models.IntegerField(default=0)
    is_adjusted = models.BooleanField(default=False)
    scheduled_at = models.DateTimeField(null=True)
    salt = models.TextField()
    seed = models.BigIntegerField()
    was_too_small = models.BooleanField(default=False)
    foresight = models.JSONField(default=dict)  # what could be seen, as it stood at the draw
    created_by = models.TextField()
    created_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)  # the last message went into the outbox
    window_until = models.DateField(null=True)  # last day of the outcome window
    finished_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)  # {code, message, facts}: why it could not be sent

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_state_known", condition=models.Q(state__in=_STATES)
            ),
            models.CheckConstraint(
                name="campaign_holdout_percent",
                condition=models.Q(holdout_percent__gte=0, holdout_percent__lte=90),
            ),
            models.CheckConstraint(
                name="campaign_drawn_before_sent",
                condition=models.Q(drawn_at__isnull=False)
                | models.Q(state__in=["draft", "ready", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "scheduled_at"],
                name="campaign_at_work",
                condition=models.Q(state__in=["ready", "sending", "running"]),
            )
        ]


class Assignment(models.Model):
    """One person of a drawn audience: in which arm, or why not. Drawn once; a trigger holds it."""

    pk = models.CompositePrimaryKey("campaign_id", "customer_id")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, db_index=False)
    customer_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()  # the household, named by its lowest customer
    arm = models.TextField()  # treated, held_out, not_reached
    reason = models.TextField(default="")  # why not drawn; "" = drawn
    coupon_code = models.TextField(default="")
    queued_at = models.DateTimeField(null=True)  # their message is in the outbox

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assignment_arm_known",
                condition=models.Q(arm__in=["treated", "held_out", "not_reached"]),
            ),
            models.CheckConstraint(
                name="assignment_reason_where_left_out",
                condition=(models.Q(arm="not_reached") & ~models.Q(reason=""))
                | (~models.Q(arm="not_reached") & models.Q(reason="")),
            ),
            models.CheckConstraint(
                name="only_treated_are_sent_to",
                condition=models.Q(arm="treated") | models.Q(queued_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["customer_id", "-campaign"], name="assignment_of_customer"),
            models.Index(
                fields=["campaign", "customer_id"],
                name="assignment_to_queue",
                condition=models.Q(arm="treated", queued_at__isnull=True),
            ),
        ]


class GlobalDraw(models.Model):
    """The draw of a year for the global control group: its share and salt, kept for the year."""

    year = models.IntegerField(primary_key=True)
    percent = models.DecimalField(max_digits=4, decimal_places=2)
    salt = models.TextField()
    drawn_at = models.DateTimeField()


class GlobalUnit(models.Model):
    """One customer in the draw of a year; who enters later counts from the next year."""

    pk = models.CompositePrimaryKey("year", "customer_id")
    year = models.IntegerField()
    customer_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    is_held_out = models.BooleanField()
    is_contactable = models.BooleanField(default=True, db_default=True)  # when they entered
    entered_at = models.DateTimeField()
