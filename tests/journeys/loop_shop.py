"""The shop that the loop is travelled in: its people, its orders, its colleagues, its mail."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from fractions import Fraction
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from huitou.campaigns import draw
from huitou.campaigns.models import Campaign
from huitou.customers import services as customers
from huitou.customers.models import Customer
from huitou.customers.types import Statement
from huitou.flows.tick import tick
from huitou.orders import services as orders
from huitou.orders.types import Sale, SaleRow
from huitou.staff import queries as stores
from huitou.staff import services as staff
from huitou.staff.types import UserIn
from tests.journeys.conftest import PASSWORD, Visitor, work_through
from tests.services.mail_server import Handler

HEROINE, TWIN, QUIET = "M001", "M002", "M003"
PEOPLE = {
    HEROINE: ("苏以宁", "13800001111", "su@example.com"),
    TWIN: ("顾长风", "13800002222", "gu@example.com"),
    QUIET: ("何秋白", "13800003333", "he@example.com"),
    **{
        f"M{n:03}": (f"顾客{n}", f"1390000{n:04}", f"c{n}@example.com")
        for n in (*range(10, 20), *range(30, 42))
    },
}
WINDOW_DAYS = 7  # of the campaign
LEFT = [code for code in PEOPLE if code < "M030"]  # the easy to win back; the others still come
STAFF = {
    "marketer@example.com": ("周乐", "marketer"),
    "agent@example.com": ("许安", "service_agent"),
    "cashier@example.com": ("钱多", "cashier"),
}
_HEAD = (
    "订单号", "会员号", "姓名", "手机号", "邮箱", "下单时间", "实付金额", "门店", "商品",
)  # fmt: skip


@dataclass
class Loop:
    """Who takes part, each with a browser of their own, and what the mail server took."""

    make: Callable[..., Visitor]
    mail: Handler

    def colleague(self, role: str, *, phone: bool = False) -> Visitor:
        """A colleague who has signed in."""
        someone = self.make(phone=phone)
        someone.signs_in(f"{role}@example.com")
        return someone

    def customer(self) -> Visitor:
        """Somebody with a phone, whom nobody knows yet."""
        return self.make(phone=True)

    def letters_to(self, address: str) -> list[EmailMessage]:
        """What the mail server took for this address, oldest first."""
        return [mail for mail in self.mail.taken if str(mail["To"]) == address]

    def letter(self, address: str) -> str:
        """The text of the newest letter to this address."""
        body = self.letters_to(address)[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


def prepare() -> None:
    """Colleagues who sign in; no quiet hours, for the loop is travelled at any hour."""
    now = timezone.now()
    for email, (name, role) in STAFF.items():
        staff.add_user(user=UserIn(email, name, role), password=PASSWORD, actor="cli", now=now)
    staff.set_setting(
        name="quiet_hours", value="none", valid_from=timezone.localdate() - timedelta(days=1),
        actor="cli", now=now,
    )  # fmt: skip


def orders_file(path: Path) -> Path:
    """Orders of two years' habit: those of ``LEFT`` ended 40 days ago, the others still come."""
    today = timezone.localdate()
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        for code, (name, phone, email) in PEOPLE.items():
            last = 40 if code in LEFT else 3
            for gap in range(0, 150, 10):
                number += 1
                day = today - timedelta(days=last + gap)
                at, price = f"{day.isoformat()} 08:12", "32.00"
                writer.writerow(
                    (f"A{number}", code, name, phone, email, at, price, "人民广场店", "拿铁")
                )
    return path


def imports(someone: Visitor, path: Path) -> None:
    """Bring a file in through the screen: upload, check, confirm; the worker does it."""
    page = someone.page
    someone.goes_to("/imports/new")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("main form button[data-kind=primary]").click()
    page.wait_for_url("**/imports/uploads/**")
    page.locator("button[name=step][value=check]").click()
    page.wait_for_url("**/imports/imp_*")
    work_through()
    page.locator(".counts").wait_for()
    page.locator("form[action$=confirm] button").click()
    page.locator("#progress").wait_for()
    work_through()
    page.locator(".hero").wait_for()


def measures(someone: Visitor) -> None:
    """Press the button that measures; the worker does it."""
    someone.goes_to("/")
    someone.page.locator("form[action$=measure] button").first.click()
    someone.page.wait_for_url("**/measure")
    work_through()
    someone.goes_to("/")


def sells_to_a_stranger(at: datetime) -> None:
    """A coffee to somebody nobody knows: the orders of that day are here."""
    row = SaleRow(2_800, 0, 0, Decimal(1), "", "拿铁", "")
    sale = Sale("till", f"later-{at:%Y%m%d}", stores.stores()[0].id, None, "", at, (row,))
    orders.settle_sold(order_ids=[orders.sell(sale=sale, now=at)], now=at)


def who(code: str) -> int:
    """The id of a customer."""
    return int(Customer.objects.values_list("pk", flat=True).get(code=code))


def all_agree(*, but: str) -> None:
    """Everybody agreed to offers by e-mail, except one."""
    for pk in Customer.objects.exclude(code=but).values_list("pk", flat=True):
        customers.state_consents(
            customer_id=pk, statements=[Statement("email", "marketing", "given", "店内登记表")],
            now=timezone.now(),
        )  # fmt: skip


def minute(now: datetime | None = None) -> None:
    """What happens each minute: facts are followed, clocks looked at, letters leave."""
    work_through()
    assert tick(now or timezone.now()) == []


def joins(someone: Visitor, loop: Loop, code: str) -> None:
    """Become a member on the phone, by the code that was sent; nothing is agreed to."""
    page = someone.page
    name, phone, email = PEOPLE[code]
    someone.goes_to("/m/sign-in")
    page.locator("input[name=email]").fill(email)
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/m/code")
    sent = re.search(r"\b\d{6}\b", loop.letter(email))
    assert sent is not None
    page.locator("input[name=code]").fill(sent.group())
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/join")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=phone]").fill(phone)
    page.locator("input[name=has_agreed]").check()
    page.locator("form button[data-kind=primary]").click()
    page.wait_for_url(re.compile(r"/m/$"))


def starts_programme(owner: Visitor) -> None:
    """The programme as it is proposed."""
    owner.goes_to("/programme/start")
    owner.page.locator("button[value=save]").click()
    owner.page.wait_for_url("**/programme")


def makes_coupon(owner: Visitor) -> str:
    """A coupon of 10 from 30 on; its public id."""
    page = owner.page
    owner.goes_to("/coupons/new")
    page.locator("input[name=name]").fill("欢迎回来券")
    page.locator("input[name=amount]").fill("10")
    page.locator("input[name=minimum]").fill("30")
    page.locator("input[name=valid_days]").fill("30")
    page.locator("main form button[data-once]").click()
    page.wait_for_url("**/coupons/cpb_*")
    return page.url.rpartition("/")[2]


def saves_audience(marketer: Visitor, name: str, *, found: int) -> str:
    """Easy to win back and no open case, put together in the editor; its public id."""
    page = marketer.page
    marketer.goes_to("/audiences/new")
    page.locator("#name").fill(name)
    page.locator('select[name="r.0.subject"]').select_option("field:layer")
    page.locator('input[name="r.0.value"][value="high_win_back"]').check()
    page.locator(".hero", has_text=str(len(LEFT))).wait_for()
    page.get_by_role("button", name="添加条件").first.click()
    page.locator('select[name="r.1.subject"]').select_option("field:open_case")
    page.locator('select[name="r.1.value"]').select_option("no")
    page.locator(".hero", has_text=str(found)).wait_for()
    marketer.keeps_picture("loop-audience-edit")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/audiences/aud_*")
    return page.url.rpartition("/")[2]


def opens(owner: Visitor, folder: Path, *, unasked: str) -> str:
    """A programme, a kind of coupon, the orders of the past, a measurement; the coupon's id.
    Everybody agreed to offers but the one nobody has asked."""
    starts_programme(owner)
    batch = makes_coupon(owner)
    imports(owner, orders_file(folder / "订单.csv"))
    measures(owner)
    all_agree(but=unasked)
    return batch


def plans_invitations(marketer: Visitor) -> None:
    """A survey, and who of all customers would be asked by e-mail."""
    page = marketer.page
    marketer.goes_to("/surveys/new")
    page.locator("input[name=name]").fill("2026 秋季满意度")
    page.locator("main form button[data-once]").click()
    page.wait_for_url("**/surveys/svy_*")
    marketer.goes_to(f"{page.url.removeprefix(marketer.address)}/invite")
    page.locator("form[method=get] button").last.click()
    page.locator("form[method=post] button[data-once]").wait_for()


def sends_invitations(marketer: Visitor) -> None:
    """Send what was looked at; the letters leave."""
    marketer.page.locator("main form[method=post] button[data-once]").click()
    marketer.page.wait_for_url("**/surveys/svy_*")
    minute()


def plans_campaign(marketer: Visitor, audience: str, batch: str) -> str:
    """Half of the audience gets a coupon by e-mail, half does not; the campaign's public id."""
    page = marketer.page
    marketer.goes_to(f"/audiences/{audience}")
    page.locator("a[href*='/campaigns/new']").click()
    page.locator("input[name=theme]").fill("请您回来坐坐")
    page.locator("select[name=channel]").select_option("email")
    page.locator("select[name=coupon_batch]").select_option(batch)
    page.locator("input[name=subject]").fill("{{ name }}，好久不见")
    page.locator("textarea[name=text]").fill("{{ name }}您好，券号 {{ coupon }}，等您回来。")
    page.locator("input[name=holdout_percent]").fill("50")
    page.locator("input[name=window_days]").fill(str(WINDOW_DAYS))
    page.locator("main form button[data-once]").click()
    page.wait_for_url("**/campaigns/cam_*")
    return page.url.rpartition("/")[2]


def sends_campaign(marketer: Visitor) -> None:
    """Confirm the plan that is shown; it is drawn and its letters leave."""
    marketer.page.locator("form[action$=confirm] button[data-once]").click()
    marketer.page.wait_for_load_state()
    minute()


def fixes_the_lot(public_id: str, *, treated: str, held_out: str) -> None:
    """Choose the draft's secret so that one is drawn, the other is not, and half of all are: a
    draw is random, its test is not."""
    row = Campaign.objects.get(public_id=public_id)
    percent = Fraction(row.holdout_percent)
    ids = [who(code) for code in LEFT]
    for number in range(10_000):
        flags = draw.held_out(f"loop{number}", public_id, ids, percent=percent)
        is_out = dict(zip(LEFT, flags.tolist(), strict=True))
        if is_out[held_out] and not is_out[treated] and sum(flags) == len(LEFT) // 2:
            Campaign.objects.filter(pk=row.pk).update(salt=f"loop{number}")
            return
    raise AssertionError("no lot separates them")


def finds_at_till(cashier: Visitor, code: str) -> None:
    """Type the end of the phone number, choose who is meant."""
    name, phone, _email = PEOPLE[code]
    cashier.goes_to("/till")
    cashier.page.keyboard.type(phone[-4:])
    cashier.page.keyboard.press("Enter")
    cashier.page.locator(".till-people a", has_text=name).click()
    cashier.page.wait_for_url("**/till/sale?customer=*")


def link_in(text: str, path: str) -> str:
    """The address in a letter that begins with this path, without the house before it."""
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}({re.escape(path)}\S+)", text)
    assert found is not None, text
    return found.group(1)
