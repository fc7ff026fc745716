"""Every preset knows its own sample by the header and reads it as worked out by hand."""

from collections.abc import Sequence
from decimal import Decimal
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.connectors.files import errors, presets, reading
from huitou.connectors.files.presets import whole_orders
from huitou.connectors.files.types import Dialect

SAMPLES = Path(presets.__file__).parent / "samples"

Rows = list[dict[str, object]]


def read(name: str, kind: str = "orders") -> Rows:
    """The sample as it is read after nothing but looking at it."""
    path = next(SAMPLES.glob(f"{name}.*"))
    seen = reading.inspect(path, kind=kind)
    assert not seen.refusals
    assert seen.preset == (name if kind == "orders" else "generic")
    tables = reading.rows(
        path, kind=kind, preset=seen.preset, dialect=seen.dialect, mapping=seen.mapping
    )
    rows = [row for table in tables for row in table.to_pylist()]
    assert {row["problem"] for row in rows} == {""}
    return rows


def cells(rows: Rows, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row.get(name) for name in names) for row in rows]


def test_every_order_preset_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == {
        *presets.available("orders"),
        "customers",
        "answers",
    }


def test_a_preset_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(errors.PresetUnknown) as refusal:
        presets.named("amazon", "orders")
    assert "taobao" in str(refusal.value.facts["known"])


def test_generic() -> None:
    rows = read("generic")
    assert cells(rows, "line", "order_id", "customer", "ordered_at", "amount", "status") == [
        (2, "G-1001", "C0017", "2026-03-05 08:12:00", "32.00", "paid"),
        (3, "G-1001", "C0017", "2026-03-05 08:12:00", "18.50", "paid"),
        (4, "G-1002", "", "2026-03-05 08:20:41", "26.00", "paid"),
        (5, "G-1003", "C0021", "2026-03-06 19:45:10", "1280.00", "paid"),
        (6, "G-1004", "C0017", "2026-03-07 09:00:00", "-18.50", "returned"),
    ]
    assert cells(rows[4:], "refund_of", "quantity", "store", "category", "currency") == [
        ("G-1001", "-1", "滨江店", "烘焙", "CNY")
    ]


def test_cdnow() -> None:
    assert cells(
        read("cdnow"), "line", "customer", "ordered_at", "quantity", "amount", "currency"
    ) == [
        (2, "00011", "1997-01-04", "2", "29.33", "USD"),
        (3, "00011", "1997-03-18", "1", "14.96", "USD"),
        (4, "00027", "1997-01-07", "5", "77.00", "USD"),
    ]


def test_cdnow_without_a_header_is_read_by_position(tmp_path: Path) -> None:
    path = tmp_path / "CDNOW_master.txt"
    path.write_text(" 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n")
    seen = reading.inspect(path, kind="orders", preset="cdnow")
    tables = reading.rows(
        path, kind="orders", preset="cdnow", dialect=seen.dialect, mapping=seen.mapping
    )
    rows = [row for table in tables for row in table.to_pylist()]
    assert cells(rows, "line", "customer", "ordered_at", "amount") == [
        (1, "00001", "1997-01-01", "11.77"),
        (2, "00002", "1997-01-12", "12.00"),
    ]


def test_cdnow_master_has_its_known_totals() -> None:
    located = metadata.distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_master.txt")
    path = Path(str(located))
    seen = reading.inspect(path, kind="orders")
    assert (seen.preset, seen.lines) == ("cdnow", 69_660)
    tables = list(
        reading.rows(
            path, kind="orders", preset="cdnow", dialect=seen.dialect, mapping=seen.mapping
        )
    )
    customers = {c for table in tables for c in table.column("customer").to_pylist()}
    assert (sum(table.num_rows for table in tables), len(customers)) == (69_659, 23_570)
    assert tables[-1].column("line").to_pylist()[-1] == 69_660


def test_online_retail() -> None:
    rows = read("online-retail")
    assert cells(rows, "line", "order_id", "customer", "quantity", "unit_price", "status") == [
        (2, "600001", "17001", "6", "2.55", "paid"),
        (3, "600001", "17001", "1", "18.0", "paid"),
        (4, "600002", "", "56", "0.0", "paid"),
        (5, "600003", "", "-20", "0.0", "paid"),
        (6, "C600004", "17001", "-1", "2.55", "returned"),
        (7, "A600005", "", "1", "-11062.06", "paid"),
    ]
    assert [row["ignored_reason"] for row in rows] == [
        "",
        "",
        "",
        "stock_correction",
        "",
        "bad_debt",
    ]
    assert [row["ignored"] for row in rows] == [False, False, False, True, False, True]
    assert {row["currency"] for row in rows} == {"GBP"}
    assert "store" not in rows[0]
    assert "channel" not in rows[0]


def test_taobao_hides_phones_and_returns_refunds() -> None:
    rows = read("taobao")
    assert cells(rows, "line", "order_id", "customer", "amount", "status", "refund_of") == [
        (2, "3101202603050000017", "小鱼爱喝茶", "168.00", "paid", ""),
        (3, "3101202603060000025", "远山_88", "106.00", "paid", ""),
        (3, "3101202603060000025-R", "远山_88", "-48.00", "returned", "3101202603060000025"),
        (5, "3101202603070000033", "小鱼爱喝茶", "0.00", "pending", ""),
        (6, "3101202603080000041", "晨光", "0.00", "cancelled", ""),
    ]
    assert cells(
        rows[:1], "phone", "customer_name", "paid_at", "quantity", "store", "currency"
    ) == [("138****1234", "王*芳", "2026-03-05 10:21:02", "1", "回头茶铺", "CNY")]


def test_taobao_tells_buyers_with_masked_names_apart_by_oaid(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(
        "订单编号,买家会员名,OAID,买家实际支付金额,订单状态,订单创建时间,宝贝标题\n"
        "1,小**茶,oaid-1,5.00,交易成功,2026-03-05 10:00:00,茶\n"
        "2,小**茶,oaid-2,6.00,交易成功,2026-03-05 11:00:00,茶\n"
        "3,小**茶,,7.00,交易成功,2026-03-05 12:00:00,茶\n"
        "4,小鱼爱喝茶,oaid-1,8.00,交易成功,2026-03-05 13:00:00,茶\n".encode("gb18030")
    )
    tables = reading.rows(path, kind="orders", preset="taobao", dialect=Dialect())
    customers = [row["customer"] for table in tables for row in table.to_pylist()]
    assert customers == ["oaid-1", "oaid-2", "", "小鱼爱喝茶"]


def test_a_preset_refuses_a_mapping_without_what_it_needs() -> None:
    path = next(SAMPLES.glob("online-retail.*"))
    mapping = {"customer": "CustomerID", "ordered_at": "InvoiceDate", "unit_price": "UnitPrice"}
    seen = reading.inspect(path, kind="orders", preset="online-retail", mapping=mapping)
    assert seen.missing == ("order_id", "quantity")
    with pytest.raises(errors.ColumnMissing):
        reading.rows(
            path, kind="orders", preset="online-retail", dialect=seen.dialect, mapping=mapping
        )


def test_youzan_parcels_what_was_paid_over_the_items() -> None:
    rows = read("youzan")
    # 180.00 by 129 : 78 of 207; refunds become a row of their own
    assert cells(rows, "line", "order_id", "customer", "product", "amount", "status") == [
        (2, "E20260305102030000100001", "13800000011", "手冲壶", "112.17", "paid"),
        (3, "E20260305102030000100001", "13800000011", "挂耳咖啡", "67.83", "paid"),
        (4, "E20260306090000000100002", "13900000022", "挂耳咖啡", "39.00", "cancelled"),
        (5, "E20260307110000000100003", "13800000011", "滤纸", "45.00", "paid"),
        (5, "E20260307110000000100003-R", "13800000011", "", "-15.00", "returned"),
    ]
    assert cells(rows[1:2], "ordered_at", "store", "channel", "delivery") == [
        ("2026-03-05 10:20:30", "回头咖啡总店", "微信小程序", "")
    ]


def test_shopify_fills_down_and_parcels_the_total() -> None:
    rows = read("shopify")
    # 100.00 by 60 : 40
    assert cells(rows, "line", "order_id", "customer", "amount", "status", "ordered_at") == [
        (2, "#1001", "ann@example.com", "60.00", "paid", "2026-03-05 10:20:30+08:00"),
        (3, "#1001", "ann@example.com", "40.00", "paid", "2026-03-05 10:20:30+08:00"),
        (4, "#1002", "", "25.00", "paid", "2026-03-06 11:59:00+08:00"),
        (4, "#1002-R", "", "-5.00", "returned", "2026-03-06 11:59:00+08:00"),
        (6, "#1003", "cy@example.com", "30.00", "cancelled", "2026-03-07 11:59:00+08:00"),
    ]
    assert cells(rows[:2], "discount", "delivery", "sku", "unit_price", "quantity", "currency") == [
        ("10.00", "10.00", "K-1", "60.00", "1", "USD"),
        ("", "", "F-1", "20.00", "2", "USD"),
    ]


def test_woocommerce_says_an_order_total_once() -> None:
    rows = read("woocommerce")
    # 55.00 by 33 : 11
    assert cells(rows, "line", "order_id", "customer", "amount", "status", "delivery") == [
        (2, "731", "dora@example.com", "41.25", "paid", "5.00"),
        (3, "731", "dora@example.com", "13.75", "paid", ""),
        (4, "732", "emil@example.com", "20.00", "paid", "0.00"),
        (4, "732-R", "emil@example.com", "-20.00", "returned", ""),
        (5, "733", "dora@example.com", "11.00", "pending", "0.00"),
    ]


def test_pos_leaves_out_the_sum_at_the_bottom() -> None:
    rows = read("pos")
    assert cells(rows, "line", "order_id", "customer", "amount", "status", "ignored_reason") == [
        (4, "BJ260305-0001", "80017", "32.00", "paid", ""),
        (5, "BJ260305-0001", "80017", "33.30", "paid", ""),
        (6, "BJ260305-0002", "", "26.00", "paid", ""),
        (7, "BJ260306-0001", "80017", "-16.65", "returned", ""),
        (8, "合计", "", "74.65", "", "summary_row"),
    ]
    assert cells(rows[3:4], "ordered_at", "refund_of", "unit_cost", "store", "line_no") == [
        ("2026-03-06 09:01:00", "BJ260305-0001", "7.20", "滨江店", "1")
    ]


def test_customers() -> None:
    rows = read("customers", "customers")
    assert cells(rows, "customer", "name", "phone", "birth_date", "calendar", "source", "tags") == [
        ("80017", "王芳", "13800000017", "1990-01-02", "公历", "朋友介绍", "常客;早餐"),
        ("80021", "李明", "139****0021", "1988-08-15", "农历", "抖音", ""),
    ]
    assert cells(rows, "consent_sms", "home_store") == [("拒绝", "滨江店"), ("", "湖滨店")]


def test_answers() -> None:
    rows = read("answers", "answers")
    assert cells(rows, "line", "customer", "answered_at", "satisfaction", "expectation") == [
        (2, "80017", "2026-03-20 10:00:00", "很满意", "4"),
        (4, "80021", "2026-03-21 09:30:00", "不满意", "4"),
    ]
    assert cells(rows, "recommendation", "repurchase_probability", "wave", "touchpoint") == [
        ("很大可能", "90%", "2026春", "门店"),
        ("不可能", "10%", "2026春", "外卖"),
    ]


def test_an_order_in_two_chunks_of_the_file_stays_whole(tmp_path: Path) -> None:
    header = (
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,"
    )
    tea = "Tea" * 2_000
    first = f"#1,a@example.com,paid,JPY,4000,2026-03-05,1,{tea},1.00\n"
    later = f"#1,a@example.com,,,,,1,{tea},1.00\n"
    path = tmp_path / "orders_export.csv"
    path.write_text(header + "Lineitem price\n" + first + later * 3_998 + first.replace("#1", "#2"))
    dialect = reading.inspect(path, kind="orders").dialect
    tables = list(reading.rows(path, kind="orders", preset="shopify", dialect=dialect))
    amounts = [amount for table in tables for amount in table.column("amount").to_pylist()]
    assert amounts == ["2", *["1"] * 3_998, "4000"]  # yen have no decimals


@given(
    total=st.decimals(-10_000, 10_000, places=2),
    weights=st.lists(st.decimals(0, 500, places=3), min_size=1, max_size=9),
)
def test_parcels_add_up_to_the_total(total: Decimal, weights: Sequence[Decimal]) -> None:
    parcels = whole_orders.shares(total, weights)
    assert sum(parcels) == total
    whole = sum(weights)
    if whole:
        for parcel, weight in zip(parcels, weights, strict=True):
            assert abs(parcel - total * weight / whole) < Decimal("0.01")
