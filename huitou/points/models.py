"""Tables of the ledger. Written by the SQL functions of the migrations, by nothing else.

There are no foreign keys on the way of a posting; ``sql/invariants.sql`` checks what they would."""

from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """Where points can be: a member's account, or one of a unit's system accounts.

    Only members' rows store a balance: one hot row would halve the speed of everybody."""

    programme_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)  # null = system
    balance = models.BigIntegerField(default=0, db_default=0)  # open lots - owed
    owed = models.BigIntegerField(default=0, db_default=0)
    held = models.BigIntegerField(default=0, db_default=0)
    version = models.BigIntegerField(default=0, db_default=0)  # how many transfers it has
    last_transfer_id = models.BigIntegerField(null=True)  # each transfer names the one before
    last_but_one_id = models.BigIntegerField(null=True)  # the last one before the last posting
    unit = models.TextField()  # points, qualifying, …
    kind = models.TextField()  # member, system
    name = models.TextField(
        default="", db_default=""
    )  # of a system account: issued, redeemed, expired, debt, transferred

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "programme_id", "unit"],
                name="one_account_per_member_unit",
                condition=Q(customer_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["programme_id", "unit", "name"],
                name="one_system_account_per_unit",
                condition=Q(customer_id__isnull=True),
            ),
            # One function, because a check is read anew by every statement: written out, these
            # took half the time of an award's UPDATE.
            models.CheckConstraint(
                name="account_adds_up",
                condition=models.Func(
                    *("customer_id", "kind", "name", "balance", "owed", "held"),
                    function="points_account_adds_up",
                    output_field=models.BooleanField(),
                ),
            ),
        ]


class Transfer(models.Model):
    """Whole points from one account to another; one of the two is a member's. Append-only."""

    fact_id = models.BigIntegerField()  # the one fact that tells of it
    previous_id = models.BigIntegerField(null=True)  # the member's transfer before this
    debit = models.BigIntegerField()  # account
    credit = models.BigIntegerField()  # account
    points = models.BigIntegerField()
    balance_after = models.BigIntegerField()  # of the member
    payload_digest = models.BigIntegerField(null=True)  # of a give-back: what else was asked
    reverses = models.BigIntegerField(null=True)  # the award or redemption taken back
    rule_version = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    effective_on = models.DateField()  # the business day; of a lot it made the first usable one
    expires_on = models.DateField(null=True)  # its last; infinity = never
    leg = models.SmallIntegerField()  # what a claw-back leaves owing has the leg's negative
    kind = models.TextField()  # award, redeem, expire, reverse, adjust
    source = models.TextField(db_collation="C")  # byte by byte, whatever the server's language
    external_id = models.TextField(db_collation="C")
    why = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # The key of the request is the transfer's: what happened once cannot happen again.
            models.UniqueConstraint(
                fields=["source", "external_id", "leg"], name="one_transfer_per_key"
            ),
            models.CheckConstraint(name="transfer_moves_points", condition=Q(points__gt=0)),
            models.CheckConstraint(
                name="transfer_between_two_accounts", condition=~Q(debit=F("credit"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["reverses"],
                name="transfer_reversing",
                condition=Q(reverses__isnull=False),
            )
        ]


class OpenLot(models.Model):
    """What is left of the points a transfer gave. The key is the order of spending."""

    pk = models.CompositePrimaryKey("account_id", "expires_on", "transfer_id")
    account_id = models.BigIntegerField()
    transfer_id = models.BigIntegerField()  # the lot's id
    remaining = models.BigIntegerField()
    expires_on = models.DateField()  # infinity = never, the last to be spent
    effective_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="open_lot_has_points", condition=Q(remaining__gt=0))
        ]


class Draw(models.Model):
    """Which lot paid how much of which transfer: what makes refunds exact. Append-only."""

    pk = models.CompositePrimaryKey("transfer_id", "lot_id", "kind")
    transfer_id = models.BigIntegerField()
    lot_id = models.BigIntegerField()
    points = models.BigIntegerField()
    kind = models.TextField()  # redeem, expire, claw_back, adjust, repay; give_back goes into it

    class Meta:
        constraints = [models.CheckConstraint(name="draw_has_points", condition=Q(points__gt=0))]
        indexes = [models.Index(fields=["lot_id"], name="draw_by_lot")]


class ClawBack(models.Model):
    """One claw-back as it was asked and answered, also where nothing was there. Append-only.

    asked = taken + owed + expired + waived."""

    pk = models.CompositePrimaryKey("source", "external_id", "leg")
    award_id = models.BigIntegerField()  # transfer
    asked = models.BigIntegerField()
    taken = models.BigIntegerField()  # from lots
    owed = models.BigIntegerField()
    expired = models.BigIntegerField()  # gone already
    waived = models.BigIntegerField()  # within_balance: not there, not owed
    balance_after = models.BigIntegerField()
    payload_digest = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    leg = models.SmallIntegerField()
    source = models.TextField()
    external_id = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claw_back_adds_up",
                condition=Q(asked=F("taken") + F("owed") + F("expired") + F("waived")),
            )
        ]
        indexes = [models.Index(fields=["award_id"], name="claw_back_of_award")]


class Seal(models.Model):
    """A fingerprint of the first transfers, taken at night: the past must keep it. Append-only."""

    upto_transfer_id = models.BigIntegerField(unique=True)
    transfers = models.BigIntegerField()
    fingerprint = models.BigIntegerField()
    sealed_at = models.DateTimeField()
