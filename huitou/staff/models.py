"""Tables of the company and its people."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Accounts(BaseUserManager["User"]):
    """Finds users by their e-mail; Django's sign-in needs it."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Someone who works here and can sign in."""

    email = models.TextField(unique=True)  # lower case
    name = models.TextField()
    role = models.TextField()
    language = models.TextField(default="zh-hans")
    theme = models.TextField(default="auto")  # auto, light, dark
    is_active = models.BooleanField(default=True)
    stores: "models.ManyToManyField[Store, models.Model]" = models.ManyToManyField(
        "Store", blank=True
    )
    created_at = models.DateTimeField()

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_role_known",
                condition=models.Q(
                    role__in=[
                        "owner",
                        "manager",
                        "marketer",
                        "service_agent",
                        "cashier",
                        "account_manager",
                        "client_adviser",
                        "analyst",
                        "integrator",
                        "partner",
                    ]
                ),
            )
        ]


class Invitation(models.Model):
    """A one-time link by which someone chooses their password; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.TextField(unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Company(models.Model):
    """The one company of this installation."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.TextField()
    zone = models.TextField()
    currency = models.TextField()
    industry = models.TextField(default="e_commerce")  # a preset of windows
    is_one_off = models.BooleanField(default=False)  # bought once in a lifetime: P8
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_company", condition=models.Q(id=1))]


class Store(models.Model):
    """A place of sale with its own time zone."""

    code = models.TextField(unique=True)  # as files name it
    name = models.TextField()
    zone = models.TextField()
    is_online = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class ClosedDay(models.Model):
    """A civil day on which a store, or with no store every store, was closed."""

    store = models.ForeignKey(Store, null=True, on_delete=models.CASCADE)
    day_on = models.DateField()
    reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "day_on"], name="one_closed_day_per_store", nulls_distinct=False
            )
        ]


class Setting(models.Model):
    """One dated value of a business rule; ends where the next row of the same name and scope
    begins.
    """

    name = models.TextField()
    scope = models.TextField(default="")  # "" = the company; category:…, store:…, channel:…
    valid_from = models.DateField()
    value = models.JSONField()
    is_end = models.BooleanField(default=False)  # from here on: as if nobody had set it
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "scope", "valid_from"], name="one_setting_per_day"
            )
        ]


class SetupToken(models.Model):
    """The one-time secret that lets the first visitor become the owner; only its digest is kept."""

    digest = models.TextField(unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A secret by which another system uses the REST interface; only its digest is kept."""

    public_id = models.TextField(unique=True)
    name = models.TextField()  # what for: “web shop”
    beginning = models.TextField()  # of the secret, so that people can tell keys apart
    digest = models.TextField(unique=True)  # SHA-256: the secret is random and long
    role = models.TextField()
    scopes = ArrayField(models.TextField(), default=list)  # empty = all that the role opens
    per_minute = models.IntegerField()
    created_by = models.TextField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to within the requests a server takes at once
    revoked_at = models.DateTimeField(null=True)
    counted_minute = models.DateTimeField(null=True)  # the minute that ``counted`` is about
    counted = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="api_key_rate", condition=models.Q(per_minute__gte=1, counted__gte=0)
            )
        ]


class LoginAttempt(models.Model):
    """A failed sign-in, kept for the rate limit and then forgotten. Keys are digests."""

    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="login_attempt_by_key")]
