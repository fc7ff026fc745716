"""Tables of the plumbing."""

from django.db import models


class Fact(models.Model):
    """Something that happened, in the past tense: ids and numbers, never personal data. Append-
    only.
    """

    name = models.TextField()
    payload = models.JSONField()
    actor = models.TextField(default="system")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="fact_by_name")]


class AuditEntry(models.Model):
    """Who changed which dated or guarded thing, from what to what. Append-only."""

    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "-at"], name="audit_by_subject")]


class Import(models.Model):
    """One file brought in: what it was, what it would change, what it changed."""

    public_id = models.TextField(unique=True)
    kind = models.TextField()  # orders, customers, answers
    source = models.TextField()
    preset = models.TextField()
    file_name = models.TextField()
    file_sha256 = models.TextField()
    kept_path = models.TextField(null=True)  # relative to the data folder; null = not kept
    dialect = models.JSONField(
        default=dict
    )  # encoding, delimiter, sheet, date order, decimals … as used
    mapping = models.JSONField(default=dict)  # canonical column -> column of the file
    options = models.JSONField(default=dict)  # skip_rejected, anonymous, currency, scale …
    state = models.TextField()  # planned, applying, applied, refused, failed, rolled_back
    counts = models.JSONField(
        default=dict
    )  # contracts: new, changed, unchanged, rejected, ignored, orders{…}
    rejections = models.JSONField(default=list)  # the first 1,000: line, field, value, reason
    rejections_path = models.TextField(null=True)
    error = models.JSONField(null=True)
    figures = models.JSONField(
        default=dict
    )  # first figures after the import: known_customer_share …
    created_by = models.TextField(default="system")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    rolled_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="import_state_known",
                condition=models.Q(
                    state__in=["planned", "applying", "applied", "refused", "failed", "rolled_back"]
                ),
            )
        ]


class RememberedMapping(models.Model):
    """How columns of a file with this header were mapped last time, so that nobody maps twice."""

    kind = models.TextField()
    header_digest = models.TextField()
    preset = models.TextField()
    mapping = models.JSONField()
    dialect = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "header_digest"], name="one_mapping_per_header")
        ]


class Progress(models.Model):
    """How far a long work is; written on its own connection so that it is seen before the work
    commits.
    """

    key = models.TextField(primary_key=True)  # e.g. import:imp_…, measure
    stage = models.TextField()
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)
