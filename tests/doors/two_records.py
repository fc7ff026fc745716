"""A member and a second record of the same person, in every room, for tests of joining them."""

from datetime import timedelta

from django.utils import timezone

from huitou.campaigns.models import Assignment, Campaign
from huitou.customers import services as customers
from huitou.customers.models import Address, Identity
from huitou.customers.types import ContactIn, NewcomerIn, Statement
from huitou.flows import merging
from huitou.orders import services as orders
from huitou.orders.models import Order, OrderBeforeImage
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.programmes import services as programme_services
from huitou.programmes.models import Coupon
from huitou.staff.models import Store, User
from huitou.voice import services as voice
from huitou.voice.models import Answer, Invitation, Survey, Wave
from huitou.voice.types import CaseIn, PromiseIn, Reply
from tests.doors import member_shop

ACTOR = "user:1"


def made(signed_in):
    """A member who bought, and a second record of the same person in every room; their numbers."""
    signed_in(language="en")
    member_shop.start_programme()
    who = member_shop.member()
    receipt = member_shop.buy(who, 12_000, key="sale-1")
    orders.settle_sold(order_ids=[receipt.order_id], now=timezone.now())
    now = timezone.now() - timedelta(minutes=5)
    newcomer = NewcomerIn("小陈", "twin@example.com", "13800005678")
    twin = customers.welcome(newcomer=newcomer, now=now)
    _buys(twin, now)
    _speaks(twin, now)
    _is_asked(who.customer_id, twin, now)
    _is_given(who.customer_id, twin, now)
    return who.customer_id, twin


def _buys(pk, now):
    store = Store.objects.get()
    order = Order.objects.create(
        source="taobao", number="t-1", customer_id=pk, store=store, status="paid",
        ordered_at=now, ordered_on=now.date(), total_minor=5_000, returned_minor=0,
        is_counted=True, digest=b"", import_id=1, created_import_id=1,
    )  # fmt: skip
    orders.settle_sold(order_ids=[order.pk], now=now)
    OrderBeforeImage.objects.create(
        import_id=2, order_id=order.pk, image={"order": {"customer_id": pk}, "lines": []}
    )


def _speaks(pk, now):
    Identity.objects.create(source="taobao", value="nick", customer_id=pk)
    Address.objects.create(customer_id=pk, kind="email", value="work@example.com")
    said = Statement("sms", "marketing", "withdrawn", "on paper")
    customers.state_consent(customer_id=pk, statement=said, now=now)
    contact = ContactIn("phone", "asked about beans", "key-1")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=now)
    case = CaseIn("complaint", "phone", "外送洒了。", customer_id=pk)
    opened = voice.open_case(case=case, actor="system", now=now)
    told = Reply("sorry", promise=PromiseIn("a cup", now.date() + timedelta(3)))
    agent = User.objects.values_list("pk", flat=True)[0]
    voice.reply(public_id=opened.public_id, said=told, actor=f"user:{agent}", now=now)
    letter = Outgoing(channel="email", purpose="service", customer_id=pk, address="t@example.com",
                      subject="s", text="t", key="m1", source="test")  # fmt: skip
    outbox.queue(letter, now=now)


def _is_asked(kept, gone, now):
    """Both are asked in one wave and only the second in another; it answered in both."""
    survey = Survey.objects.create(public_id="s", name="s", created_by="u", created_at=now)
    for number, asked in enumerate([(kept, gone), (gone,)]):
        wave = Wave.objects.create(
            public_id=f"w{number}", survey=survey, key=f"w{number}", channel="email", rest_days=1,
            language="en", asked_by="u", asked_at=now, expires_at=now,
        )  # fmt: skip
        for pk in asked:
            row = Invitation.objects.create(
                wave=wave, customer_id=pk, state="asked", token=f"t{number}-{pk}", asked_at=now
            )
        Answer.objects.create(
            customer_id=gone, answered_at=now, answered_on=now.date(), invitation=row,
            satisfaction="satisfied", key=f"a{number}", wave=f"w{number}",
        )  # fmt: skip
    Answer.objects.create(  # of a file that gives days only: both at the same moment
        customer_id=kept, answered_at=now, answered_on=now.date(), satisfaction="satisfied",
        wave="w0",
    )  # fmt: skip


def _is_given(kept, gone, now):
    """A coupon for the second; both have one for the same thing. A campaign that is over."""
    batch = Coupon.objects.filter(customer_id=kept).latest("pk").batch.public_id
    for key in ("test", "other"):
        programme_services.issue_coupons(
            batch_public_id=batch, customer_ids=[gone], source_key=key, now=now
        )
    campaign = Campaign.objects.create(
        public_id="cmp_1", theme="t", goal="g", channel="email", salt="s", seed=1, state="draft",
        created_by="user:1", created_at=now, coupon_batch="", drawn_at=now, finished_at=now,
    )  # fmt: skip
    Assignment.objects.create(campaign=campaign, customer_id=gone, unit_id=gone, arm="held_out")


def join(kept, gone, **wishes):
    return merging.merge(kept_id=kept, gone_id=gone, actor=ACTOR, now=timezone.now(), **wishes)


def _buys_again(kept):
    store = Store.objects.get()
    who = member_shop.Member(kept, "", "", store.pk, None)
    member_shop.buy(who, 3_000, key="sale-2")


NEW = {
    "contacts": lambda kept: customers.note(
        customer_id=kept, contact=ContactIn("note", "x", "n"), user_id=None, now=timezone.now()
    ),
    "cases": lambda kept: voice.open_case(
        case=CaseIn("enquiry", "phone", "?", customer_id=kept), actor="system", now=timezone.now()
    ),
    "consents": lambda kept: customers.stop_contact(
        customer_id=kept, evidence="told", now=timezone.now()
    ),
    "orders": _buys_again,
    "profile": lambda kept: customers.rename(
        customer_id=kept, name="Another", phone="", now=timezone.now()
    ),
}
