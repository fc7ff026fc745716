"""Tables of the measurements."""

from django.db import models


class Run(models.Model):
    """One measurement: what went in, what came out, and everything needed to repeat it."""

    public_id = models.TextField(unique=True)
    state = models.TextField()  # running, done, failed
    as_of = models.DateField()
    as_of_reason = models.TextField()  # today, newest_order, given
    horizon_days = models.IntegerField()
    value_days = models.IntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    data_hash = models.TextField(default="")
    manifest_path = models.TextField(default="")  # relative to the data folder
    scores_path = models.TextField(default="")
    code_version = models.TextField()
    formula_version = models.TextField()
    parameters = models.JSONField(default=dict)  # windows, margins, options
    model = models.TextField(default="")  # the model in force
    report = models.JSONField(default=dict)  # everything the screens show of groups
    warnings = models.JSONField(default=list)
    error = models.JSONField(null=True)
    requested_by = models.TextField(default="system")

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="run_newest_first")]


class Change(models.Model):
    """A customer moved on one ladder between two runs."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    customer_id = models.BigIntegerField()
    ladder = models.TextField()  # layer, stage, level, band
    left = models.TextField()
    entered = models.TextField()
    changed_on = models.DateField()
    evidence = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["customer_id", "-changed_on"], name="change_of_customer")]


class Reason(models.Model):
    """A dated fact about one customer that departs from what the model expects; never a cause."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    customer_id = models.BigIntegerField()
    code = models.TextField()  # silence, buying_less_often, spending_less, satisfaction_fell …
    p_value = models.FloatField(null=True)  # null = a fact without a test
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["customer_id"], name="reason_of_customer")]


class Proof(models.Model):
    """One judgement: of a campaign (a look, or the final one, once), or of a year of marketing."""

    campaign_id = models.BigIntegerField(null=True)
    year = models.IntegerField(null=True)  # of the global control group
    kind = models.TextField()  # look, final, global
    judged_at = models.DateTimeField()
    until_on = models.DateField()  # last day whose orders were counted
    verdict = models.TextField()
    money = models.TextField()  # profit, sales
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_id"],
                name="one_final_per_campaign",
                condition=models.Q(kind="final"),
            ),
            models.CheckConstraint(
                name="proof_of_one_thing",
                condition=models.Q(campaign_id__isnull=False, year__isnull=True)
                | models.Q(campaign_id__isnull=True, year__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["campaign_id", "-judged_at"], name="proof_of_campaign")]
