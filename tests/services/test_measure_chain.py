"""From orders in PostgreSQL to scores in PostgreSQL: the whole chain."""

from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest
from django.db import connection

from huitou.audiences import models as audiences
from huitou.insights import models, queries, services
from huitou.insights.types import Options
from huitou.platform import files
from huitou.platform.progress import Silent
from tests.rules import cdnow
from tests.services import measured_shop
from tests.services.measured_shop import NOW, Sale

pytestmark = pytest.mark.django_db(transaction=True)


def measure(as_of: date | None = None, now: datetime = NOW, **options: object) -> queries.RunRow:
    return services.measure(
        options=Options(as_of=as_of, **options), actor="cli", now=now, reporter=Silent()
    )


def in_force():
    """The standings lists read; the other slot may hold those of an earlier test."""
    return audiences.Standing.objects.filter(slot=audiences.StandingSlot.objects.get().slot)


@pytest.fixture
def shop(tmp_path, settings):
    settings.HOME = tmp_path
    return measured_shop.found()


def test_twelve_worked_customers_stand_in_their_layers(shop):
    # requirements 3.2, run day 2026-06-30; the store's days are already civil days here.
    shop.known(["c01"])
    shop.add(
        [
            Sale("c01", date(2026, 6, 20), status="cancelled"),
            Sale("c02", date(2026, 6, 30)),
            Sale("c02", date(2026, 6, 30)),
            Sale("c03", date(2026, 5, 17)),
            Sale("c04", date(2026, 5, 16)),
            Sale("c04", date(2026, 6, 25), returned_minor=10_000),
            Sale("c05", date(2026, 5, 21)),
            Sale("c05", date(2026, 6, 27)),
            Sale("c06", date(2026, 5, 1)),
            Sale("c06", date(2026, 6, 20)),
            Sale("c07", date(2025, 12, 12)),
            Sale("c07", date(2026, 5, 16)),
            Sale("c07", date(2026, 5, 17)),
            Sale("c08", date(2025, 9, 3)),
            Sale("c08", date(2026, 4, 2)),
            Sale("c09", date(2025, 9, 3)),
            Sale("c09", date(2025, 12, 12)),
            Sale("c09", date(2026, 4, 1)),
            Sale("c10", date(2026, 1, 2)),
            Sale("c11", date(2026, 1, 1)),
            Sale("c12", date(2025, 7, 5)),
        ]
    )
    run = measure(date(2026, 6, 30))
    layers = {
        code: queries.score_of(number)["layer"] for code, number in sorted(shop.customers.items())
    }
    assert list(layers.values()) == [
        "no_purchase", "new", "new", "cooling", "developing", "developing", "active", "cooling",
        "high_win_back", "high_win_back", "low_win_back", "lost",
    ]  # fmt: skip
    assert sum(part["customers"] for part in run.report["layers"].values()) == 12
    assert run.report["population"]["customers"] == 12
    assert run.report["model_in_force"]["reason"] == "no_model"


def test_an_empty_shop_gives_an_empty_report_and_a_run_record(shop):
    run = measure()
    assert run.state == "done"
    assert run.as_of == date(2026, 7, 1)
    assert run.as_of_reason == "today"
    assert {part["customers"] for part in run.report["layers"].values()} == {0}
    assert in_force().count() == 0
    assert models.Run.objects.count() == 1


def test_the_day_of_the_newest_order_is_the_run_day_when_it_is_long_ago(shop):
    shop.add([Sale("a", date(2026, 3, 1)), Sale("a", date(2026, 3, 5))])
    run = measure(now=datetime(2026, 7, 1, tzinfo=UTC))
    assert (run.as_of, run.as_of_reason) == (date(2026, 3, 5), "newest_order")


def test_files_of_another_history_are_not_built_upon(shop):
    shop.add([Sale("a", date(2026, 3, 1)), Sale("b", date(2026, 4, 2))])
    assert measure().as_of == date(2026, 4, 2)
    # An older backup beside the files of later: what came after it never happened, and what came
    # instead has the same numbers.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_order WHERE ordered_on = '2026-04-02'")
        cursor.execute("UPDATE orders_monthchange SET at = at - interval '1 hour'")
    assert measure().as_of == date(2026, 3, 1)


@pytest.fixture
def cdnow_shop(tmp_path, settings):
    settings.HOME = tmp_path
    shop = measured_shop.found(zone="America/New_York", currency="USD")
    customer, dates, dollars = cdnow.purchases()
    cents = (dollars * 100).round().astype(int)
    shop.add(
        Sale(f"{who:05d}", day, net)
        for who, day, net in zip(customer.tolist(), dates.tolist(), cents.tolist(), strict=True)
    )
    return shop


def test_cdnow_gives_the_published_summary_and_parameters(cdnow_shop):
    run = measure(date(1997, 9, 30))
    summary = cdnow.oracle("cdnow_full.json", "summary")["expected"]
    path = files.path(f"{queries.ANALYTICS}/{run.scores_path}")
    scores = pq.read_table(path)
    assert scores.num_rows == summary["customers"]
    x = scores["x"].to_numpy()
    assert int((x == 0).sum()) == summary["one_time"]
    assert int(x.sum()) == summary["x_sum"]
    assert int(scores["t_x_days"].to_numpy().sum()) == summary["t_x_days_sum"]
    assert int(scores["T_days"].to_numpy().sum()) == summary["T_days_sum"]
    assert (
        int(((x > 0) & (scores["money"].fill_null(0).to_numpy() > 0)).sum())
        == (summary["gamma_gamma_customers"])
    )
    fit = cdnow.oracle("cdnow_full.json", "bgnbd_fit")
    found = run.report["models"]["bgnbd"]
    for name in ("r", "alpha", "a", "b"):
        assert found["parameters"][name] == pytest.approx(
            fit["expected"][name], rel=fit["tolerance"]["params_rel"]
        )
    assert found["log_likelihood"] == pytest.approx(
        fit["expected"]["loglik"], abs=fit["tolerance"]["loglik_abs"]
    )
    assert in_force().count() == summary["customers"]
    assert (
        sum(part["customers"] for part in run.report["layers"].values()) == (summary["customers"])
    )


def test_the_same_orders_give_the_same_bits_and_a_past_run_can_be_recomputed(cdnow_shop):
    first = measure(date(1997, 9, 30))
    again = services.recompute(public_id=first.public_id, reporter=Silent())
    assert again[0] == again[1]
    later = measure(date(1998, 6, 30))
    assert later.data_hash == first.data_hash
    assert later.report["movements"]["since"] == first.public_id
    cells = later.report["movements"]["cells"]
    assert sum(cell["customers"] for cell in cells) == 23_570
    changes = models.Change.objects.filter(run_id=later.id, ladder="layer").count()
    assert changes == sum(c["customers"] for c in cells if c["left"] != c["entered"])
    again = services.recompute(public_id=first.public_id, reporter=Silent())
    assert again[0] == again[1]
    same_day = measure(date(1998, 6, 30))
    assert same_day.report["movements"] == later.report["movements"]
    assert models.Change.objects.filter(ladder="layer").count() == changes
    again = services.recompute(public_id=later.public_id, reporter=Silent())
    assert again[0] == again[1]
