"""What somebody answers moves their own index at once, to the number the night would measure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huitou.audiences import models as audiences
from huitou.audiences import queries as people
from huitou.flows import attitudes, following
from huitou.insights import queries as insights
from huitou.insights import services
from huitou.insights.types import Options
from huitou.platform.progress import Silent
from huitou.voice import models
from huitou.voice import services as voices
from huitou.voice.types import Given, Sheet, SurveyIn, TouchpointIn
from tests.services import measured_shop
from tests.services.measured_shop import NOW, Sale

pytestmark = pytest.mark.django_db(transaction=True)
D = date(2026, 6, 30)
ZONE = ZoneInfo("Asia/Shanghai")


def measure(now=NOW):
    return services.measure(options=Options(as_of=D), actor="cli", now=now, reporter=Silent())


def standing(customer_id):
    slot = audiences.StandingSlot.objects.get().slot
    row = audiences.Standing.objects.get(slot=slot, customer_id=customer_id)
    return row.loyalty_index, row.loyalty_level


@pytest.fixture
def shop(tmp_path, settings):
    """Eighty customers, one of them never bought; the earliest have long been silent."""
    settings.HOME = tmp_path
    made = measured_shop.found()
    made.known(["nobody"])
    made.add(
        Sale(f"c{number:02}", D - timedelta(days=number % 40 + 17 * visit), 2_000 + number)
        for number in range(80)
        for visit in range(1 + number % 6)
    )
    measure()
    return made


def token():
    public_id = voices.open_survey(
        survey=SurveyIn("2026 夏", horizon_days=60), actor="user:1", now=NOW
    )
    return voices.open_touchpoint(
        survey=public_id, touchpoint=TouchpointIn("store", "收银台"), actor="user:1", now=NOW
    )


def answers(place, customer_id, *said, at=datetime(2026, 6, 30, 3, tzinfo=UTC), key="a"):
    return voices.answer(
        sheet=Sheet(place, key * 32, "zh-hans", Given(*said)),
        member_id=customer_id,
        zone=ZONE,
        now=at,
    )


def test_the_index_at_once_is_the_one_the_next_measurement_finds(shop):
    place = token()
    customers = [shop.customers[code] for code in ("c05", "c11", "c78")]
    for number, customer_id in enumerate(customers):
        assert standing(customer_id) == (None, "")
        answers(place, customer_id, "fairly_satisfied", "very_likely", "even", key=str(number))
    assert following.follow(NOW) >= 3
    at_once = [standing(customer_id) for customer_id in customers]
    assert all(index is not None and level == "habitual" for index, level in at_once)
    measure()
    for customer_id, (index, level) in zip(customers, at_once, strict=True):
        measured_index, measured_level = standing(customer_id)
        assert measured_index == pytest.approx(index)
        assert measured_level == level


def test_the_reasons_explain_the_index_that_the_lists_show(shop):
    customer_id = shop.customers["c11"]
    row = insights.score_of(customer_id)
    assert attitudes.up_to_date(row, people.person(customer_id), as_of=D, now=NOW) is row
    answers(token(), customer_id, "very_satisfied", "possible")
    following.follow(NOW)
    told = attitudes.up_to_date(row, people.person(customer_id), as_of=D, now=NOW)
    assert (told["loyalty_index"], told["loyalty_level"]) == standing(customer_id)
    assert (told["satisfaction"], told["recommendation"], told["index_known"]) in {
        (100.0, 50.0, 3),
        (100.0, 50.0, 2),  # no model: the chance of another purchase is not known
    }
    assert told["purchases"] == row["purchases"]


def test_an_answer_of_an_earlier_day_that_comes_in_now_is_explained_too(shop):
    customer_id = shop.customers["c11"]
    row = insights.score_of(customer_id)
    the_day_before = datetime(2026, 6, 29, 3, tzinfo=UTC)
    answers(token(), customer_id, "very_satisfied", "very_likely", at=the_day_before)
    following.follow(NOW)
    told = attitudes.up_to_date(row, people.person(customer_id), as_of=D, now=NOW)
    assert (told["loyalty_index"], told["loyalty_level"]) == standing(customer_id)
    assert (told["satisfaction"], told["recommendation"]) == (100.0, 100.0)


def test_who_answered_while_a_measurement_ran_is_written_again_after_it(shop):
    customer_id = shop.customers["c11"]
    answers(token(), customer_id, "very_satisfied", "very_likely")
    following.follow(NOW)
    index, level = standing(customer_id)
    assert index is not None
    # The run that was reading before the answer came puts its own standings in force.
    slot = audiences.StandingSlot.objects.get().slot
    audiences.Standing.objects.filter(slot=slot, customer_id=customer_id).update(
        loyalty_index=None, loyalty_level=""
    )
    run = insights.latest_run()
    models.Answer.objects.update(answered_at=run.started_at)
    attitudes.follow_measurement(1, {}, NOW)
    assert standing(customer_id) == (pytest.approx(index), level)


def test_nothing_is_written_for_somebody_without_a_purchase_or_a_name(shop):
    place, nobody = token(), shop.customers["nobody"]
    before = standing(nobody)
    answers(place, nobody, "very_satisfied", "very_likely", key="b")
    answers(place, None, "very_dissatisfied", "impossible", key="c")
    following.follow(NOW)
    assert standing(nobody) == before
    slot = audiences.StandingSlot.objects.get().slot
    assert not audiences.Standing.objects.filter(slot=slot, loyalty_index__isnull=False).exists()


def test_before_the_first_measurement_an_answer_waits_for_it(tmp_path, settings):
    settings.HOME = tmp_path
    made = measured_shop.found()
    made.add([Sale("c1", D)])
    answers(token(), made.customers["c1"], "satisfied", "possible")
    following.follow(NOW)
    assert models.Answer.objects.count() == 1
