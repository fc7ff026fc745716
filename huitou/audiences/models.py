"""Tables of the people columns."""

from django.db import models


class Person(models.Model):
    """First, last and ever of a customer's orders; written with the orders themselves."""

    customer_id = models.BigIntegerField(primary_key=True)
    first_ordered_on = models.DateField(null=True)
    last_ordered_on = models.DateField(null=True)
    purchases = models.IntegerField(default=0)  # purchase days
    net_minor = models.BigIntegerField(default=0)
    main_store_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-last_ordered_on", "-customer_id"], name="person_last_ordered"),
            models.Index(fields=["-net_minor", "-customer_id"], name="person_net"),
        ]


class StandingSlot(models.Model):
    """Which of the two slots of standings is in force, and which run wrote it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    slot = models.SmallIntegerField()
    run_id = models.BigIntegerField()
    put_at = models.DateTimeField()


class Standing(models.Model):
    """The values of the latest measurement for one customer, in two slots.

    One slot is in force, the other is being written.

    The table is partitioned by slot in the migration; Django only reads it.
    """

    pk = models.CompositePrimaryKey("slot", "customer_id")
    slot = models.SmallIntegerField()
    customer_id = models.BigIntegerField()
    layer = models.TextField()
    stage = models.TextField()
    health = models.TextField()
    dormancy_days = models.IntegerField(null=True)
    purchases = models.IntegerField()
    net_minor = models.BigIntegerField()
    net_360_minor = models.BigIntegerField()
    rfm = models.TextField()  # three digits, "" for no purchase
    p_repeat = models.FloatField(null=True)
    band = models.TextField()  # high, middle, low, ""
    p_alive = models.FloatField(null=True)
    risk = models.FloatField(null=True)
    risk_days = models.IntegerField(null=True)
    expected_purchases = models.FloatField(null=True)
    expected_spend = models.FloatField(null=True)
    lifetime_value = models.FloatField(null=True)
    margin_365 = models.FloatField(null=True)  # expected margin (or sales) of the next 365 days
    value_at_risk = models.FloatField(null=True)
    loyalty_index = models.FloatField(null=True)
    loyalty_level = models.TextField()  # none, habitual, preference, devoted, "" = not asked
    grid_cell = models.TextField()
    mark = models.TextField()  # "" or yearly:11-11
    value_place = models.IntegerField(default=0)  # 0-based, by value_at_risk; the unknown first
    risk_place = models.IntegerField(default=0)
    layer_code = models.SmallIntegerField(default=-1)  # its number in ladders; -1 = not there
    stage_code = models.SmallIntegerField(default=-1)

    class Meta:
        managed = False
        db_table = "audiences_standing"


class StorePerson(models.Model):
    """A customer's last purchase day at one store; written with the orders themselves.

    Who may see whom hangs on it: a store sees the customers it sold to in 730 days.
    """

    pk = models.CompositePrimaryKey("customer_id", "store_id")
    customer_id = models.BigIntegerField()
    store_id = models.BigIntegerField()
    last_ordered_on = models.DateField()


class Audience(models.Model):
    """Saved conditions by name; the version in force. Archived ones keep their name free."""

    public_id = models.TextField(unique=True)
    name = models.TextField()
    note = models.TextField(default="")
    preset = models.TextField(default="")  # the preset it was made from, "" = from nothing
    version = models.IntegerField(default=1)
    expression = models.JSONField()
    created_by = models.TextField()
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(archived_at=None),
                name="one_audience_per_name",
            )
        ]


class AudienceVersion(models.Model):
    """The conditions of an audience as they were saved once. Append-only."""

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)
    version = models.IntegerField()
    name = models.TextField()
    expression = models.JSONField()
    saved_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "version"], name="one_audience_version")
        ]
