"""The made-up shop has a survey with codes, answers and members among those who answered."""

from datetime import UTC, datetime

import pytest

from huitou.flows import demo_surveys
from huitou.voice import models, queries
from tests.doors import shop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)


def test_the_demonstration_asks_at_every_store_and_hears_members_and_others():
    shop.measured()
    public_id = demo_surveys.fill(now=NOW, answers=60)
    row = queries.survey(public_id)
    assert row.answers == 60
    kinds = [place.kind for place in queries.touchpoints(row.survey_id)]
    assert sorted(kinds) == ["cup", "parcel", "store", "store"]
    asked = models.Answer.objects.filter(survey_id=row.survey_id)
    assert 5 < asked.filter(customer__isnull=False).count() < 50
    assert asked.filter(customer__isnull=False, layer__isnull=False).count() > 5
    assert all(answer.answered_at < NOW for answer in asked)
    assert asked.values("satisfaction").distinct().count() >= 4
