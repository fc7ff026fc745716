"""Tables of what customers said."""

from django.db import models


class Answer(models.Model):
    """One person's answers of one moment; an empty column was not asked or not answered.

    A file names the customer; who answers at a touchpoint without signing in has none.
    """

    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.CASCADE)
    answered_at = models.DateTimeField()
    answered_on = models.DateField()  # civil day of the company's zone
    wave = models.TextField(default="")
    satisfaction = models.TextField(default="")
    recommendation = models.TextField(default="")
    repurchase_probability = models.FloatField(null=True)
    prefers_us = models.BooleanField(null=True)
    resists_offers = models.BooleanField(null=True)
    reason_to_stay = models.TextField(default="")
    expectation = models.FloatField(null=True)
    perception = models.FloatField(null=True)
    touchpoint = models.TextField(default="")
    comment = models.TextField(default="")
    benefit_product = models.SmallIntegerField(null=True)
    benefit_service = models.SmallIntegerField(null=True)
    benefit_staff = models.SmallIntegerField(null=True)
    benefit_image = models.SmallIntegerField(null=True)
    cost_money = models.SmallIntegerField(null=True)
    cost_time = models.SmallIntegerField(null=True)
    cost_effort = models.SmallIntegerField(null=True)
    cost_psychological = models.SmallIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)
    # Asked by us: through which survey, and how things stood at that moment. Null for files.
    survey = models.ForeignKey("Survey", null=True, on_delete=models.PROTECT)
    asked_through = models.ForeignKey("Touchpoint", null=True, on_delete=models.PROTECT)
    invitation = models.OneToOneField("Invitation", null=True, on_delete=models.SET_NULL)
    key = models.TextField(null=True, unique=True)  # of the form: pressing twice answers once
    language = models.TextField(null=True)
    layer = models.TextField(null=True)
    store = models.ForeignKey("staff.Store", null=True, on_delete=models.PROTECT)
    order_id = models.BigIntegerField(null=True)  # the customer's newest order then

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "answered_at", "wave"], name="one_answer_per_moment"
            )
        ]
        indexes = [
            models.Index(fields=["answered_on"], name="answer_by_day"),
            models.Index(
                fields=["survey", "-answered_at", "-id"],
                name="answer_of_survey",
                condition=models.Q(survey__isnull=False),
            ),
        ]


class AnswerBeforeImage(models.Model):
    """An answer as it was before an import changed it; null = the import created it."""

    import_id = models.BigIntegerField()
    answer_id = models.BigIntegerField()
    image = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_id", "answer_id"], name="one_image_per_answer_import"
            )
        ]


class Survey(models.Model):
    """Questions asked in waves and at touchpoints; the wording is fixed, the greeting is not."""

    public_id = models.TextField(unique=True)
    name = models.TextField()  # for staff, and the wave of its answers
    greeting_zh = models.TextField(default="")
    greeting_en = models.TextField(default="")
    # Days the question of coming back asks about; null = it is not asked (bought once in a life).
    horizon_days = models.IntegerField(null=True)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="one_survey_per_name")]


class Touchpoint(models.Model):
    """A place that asks everyone who comes by: a code on a counter, a cup, a card in a parcel."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT)
    token = models.TextField(unique=True)  # what the printed code says
    kind = models.TextField()  # link, store, cup, parcel
    name = models.TextField()
    store = models.ForeignKey("staff.Store", null=True, on_delete=models.PROTECT)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "name"], name="one_touchpoint_per_name"),
            models.CheckConstraint(
                name="touchpoint_kind_known",
                condition=models.Q(kind__in=["link", "store", "cup", "parcel"]),
            ),
        ]


class Wave(models.Model):
    """One round of invitations of a survey: whom it looked at, how, and when."""

    public_id = models.TextField(unique=True)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT)
    key = models.TextField(unique=True)  # of the form: pressing twice asks once
    channel = models.TextField()  # email, sms, wechat
    audience = models.TextField(default="")  # its name then; "" = everyone known
    expression = models.JSONField(null=True)  # its conditions then
    sample_size = models.IntegerField(null=True)  # null = everyone who may be asked
    rest_days = models.IntegerField()  # the fatigue limit that was in force
    language = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Invitation(models.Model):
    """Whether one customer was asked in one wave, and if not, why not."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE)
    state = models.TextField()  # asked, answered, not_asked
    reason = models.TextField(default="")  # why not
    token = models.TextField(null=True, unique=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "customer"], name="one_invitation_per_customer_wave"
            ),
            models.CheckConstraint(
                name="invitation_asked_or_reason",
                condition=models.Q(
                    state__in=["asked", "answered"],
                    reason="",
                    token__isnull=False,
                    asked_at__isnull=False,
                )
                | models.Q(state="not_asked", token__isnull=True, asked_at__isnull=True)
                & ~models.Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "-asked_at"],
                name="invitation_last_asked",
                condition=models.Q(asked_at__isnull=False),
            ),
        ]


class Case(models.Model):
    """One thing a customer told us that wants an answer: complaint, suggestion, enquiry, praise.

    What happened to it stands in ``CaseEvent`` and ``CaseStep``, which are never edited; the
    columns here are where it stands now.
    """

    public_id = models.TextField(unique=True)  # C-2026-0042, safe to read aloud
    token = models.TextField(unique=True)  # of the page that follows it without signing in
    key = models.TextField(null=True, unique=True)  # of the form: pressing twice opens one
    kind = models.TextField()
    source = models.TextField()
    topic = models.TextField(default="")  # "" = not classified yet
    title = models.TextField()
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT)
    contact_name = models.TextField(default="")
    contact_email = models.TextField(default="")
    contact_phone = models.TextField(default="")
    store = models.ForeignKey("staff.Store", null=True, on_delete=models.PROTECT)
    order_source = models.TextField(default="")  # the order it is about, by its lasting key
    order_number = models.TextField(default="")
    owner = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)
    step = models.TextField()
    round = models.SmallIntegerField(default=1)  # reopened = one more
    summary = models.TextField(default="")
    cause = models.TextField(default="")
    remedy = models.TextField(default="")
    lesson = models.TextField(default="")
    received_at = models.DateTimeField()  # of a public post: when it was posted
    clock_from = models.DateTimeField()  # of this round
    due_at = models.DateTimeField(null=True)  # of the answer in this round; null = no clock
    warn_at = models.DateTimeField(null=True)  # from then on it is due soon
    wake_at = models.DateTimeField(null=True)  # when the clock must be looked at again
    warned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)  # of the first round: what the figures judge
    first_answered_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)  # the first word of a person
    answered_at = models.DateTimeField(null=True)  # of this round: result and promise
    confirmed_at = models.DateTimeField(null=True)  # the customer said it is solved
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_kind_known",
                condition=models.Q(kind__in=["complaint", "suggestion", "enquiry", "praise"]),
            ),
            models.CheckConstraint(
                name="case_source_known",
                condition=models.Q(
                    source__in=["answer", "portal", "phone", "visit", "social", "email", "api"]
                ),
            ),
            models.CheckConstraint(
                name="case_step_known",
                condition=models.Q(
                    step__in=["collect", "classify", "summarise", "handle", "answer", "close"]
                ),
            ),
            models.CheckConstraint(
                name="case_closed_only_answered",
                condition=models.Q(closed_at__isnull=True) | models.Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_praise_has_no_clock",
                condition=models.Q(kind="praise", due_at__isnull=True)
                | ~models.Q(kind="praise") & models.Q(due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="case_open_by_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["wake_at"], name="case_wake", condition=models.Q(wake_at__isnull=False)
            ),
            models.Index(fields=["customer", "-received_at"], name="case_of_customer"),
            models.Index(fields=["received_at"], name="case_by_day"),
            models.Index(fields=["-closed_at", "-id"], name="case_closed_lately"),
        ]


class CaseStep(models.Model):
    """From ``begun_at`` on this person is responsible for this step, until ``due_at``. Append-only:
    it ends where the next begins, so who answered for what and when stays on record."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    round = models.SmallIntegerField()
    step = models.TextField()
    responsible = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    actor = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case", "begun_at", "id"], name="step_of_case")]


class CaseEvent(models.Model):
    """Something that happened to a case: codes, ids and numbers. Append-only; clocks read it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    round = models.SmallIntegerField()
    at = models.DateTimeField()
    what = models.TextField()
    actor = models.TextField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="event_of_case")]


class CaseMessage(models.Model):
    """Words of a case: of the customer, of staff to the customer, or among staff."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    author = models.TextField()  # customer, staff, internal
    user = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)
    text = models.TextField()
    at = models.DateTimeField()
    channel = models.TextField()  # page, email, phone, in_person; how it reached the other side
    is_answer = models.BooleanField(default=False)
    outbox_id = models.BigIntegerField(null=True)  # the e-mail that carries it
    key = models.TextField(null=True, unique=True)  # of the form: pressing twice says it once

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_message_author_known",
                condition=models.Q(author__in=["customer", "staff", "internal"]),
            )
        ]
        indexes = [models.Index(fields=["case", "at", "id"], name="message_of_case")]


class Promise(models.Model):
    """What was promised to a customer, by whom, and until the end of which day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT)
    text = models.TextField()
    due_on = models.DateField()  # civil day of the company's zone; the whole day still counts
    owner = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    kept_on = models.DateField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.TextField(default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(default="")
    why_withdrawn = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_kept_or_withdrawn",
                condition=models.Q(kept_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="promise_open",
                condition=models.Q(kept_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["case"], name="promise_of_case"),
        ]
