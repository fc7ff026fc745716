"""Tables of what customers said."""

from django.db import models


class Answer(models.Model):
    """One customer's answers of one moment; an empty column was not asked or not answered."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE)
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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "answered_at", "wave"], name="one_answer_per_moment"
            )
        ]
        indexes = [models.Index(fields=["answered_on"], name="answer_by_day")]


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
