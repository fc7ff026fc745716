"""Tables of the people we serve."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Customer(models.Model):
    """A person or company we serve, buyer or not."""

    code = models.TextField(unique=True)  # how files and people name them; unique in the house
    name = models.TextField(default="")
    name_folded = models.TextField(default="")
    name_pinyin = models.TextField(default="")  # chenyinuo
    name_initials = models.TextField(default="")  # cyn
    kind = models.TextField(default="person")  # person, company, dealer
    phone = models.TextField(default="")  # +86… normalised, or ""
    phone_reversed = models.TextField(default="")  # digits backwards: a tail is a prefix
    phone_is_masked = models.BooleanField(default=False)
    email = models.TextField(default="")  # lower case
    birth_date = models.DateField(null=True)
    birth_calendar = models.TextField(default="solar")  # solar, lunar
    home_store = models.ForeignKey("staff.Store", null=True, on_delete=models.PROTECT)
    acquired_from = models.TextField(default="")  # the channel or person that brought them
    tags = ArrayField(models.TextField(), default=list)
    needs = models.TextField(db_default="")  # what they like and need, in the words of staff
    created_at = models.DateTimeField()
    import_id = models.BigIntegerField(null=True)  # the import that created the row

    class Meta:
        indexes = [
            models.Index(
                fields=["name_folded", "id"],
                name="cust_name",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["name_pinyin", "id"],
                name="cust_pinyin",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["name_initials", "id"],
                name="cust_initials",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["phone_reversed", "id"],
                name="cust_phone_tail",
                opclasses=["text_pattern_ops", "int8_ops"],
                condition=~models.Q(phone_reversed=""),
            ),
            models.Index(fields=["email"], name="cust_email", condition=~models.Q(email="")),
        ]


class Identity(models.Model):
    """A name by which a source knows a customer: a nick, a card number, a platform id."""

    source = models.TextField()
    value = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="one_customer_per_identity")
        ]


class Consent(models.Model):
    """A dated statement on one channel and purpose. Append-only; the newest counts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    channel = models.TextField()  # sms, email, wechat, phone, post, app
    purpose = models.TextField()  # service, marketing, survey, profiling, partner
    state = models.TextField()  # given, refused, withdrawn
    evidence = models.TextField(default="")
    reference = models.TextField(db_default="")  # where the proof lies: a folder, a file, a link
    source = models.TextField(db_default="")  # paper, phone, portal, file, …; "" = not known
    stated_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)  # null = as it was stated
    user = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)  # by hand
    user_name = models.TextField(db_default="")  # as the colleague was called then
    key = models.TextField(null=True, unique=True)  # of the form: pressing twice writes once
    import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["customer", "channel", "purpose", "-stated_at"], name="consent_newest"
            )
        ]


class CustomerBeforeImage(models.Model):
    """A customer as it was before an import changed it; null = the import created it."""

    import_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    image = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_id", "customer_id"], name="one_image_per_customer_import"
            )
        ]


class SignInCode(models.Model):
    """A one-time code sent to an address; address, reader and code are kept as keyed digests."""

    email_key = models.TextField()
    address_key = models.TextField()
    code_digest = models.TextField()
    created_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["email_key", "created_at"], name="code_by_email"),
            models.Index(fields=["address_key", "created_at"], name="code_by_address"),
        ]


class MemberSession(models.Model):
    """A browser a customer is signed in with; of its secret only the digest is kept."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    digest = models.TextField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Address(models.Model):
    """A further phone number or e-mail of a customer, normalised like the first."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    kind = models.TextField()  # phone, email
    value = models.TextField()
    value_reversed = models.TextField(default="")  # of a phone: digits backwards

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value"], name="one_address_per_customer"
            ),
            models.CheckConstraint(
                name="address_kind_known", condition=models.Q(kind__in=["phone", "email"])
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "value"], name="address_by_value"),
            models.Index(
                fields=["value_reversed"],
                name="address_phone_tail",
                opclasses=["text_pattern_ops"],
                condition=~models.Q(value_reversed=""),
            ),
        ]


class Contact(models.Model):
    """Who did what, and how the customer reacted; a note is a contact nobody made. Append-only."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    kind = models.TextField()  # note, phone, visit, wechat, email, other
    text = models.TextField()
    reaction = models.TextField(default="")
    user = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT)
    user_name = models.TextField(default="")  # as the colleague was called then
    at = models.DateTimeField()
    key = models.TextField(unique=True)  # of the form: pressing twice writes once

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_kind_known",
                condition=models.Q(kind__in=["note", "phone", "visit", "wechat", "email", "other"]),
            )
        ]
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="contact_of_customer")]


class Merge(models.Model):
    """Two records that were one person: which stayed, which went, and all it takes to undo it.

    The code of the one that went finds the one that stayed, as long as it is not undone."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)  # the one that stayed
    gone_customer_id = models.BigIntegerField()
    gone_code = models.TextField()
    kept_before = models.JSONField()  # the columns of the one that stayed, before and after
    kept_after = models.JSONField()
    gone_before = models.JSONField()
    moved = models.JSONField()  # ids of rows by table, addresses of both
    state = models.JSONField()  # how much stood in every part afterwards
    merged_at = models.DateTimeField()
    merged_by = models.TextField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone_code"],
                name="one_merge_in_force_per_code",
                condition=models.Q(undone_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["customer", "-merged_at"], name="merge_of_customer")]
