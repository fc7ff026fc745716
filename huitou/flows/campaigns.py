"""A campaign on its way: drawn at its hour, into the outbox in batches, judged at its end.

Everything is done in steps that commit by themselves and can be taken again: a process that dies
anywhere leaves a campaign that the next one carries on, with nobody lost and nobody sent to twice.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from huitou.campaigns import queries as campaigns
from huitou.campaigns import rules
from huitou.campaigns import services as campaign
from huitou.campaigns.errors import Incomplete, MoneyNotVisible, WrongState
from huitou.campaigns.types import CampaignRow, Counts, Frozen
from huitou.flows import campaign_plans, sending
from huitou.flows.campaign_letters import MARKETING, letters, preview, today_on
from huitou.insights import services as proving
from huitou.insights.proof.foresight import Foresight
from huitou.insights.types import ProofRow
from huitou.kit.errors import HuitouError
from huitou.platform import jobs, progress
from huitou.platform.messages import queries as outbox
from huitou.platform.messages import services as messages
from huitou.platform.messages.types import Outgoing
from huitou.programmes import services as programmes
from huitou.staff import queries as staff

SEND_JOB: Final = "campaigns.send"
BATCH: Final = 500
BATCHES_A_RUN: Final = 20  # then others get their turn
# A message that could not leave for so long is pointless: its news is old.
GOOD_FOR: Final = timedelta(days=7)


def confirm(public_id: str, *, at: datetime | None, actor: str, now: datetime) -> None:
    """Confirm a campaign for ``at``, or for now: from here on it sends itself.

    Raises:
        NoSuchCampaign, WrongState, Incomplete
        MoneyNotVisible: money is its outcome, and could not be seen at 20 % of its mean.
    """
    row = campaigns.one(public_id)
    lacking = rules.missing(row.terms)
    if lacking:
        raise Incomplete(missing=", ".join(lacking))
    if row.outcome == "money" and row.holdout_percent:
        _found, seen = campaign_plans.foreseen(row, now=now)
        if not seen.may_judge_money:
            raise MoneyNotVisible
    with transaction.atomic():
        campaign.schedule(public_id=public_id, at=at or now, actor=actor, now=now)
        if at is None or at <= now:
            jobs.defer(SEND_JOB, only_once=SEND_JOB)


def send_test(public_id: str, *, address: str, customer_id: int, now: datetime) -> int:
    """Send a colleague by e-mail what this person would read; returns the message's id.

    Raises:
        NoSuchCampaign, MessageBroken
    """
    row = campaigns.one(public_id)
    letter = preview(row, customer_id, now=now)
    subject = letter.subject or row.theme
    return messages.queue(
        Outgoing(
            channel="email",
            purpose="service",
            address=address,
            subject=gettext("Test: {subject}").format(subject=subject),
            text=letter.text or " ",
            key=f"campaign-test:{public_id}:{address}:{now.timestamp()}",
            source=f"campaign-test:{public_id}",
            not_after=now + GOOD_FOR,
            is_secret=True,  # it quotes a customer and goes to somebody else: kept no longer
        ),
        now=now,
    )


def draw(public_id: str, *, now: datetime) -> Counts:
    """Freeze the audience, ask who may be written to, draw, store: one transaction.

    Raises:
        NoSuchCampaign, WrongState, NobodyToSendTo
    """
    with transaction.atomic():
        campaign.hold(public_id)  # what is drawn is what stands: nobody edits it meanwhile
        row = campaigns.one(public_id)
        enter_global(now=now)
        found, seen = campaign_plans.foreseen(row, now=now)
        return campaign.draw(
            public_id=public_id,
            frozen=Frozen(found.people, found.reasons, today_on(now).year),
            foresight=_kept(seen),
            now=now,
        )


def send_batch(public_id: str, *, now: datetime, limit: int = BATCH) -> int:
    """Put the next people of a drawn campaign into the outbox, each with their coupon; how many.

    One transaction: coupon, message and the note that it was queued exist together or not at all.
    """
    row = campaigns.one(public_id)
    source = source_of(public_id)
    with transaction.atomic():
        waiting = campaign.claim(campaign_id=row.id, limit=limit)
        ids = [one.customer_id for one in waiting]
        if not ids:
            return 0
        # Whoever lost their address since the draw, or was erased, stays in the arm drawn.
        addresses = sending.addresses(ids, channel=row.channel, purpose=MARKETING)
        reached = [customer_id for customer_id in ids if customer_id in addresses]
        codes: dict[int, str] = {}
        if row.coupon_batch and reached:
            codes = programmes.issue_coupons(
                batch_public_id=row.coupon_batch, customer_ids=reached, source_key=source, now=now
            )
        filled = letters(row, reached, codes, now=now)
        outgoing = [
            Outgoing(
                channel=row.channel,
                purpose=MARKETING,
                address=addresses[customer_id],
                subject=filled[customer_id].subject,
                text=filled[customer_id].text,
                key=f"{source}:{customer_id}",
                source=source,
                customer_id=customer_id,
                not_after=now + GOOD_FOR,
            )
            for customer_id in reached
        ]
        messages.queue_all(outgoing, now=now)
        campaign.note_queued(
            campaign_id=row.id,
            customer_ids=ids,
            codes=[codes.get(customer_id, "") for customer_id in ids],
            now=now,
        )
    return len(ids)


def halt(public_id: str, *, actor: str, now: datetime) -> int:
    """Send nothing more of a campaign that is on its way; returns how many messages were stopped.

    Who was drawn stays drawn, and it is judged at its end.
    """
    del actor  # bound to the facts by the door
    with transaction.atomic():
        campaign.stop_sending(public_id=public_id, last_on=today_on(now), now=now)
        return messages.cancel(source=source_of(public_id))


def work(now: datetime, *, batches: int = BATCHES_A_RUN) -> int:
    """Draw what is due and fill the outbox as far as one run goes; returns how many were queued."""
    queued = 0
    for row in campaigns.at_work():
        try:
            queued += _carry_on(row, now=now, batches=batches)
        except WrongState:
            continue  # another sender was faster
        except HuitouError as error:
            _note(row, error, now=now)
    return queued


def wake(now: datetime) -> None:
    """What the clock calls each minute: draw, fill the outbox, end windows; once a day, judge."""
    if staff.company() is None:
        return
    work(now)
    end_due(now)
    today = today_on(now)
    if progress.claim(f"proofs:{today.isoformat()}", now=now):
        judge_all(now)


def end_due(now: datetime) -> None:
    """Follow the last send, and give the final verdict of every campaign whose window is over."""
    today = today_on(now)
    for row in campaigns.at_work():
        if row.state != "running" or row.window_until is None:
            continue
        if today <= row.window_until and _still_waits(row, now):
            campaign.until(public_id=row.public_id, last_on=today)
        elif rules.is_over(row.window_until, today=today):
            judge(row.public_id, now=now)


def judge(public_id: str, *, now: datetime) -> ProofRow | None:
    """The judgement of a campaign as far as one is allowed today; the final one finishes it."""
    with transaction.atomic():
        campaign.hold(public_id)  # of two at once one judges, the other reads what it found
        proof = proving.judge(public_id=public_id, now=now)
        is_final = proof is not None and proof.kind == "final"
        if is_final and campaigns.one(public_id).state == "running":
            campaign.finish(public_id=public_id, now=now)
    return proof


def judge_all(now: datetime) -> None:
    """Once a day: planned looks, and the effect of all marketing of the year."""
    enter_global(now=now)
    for row in campaigns.at_work():
        if row.state == "running" and row.looks_planned:
            judge(row.public_id, now=now)
    proving.judge_year(year=today_on(now).year, now=now)


def enter_global(*, now: datetime) -> int:
    """Put newcomers into the global control group's draw of the year, if there is to be one."""
    today = today_on(now)
    percent = Decimal(str(staff.setting("global_holdout_percent", on=today) or 0))
    if not percent and campaigns.global_draw(today.year) is None:
        return 0
    return campaign.enter_global(
        year=today.year, percent=percent, contactable=lambda ids: _contactable(ids, now), now=now
    )


def source_of(public_id: str) -> str:
    """How the outbox names the messages of a campaign."""
    return f"campaign:{public_id}"


def _carry_on(row: CampaignRow, *, now: datetime, batches: int) -> int:
    if row.state == "ready":
        if row.scheduled_at is None or row.scheduled_at > now:
            return 0
        draw(row.public_id, now=now)
    elif row.state != "sending":
        return 0
    queued = 0
    for _number in range(batches):
        count = send_batch(row.public_id, now=now)
        queued += count
        if not count:
            campaign.close_sending(public_id=row.public_id, last_on=today_on(now), now=now)
            break
    return queued


def _note(row: CampaignRow, error: HuitouError, *, now: datetime) -> None:
    """Keep why a campaign could not be sent; one that could not be drawn becomes a draft again."""
    told: dict[str, Any] = {
        "code": error.code, "message": str(error),
        "facts": {name: str(value) for name, value in error.facts.items()},
    }  # fmt: skip
    with transaction.atomic():
        if campaigns.one(row.public_id).state == "ready":
            campaign.back_to_draft(public_id=row.public_id, actor="system", now=now)
        campaign.note_error(public_id=row.public_id, error=told)


def _still_waits(row: CampaignRow, now: datetime) -> bool:
    """Whether messages of the campaign may still leave: after quiet hours, on a list, by a server
    that is back. What is too old to leave delays no window."""
    if row.queued_at is None or now >= row.queued_at + GOOD_FOR:
        return False
    return bool(outbox.by_state(source_of(row.public_id)).get("queued"))


def _contactable(customer_ids: Any, now: datetime) -> set[int]:
    """Those of these customers that marketing may reach on some channel today."""
    found: set[int] = set()
    for channel in ("email", "sms", "wechat"):
        verdicts = campaign_plans.refusals(customer_ids, channel=channel, now=now)
        # A full cap passes; that they may be written to stays.
        found |= {pk for pk, reason in verdicts.items() if reason in (None, "cap")}
    return found


def _kept(seen: Foresight) -> dict[str, Any]:
    """What could be seen before sending, as it is kept for the result page."""
    return {
        "units": seen.units,
        "buyers_share": seen.buyers_share,
        "mean_minor": seen.mean_minor,
        "advised_percent": seen.advised_percent,
        "offers": [
            {
                "percent": offer.percent, "treated": offer.arms.treated,
                "held_out": offer.arms.held_out, "visible_share": offer.visible_share,
                "visible_money_part": offer.visible_money_part,
                "buyers_smaller": offer.buyers_smaller,
            }
            for offer in seen.offers
        ],
    }  # fmt: skip
