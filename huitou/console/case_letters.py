"""The e-mail that carries a reply, in the language the reply is written in."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from huitou.flows import contacting
from huitou.voice.types import CaseRow, Letter


def address_of(row: CaseRow) -> str:
    """Where an answer by e-mail goes: to the address they wrote from, else to the customer's
    first, else to one added later; "" = nowhere."""
    known = row.contact_email or row.customer_email
    if known or row.customer_id is None:
        return known
    pk = row.customer_id
    return contacting.addresses([pk], channel="email", purpose="service").get(pk, "")


def letter(row: CaseRow, text: str, *, shop: str) -> Letter:
    """The words of the reply, signed by the shop, with the link that follows the case."""
    link = settings.PUBLIC_URL.rstrip("/") + reverse("case_follow", args=[row.token])
    foot = gettext(
        "Follow your case {case} here, say whether it is solved, or add a word:\n{link}"
    ).format(case=row.public_id, link=link)
    subject = gettext("Your case {case}: {title}").format(case=row.public_id, title=row.title)
    return Letter(
        address=address_of(row),
        subject=subject,
        text=f"{text.strip()}\n\n{shop}\n\n{foot}\n",
    )
