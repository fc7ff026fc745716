"""Saved audiences: versions, names, and what is built on what."""

import pytest
from django.db import IntegrityError, transaction

from huitou.audiences import errors, models, queries, services
from huitou.audiences.presets import PRESETS
from huitou.kit.conditions.errors import ConditionError
from huitou.platform.models import AuditEntry, Fact
from tests.services import four_people as shop
from tests.services.four_people import AT, EVERYBODY, NOW, codes, condition, leaf

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return shop.four_people(shop.two_stores())


def test_a_saved_audience_keeps_every_version(people):
    made = services.save(
        name=" Regulars ", expression=condition(leaf("layer", "eq", "active")), now=NOW
    )
    assert (made.name, made.version) == ("Regulars", 1)
    changed = services.change(
        public_id=made.public_id,
        version=1,
        name="Regulars",
        expression=condition(leaf("layer", "in", ["active", "cooling"])),
        now=NOW,
    )
    again = services.change(
        public_id=made.public_id, version=2, name="Regulars", expression=changed.expression, now=NOW
    )
    assert again.version == 2
    kept = models.AudienceVersion.objects.filter(audience_id=made.id).order_by("version")
    assert [row.expression["where"]["all"][0]["op"] for row in kept] == ["eq", "in"]
    facts = list(Fact.objects.filter(name="audiences.saved").values_list("payload", flat=True))
    assert facts == [{"audience_id": made.id, "version": n} for n in (1, 2)]
    assert AuditEntry.objects.filter(subject=f"audience:{made.public_id}").count() == 2


def test_a_version_once_saved_cannot_be_rewritten(people):
    services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.AudienceVersion.objects.update(name="Others")


def test_who_saves_over_a_version_that_is_gone_hears_so(people):
    made = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    said = {"public_id": made.public_id, "name": "R", "expression": EVERYBODY, "now": NOW}
    services.change(version=1, **said)
    with pytest.raises(errors.AudienceChanged) as refused:
        services.change(version=1, **said | {"name": "Q"})
    assert refused.value.facts == {"version": 2}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_name_must_be_there_and_short(name):
    with pytest.raises(errors.AudienceNameInvalid):
        services.save(name=name, expression=EVERYBODY, now=NOW)


def test_one_name_means_one_audience_until_it_is_archived():
    first = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(errors.AudienceNameTaken):
        services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    services.archive(public_id=first.public_id, now=NOW)
    second = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(errors.AudienceNameTaken):
        services.restore(public_id=first.public_id, now=NOW)
    services.archive(public_id=second.public_id, now=NOW)
    services.restore(public_id=first.public_id, now=NOW)
    assert [row.public_id for row in queries.audiences()] == [first.public_id]


def test_an_audience_may_be_built_on_others_and_follows_their_changes(people):
    base = services.save(name="Base", expression=condition(leaf("layer", "eq", "active")), now=NOW)
    built = services.save(
        name="Built", expression=condition({"not": {"audience": "Base"}}), now=NOW
    )
    assert codes({"not": {"audience": "Base"}}) == ["B", "C", "D"]
    services.change(
        public_id=base.public_id, version=1, name="Base",
        expression=condition(leaf("layer", "known", True)), now=NOW,
    )  # fmt: skip
    asked = queries.expression(queries.audience(built.public_id))
    assert queries.count(asked, **AT) == 2


def test_what_others_are_built_on_is_neither_renamed_nor_archived(people):
    base = services.save(name="Base", expression=EVERYBODY, now=NOW)
    services.save(name="Built", expression=condition({"audience": "Base"}), now=NOW)
    with pytest.raises(errors.AudienceInUse) as refused:
        services.archive(public_id=base.public_id, now=NOW)
    assert refused.value.facts == {"names": "Built"}
    with pytest.raises(errors.AudienceInUse):
        services.change(
            public_id=base.public_id, version=1, name="Other", expression=EVERYBODY, now=NOW
        )


def test_an_audience_cannot_contain_itself(people):
    base = services.save(name="Base", expression=EVERYBODY, now=NOW)
    services.save(name="Built", expression=condition({"audience": "Base"}), now=NOW)
    with pytest.raises(ConditionError) as refused:
        services.change(
            public_id=base.public_id, version=1, name="Base",
            expression=condition({"audience": "Built"}), now=NOW,
        )  # fmt: skip
    assert refused.value.reason == "audience_circle"
    assert queries.audience(base.public_id).version == 1


def test_a_copy_is_an_audience_of_its_own():
    first = services.save(name="Regulars", expression=EVERYBODY, preset="active", now=NOW)
    second = services.copy(public_id=first.public_id, name="Mine", now=NOW)
    assert (second.name, second.preset, second.version) == ("Mine", "active", 1)
    with pytest.raises(errors.AudienceMissing):
        services.copy(public_id="aud_0", name="Mine too", now=NOW)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_ready_made_audience_can_be_saved_and_counted(people, preset):
    made = services.save(
        name=preset.name, expression=preset.expression, preset=preset.code, now=NOW
    )
    assert queries.count(queries.expression(made), **AT) >= 0
