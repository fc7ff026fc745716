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
