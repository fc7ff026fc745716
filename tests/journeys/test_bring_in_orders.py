"""A file of orders: upload, look, check, import, measure next; and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import Visitor, work_through

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]

ORDERS = """订单号,会员号,下单时间,实付金额,门店,商品
A1,M001,2026-09-03 08:12,32.00,人民广场店,拿铁
A2,M002,2026-09-04 09:30,28.50,人民广场店,美式
A3,M001,2026-10-11 08:05,32.00,虹口店,拿铁
A4,,2026-10-12 10:00,18.00,人民广场店,豆浆
"""
WITH_FAULTS = f"""{ORDERS}A5,M003,2026-02-30 08:00,20.00,人民广场店,拿铁
A6,M004,2026-10-13 08:00,1.999,人民广场店,拿铁
"""


def uploads(someone: Visitor, path: Path) -> None:
    someone.goes_to("/imports/new")
    someone.page.locator("input[type=file]").set_input_files(str(path))
    someone.page.locator("main form button[data-kind=primary]").click()
    someone.page.wait_for_url("**/imports/uploads/**")


def has_it_checked(someone: Visitor) -> None:
    someone.page.locator("button[name=step][value=check]").click()
    someone.page.wait_for_url("**/imports/imp_*")
    work_through()
    someone.page.locator(".counts").wait_for()


@pytest.mark.parametrize(
    ("language", "phone", "dark"),
    [("zh-CN", False, False), ("en-GB", False, True), ("zh-CN", True, False)],
    ids=["zh-wide", "en-wide-dark", "zh-phone"],
)
def test_orders_come_in_after_they_were_seen(
    visitor: Make, house: None, tmp_path: Path, language: str, phone: bool, dark: bool
) -> None:
    from huitou.staff import queries, services

    owner = queries.user_with_email("owner@example.com")
    assert owner is not None
    services.set_preferences(user_id=owner.id, language="zh-hans" if language == "zh-CN" else "en")
    mark = f"{language[:2]}-{'390' if phone else '1440'}{'-dark' if dark else ''}"
    path = tmp_path / "订单-2026.csv"
    path.write_text(ORDERS, encoding="gb18030")

    someone = visitor(language=language, phone=phone, dark=dark)
    someone.signs_in("owner@example.com")
    someone.goes_to("/imports")
    someone.keeps_picture(f"imports-empty-{mark}")
    uploads(someone, path)
    assert someone.page.locator("#map_customer").input_value() == "会员号"
    assert someone.page.locator("#dialect_encoding").input_value() == "gb18030"
    someone.keeps_picture(f"imports-look-{mark}")
    assert someone.sees_no_sideways_scroll()
    has_it_checked(someone)
    someone.keeps_picture(f"imports-plan-{mark}")
    assert someone.page.locator(".count-box b").all_inner_texts()[:4] == ["4", "0", "0", "0"]
    someone.page.locator("form[action$=confirm] button").click()
    someone.page.locator("#progress").wait_for()
    someone.keeps_picture(f"imports-progress-{mark}")
    work_through()
    someone.page.locator(".hero").wait_for()
    # 92.50 of 110.50 was bought by somebody known.
    assert someone.page.locator(".hero").inner_text() == "83.7%"
    someone.keeps_picture(f"imports-result-{mark}")
    assert someone.sees_no_sideways_scroll()
    someone.goes_to("/imports")
    someone.keeps_picture(f"imports-list-{mark}")
    assert someone.complaints == []


def test_faulty_rows_are_shown_with_reasons_and_can_be_left_out(
    visitor: Make, house: None, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(WITH_FAULTS, encoding="utf-8")
    someone = visitor()
    someone.signs_in("owner@example.com")
    uploads(someone, path)
    has_it_checked(someone)
    assert someone.page.locator("td[data-label='行']").all_inner_texts() == ["6", "7"]
    someone.keeps_picture("imports-rejected-zh-1440")
    someone.page.locator("[data-opens=skip-rejected]").click()
    someone.page.locator("#skip-rejected").wait_for(state="visible")
    someone.keeps_picture("imports-confirm-zh-1440")
    someone.page.locator("#skip-rejected button[data-kind=primary]").click()
    someone.page.locator("#progress").wait_for()
    work_through()
    someone.page.locator(".hero").wait_for()
    with someone.page.expect_download() as saved:
        someone.page.locator("a[href$=rejects]").click()
    kept = Path(saved.value.path()).read_text(encoding="utf-8")
    assert kept.splitlines()[0] == WITH_FAULTS.splitlines()[0]
    assert len(kept.splitlines()) == 3
    assert someone.complaints == []


def test_an_import_is_rolled_back_after_a_question(
    visitor: Make, house: None, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    someone = visitor()
    someone.signs_in("owner@example.com")
    uploads(someone, path)
    has_it_checked(someone)
    someone.page.locator("form[action$=confirm] button").click()
    someone.page.locator("#progress").wait_for()
    work_through()
    someone.page.locator("[data-opens=roll-back]").click()
    someone.page.locator("#roll-back button[data-kind=danger]").click()
    someone.page.locator(".chip:has-text('已撤销')").wait_for()
    someone.keeps_picture("imports-rolled-back-zh-1440")
    assert someone.complaints == []


def test_a_file_that_cannot_be_read_says_why_and_asks(
    visitor: Make, house: None, tmp_path: Path
) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("", encoding="utf-8")
    someone = visitor()
    someone.signs_in("owner@example.com")
    uploads(someone, path)
    someone.page.locator(".notice[data-tone=bad]").wait_for()
    someone.keeps_picture("imports-unreadable-zh-1440")
