"""Someone joins the team: an account here, and the link by which they choose their password."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from huitou.flows import sending
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.staff import queries as staff
from huitou.staff import rules, services
from huitou.staff.types import Invited, UserIn


def may_write(*, now: datetime) -> bool:
    """Whether an e-mail would leave the house now, so that a link can be sent."""
    return sending.standing("email", now=now)[0] is None


def invite(*, user: UserIn, actor: str, now: datetime) -> int:
    """Let someone work here and send them the link; returns the user's id.

    Raises:
        EmailInvalid, EmailTaken, RoleUnknown, StoreMissing: nothing is written or sent.
    """
    with transaction.atomic():
        invited = services.invite_user(user=user, actor=actor, now=now)
        _send(invited, now)
        return invited.user_id


def invite_again(*, user_id: int, actor: str, now: datetime) -> None:
    """Send another link; the ones before open nothing any more.

    Raises:
        UserMissing, AccountClosed: nothing is written or sent.
    """
    with transaction.atomic():
        _send(services.new_invitation(user_id=user_id, actor=actor, now=now), now)


def _send(invited: Invited, now: datetime) -> None:
    user, company = staff.user(invited.user_id), staff.company()
    assert user is not None
    link = settings.PUBLIC_URL.rstrip("/") + reverse("welcome", args=[invited.token])
    name = company.name if company else ""
    with translation.override(user.language):
        subject = gettext("Your access to {company}").format(company=name)
        text = gettext(
            "{name}, choose your password here:\n{link}\n\n"
            "The link is good once, for three days. If you did not expect it, leave it be."
        ).format(name=user.name, link=link)
    outbox.queue(
        Outgoing(
            channel="email",
            purpose="service",
            address=user.email,
            subject=subject,
            text=text,
            key=f"invitation:{rules.key_digest(invited.token)}",
            source=f"invitation:{user.id}",
            not_after=now + rules.INVITATION_LIFE,
            is_secret=True,
        ),
        now=now,
    )
