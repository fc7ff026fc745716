"""``huitou measure`` and ``huitou export scores`` over a small shop."""

import argparse
import json
import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from huitou.cli import export, measure
from huitou.insights import errors, models
from huitou.insights.services import runs
from tests.services import measured_shop
from tests.services.measured_shop import Sale

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = {
    "as_of", "as_of_reason", "horizon_days", "value_days", "customers", "models", "calibration",
    "layers", "stages", "pareto", "cohorts", "loyalty_rate", "index",
}  # fmt: skip


def command(module, *argv):
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return module.run(parser.parse_args(list(argv)))


@pytest.fixture
def shop(tmp_path, settings):
    settings.HOME = tmp_path
    shop = measured_shop.found()
    chance = random.Random(7)
    sales = []
    for n in range(120):
        day, rate = (
            date(2025, 1, 6) + timedelta(days=chance.randrange(120)),
            chance.gammavariate(1, 1),
        )
        for _ in range(1 + min(8, int(rate * 3))):
            sales.append(Sale(f"=c{n:03d}", day, 500 + chance.randrange(9_000)))
            day += timedelta(days=1 + int(chance.expovariate(rate / 30 + 0.005)))
    shop.add(sale for sale in sales if sale.on <= date(2025, 12, 31))
    return shop


def test_json_has_the_promised_keys_and_no_nan(shop, capsys):
    assert command(measure, "--json", "--as-of", "2025-12-31") == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert set(found) >= KEYS
    assert found["as_of"] == "2025-12-31"
    assert found["customers"] == 120
    assert sum(part["customers"] for part in found["layers"].values()) == 120
    assert set(found["models"]["mbgnbd"]) >= {
        "parameters", "standard_errors", "log_likelihood", "time_unit", "converged", "warnings",
    }  # fmt: skip


def test_the_first_line_says_the_day_and_why(shop, capsys):
    assert command(measure, "--as-of", "2025-12-31") == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert "2025-12-31" in first


def test_scores_are_exported_with_codes_and_cells_no_spreadsheet_runs(shop, tmp_path, capsys):
    command(measure, "--json", "--as-of", "2025-12-31")
    for name in ("scores.csv", "scores.parquet"):
        assert command(export, "scores", str(tmp_path / name)) == 0
    table = pq.read_table(tmp_path / "scores.parquet")
    assert table.num_rows == 120
    assert set(table.column_names) >= {
        "customer", "x", "t_x_days", "T_days", "money", "layer", "stage", "p_alive", "p_repeat",
        "expected_purchases", "expected_spend", "lifetime_value", "loyalty_index", "loyalty_level",
    }  # fmt: skip
    one_time = table.filter(pyarrow.compute.equal(table["x"], 0))
    assert one_time["money"].null_count == one_time.num_rows
    text = Path(tmp_path / "scores.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith(("'=c000", "\"'=c000"))


def test_a_second_measurement_at_once_is_refused(shop):
    with runs._only_one(), pytest.raises(errors.Busy):
        command(measure, "--json")


def test_a_failed_measurement_leaves_the_one_before_in_force(shop, capsys, monkeypatch):
    command(measure, "--json", "--as-of", "2025-12-31")
    done = models.Run.objects.get()

    def full(*args, **kwargs):
        raise OSError("no room left")

    monkeypatch.setattr("huitou.insights.services.storing.write_scores", full)
    with pytest.raises(OSError, match="no room"):
        command(measure, "--json", "--as-of", "2025-12-31")
    failed = models.Run.objects.exclude(pk=done.pk).get()
    assert failed.state == "failed"
    assert failed.error["code"]
    from huitou.audiences.models import StandingSlot
    from huitou.insights import queries

    assert queries.latest_run().id == done.pk
    assert StandingSlot.objects.get().run_id == done.pk


def test_a_day_that_has_not_come_is_refused(shop):
    with pytest.raises(errors.DayAhead):
        command(measure, "--as-of", "2999-01-01")


def test_nothing_to_export_before_the_first_measurement(shop, tmp_path):
    with pytest.raises(errors.NoRun):
        command(export, "scores", str(tmp_path / "scores.csv"))
