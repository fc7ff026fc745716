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
        # Nobody asks for postings by name one by one, and there are more of them than of all else.
        indexes = [
            models.Index(
                fields=["name", "id"],
                name="fact_by_name",
                condition=~models.Q(name="points.posted"),
            )
        ]


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


class Message(models.Model):
    """One text to one address, from being queued to what became of it."""

    ref = models.TextField(unique=True)  # msg_…: how lists and reports name it
    key = models.TextField(unique=True)  # one message per key, for ever
    digest = models.TextField()  # of what was asked for under the key
    token = models.TextField(unique=True)  # of the page that says: no more
    source = models.TextField()  # campaign:…, case:…, code
    channel = models.TextField()
    purpose = models.TextField()
    customer_id = models.BigIntegerField(null=True)  # customers stand above; erased = null
    address = models.TextField()
    address_digest = models.TextField()
    subject = models.TextField(default="")
    text = models.TextField()
    html = models.TextField(default="")
    is_secret = models.BooleanField(default=False)  # words forgotten once it left
    state = models.TextField(default="queued")
    reason = models.TextField(default="")
    detail = models.TextField(default="")  # a provider's short answer, nothing of the person
    attempts = models.SmallIntegerField(default=0)
    sender = models.BigIntegerField(null=True)  # the lock its sender holds while it hands it over
    list = models.ForeignKey("MessageList", null=True, on_delete=models.PROTECT)
    provider_id = models.TextField(default="")
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)  # the last hand-over
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["channel", "not_before", "id"],
                name="message_due",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["channel", "not_before", "id"],
                name="message_due_service",
                condition=models.Q(state="queued", purpose="service"),
            ),
            models.Index(
                fields=["state", "-id"],
                name="message_open",
                condition=models.Q(
                    state__in=["queued", "sending", "failed", "bounced", "in_doubt"]
                ),
            ),
            models.Index(fields=["source", "state"], name="message_by_source"),
            models.Index(
                fields=["customer_id", "purpose", "-began_at"],
                name="message_by_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["provider_id"],
                name="message_by_provider",
                condition=~models.Q(provider_id=""),
            ),
            models.Index(fields=["channel", "address_digest", "-id"], name="message_by_address"),
            models.Index(fields=["id"], name="message_worded", condition=~models.Q(text="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_state_known",
                condition=models.Q(
                    state__in=[
                        "queued",
                        "sending",
                        "sent",
                        "failed",
                        "bounced",
                        "in_doubt",
                        "refused",
                        "cancelled",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="message_channel_known",
                condition=models.Q(channel__in=["sms", "email", "wechat", "phone", "post", "app"]),
            ),
            models.CheckConstraint(
                name="message_purpose_known",
                condition=models.Q(
                    purpose__in=["service", "marketing", "survey", "profiling", "partner"]
                ),
            ),
        ]


class MessageList(models.Model):
    """A list of messages written out for an outside platform to send."""

    public_id = models.TextField(unique=True)
    channel = models.TextField()
    source = models.TextField(default="")  # only messages of this source; "" = all that were due
    made_by = models.TextField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # nothing more is expected back


class DeadAddress(models.Model):
    """An address from which a message came back for good; only its digest is kept."""

    channel = models.TextField()
    digest = models.TextField()
    since = models.DateTimeField()
    # refused (in the conversation), came_back, came_back_often, reported (by a platform)
    reason = models.TextField(default="refused")
    detail = models.TextField(default="")  # the server's code, nothing of the person

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "digest"], name="one_dead_address")
        ]


class Return(models.Model):
    """What came back about a message after it had left, each kind once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    kind = models.TextField()  # bounced, later, failed, complained
    detail = models.TextField(default="")
    channel = models.TextField()
    address_digest = models.TextField()  # "" = forgotten
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "kind"], name="one_return_of_a_kind")
        ]
        indexes = [
            models.Index(
                fields=["channel", "address_digest", "at"],
                name="return_for_now",
                condition=models.Q(kind="later"),
            )
        ]


class MailboxReading(models.Model):
    """How far a mailbox has been read, and how that went."""

    name = models.TextField(unique=True)  # user, host and folder, no secrets
    validity = models.BigIntegerField(default=0)  # the mailbox's own numbering; 0 = never read
    uid = models.BigIntegerField(default=0)  # read up to here
    looked_at = models.DateTimeField()  # the last try
    read_at = models.DateTimeField(null=True)  # the last try that went well
    trouble = models.TextField(default="")  # why the last try did not, a code; "" = it did
    trouble_since = models.DateTimeField(null=True)
    letters_since = models.DateTimeField(null=True)  # from when on letters become cases
    reports = models.IntegerField(default=0)  # mails that said something of ours
    unmatched = models.IntegerField(default=0)  # reports that name no message of ours
    cases = models.IntegerField(default=0)  # letters that became a case or a word in one


class Followup(models.Model):
    """A follower that has still to hear of a fact; written with the fact, gone when it has."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE)
    follower = models.TextField()  # module:function
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # null = at once; set when an attempt failed
    error = models.TextField(default="")  # what kind of failure: a class or a code, no words

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "follower"], name="one_followup_per_follower")
        ]


class KeptAnswer(models.Model):
    """The answer given to a keyed write, kept for ever. Append-only."""

    pk = models.CompositePrimaryKey("source", "key")
    source = models.TextField()
    key = models.TextField()
    digest = models.TextField()  # of the request: another one with this key is refused
    answer = models.TextField()  # JSON as it was said: a retry gets the same bytes
    kept_at = models.DateTimeField()
