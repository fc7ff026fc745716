"""The questions of the texts, how an answer is read, and who is asked in a wave."""

from datetime import date

import numpy as np
import pytest

from huitou.insights import attitudes
from huitou.voice import errors, inviting, questions
from huitou.voice.types import Given

D = date(2026, 6, 30)


def test_satisfaction_is_asked_best_first_with_three_positive_answers_and_no_neutral_one():
    # Requirements A4 and 3.3: the words with their places; two are low.
    assert [(choice.code, choice.number) for choice in questions.SATISFACTION] == [
        ("very_satisfied", "5"),
        ("fairly_satisfied", "4"),
        ("satisfied", "3"),
        ("dissatisfied", "2"),
        ("very_dissatisfied", "1"),
    ]
    assert [questions.is_low(choice.code) for choice in questions.SATISFACTION] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert not questions.is_low("")


def test_every_answer_offered_is_one_the_index_knows():
    assert {choice.code for choice in questions.SATISFACTION} == set(attitudes.SATISFACTION)
    assert {choice.code for choice in questions.RECOMMENDATION} == set(attitudes.RECOMMENDATION)


@pytest.mark.parametrize(
    ("answer", "chance"),
    [
        ("certain", 1.0),
        ("likely", 0.8),
        ("even", 0.5),
        ("unlikely", 0.2),
        ("none", 0.0),
        ("", None),
    ],
)
def test_the_chance_of_coming_back_is_the_number_that_stood_with_the_answer(answer, chance):
    assert questions.probability(answer) == chance


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param(Given(), errors.AnswerEmpty, id="nothing at all"),
        pytest.param(Given(comment=" \n\x00 "), errors.AnswerEmpty, id="blanks only"),
        pytest.param(Given(satisfaction="neutral"), errors.AnswerUnknown, id="a neutral answer"),
        pytest.param(Given(recommendation="10"), errors.AnswerUnknown, id="a scale to ten"),
        pytest.param(Given(intention="likely"), errors.AnswerUnknown, id="a question not asked"),
        pytest.param(Given(comment="字" * 2_001), errors.CommentTooLong, id="2,001 letters"),
    ],
)
def test_what_is_no_answer_is_refused(given, refusal):
    with pytest.raises(refusal):
        questions.checked(given, asks_intention=False)


def test_one_answer_is_enough_and_the_text_is_trimmed():
    assert questions.checked(Given(intention="even"), asks_intention=True).intention == "even"
    said = questions.checked(Given(comment="  等太久了。\r\n\x07再见 "), asks_intention=True)
    assert said.comment == "等太久了。\n再见"
    assert questions.checked(Given(comment="字" * 2_000), asks_intention=True)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("5", "very_satisfied"), ("1", "very_dissatisfied"), ("0", ""), ("6", ""), ("", "")],
)
def test_a_link_may_choose_satisfaction_by_its_number(text, chosen):
    assert questions.preselected(text) == chosen


def candidates(n, *, blocked=(), last=(), inside=()):
    reasons = np.full(n, "", dtype=object)
    days = np.full(n, np.datetime64("NaT", "D"))
    flags = np.zeros(n, dtype=bool)
    for place, reason in blocked:
        reasons[place] = reason
    for place, day in last:
        days[place] = np.datetime64(day, "D")
    for place in inside:
        flags[place] = True
    return inviting.Candidates(np.arange(1, n + 1, dtype=np.int64), reasons, days, flags)


def verdicts(people, *, salt="w1", size=None, rest=90):
    return inviting.verdicts(people, salt=salt, today=D, rest_days=rest, sample_size=size).tolist()


def test_rest_ends_after_so_many_days_and_not_one_sooner():
    # 90 days before 2026-06-30 is 2026-04-01.
    people = candidates(4, last=[(0, "2026-04-01"), (1, "2026-04-02"), (2, "2026-06-30")])
    assert verdicts(people) == ["", "asked_lately", "asked_lately", ""]


def test_what_forbids_contact_is_told_before_rest_and_rest_before_the_draw():
    people = candidates(
        4,
        blocked=[(0, "no_address"), (1, "refused")],
        last=[(0, "2026-06-29"), (1, "2026-06-29"), (2, "2026-06-29")],
        inside=[1, 2],
    )
    assert verdicts(people, size=0) == ["no_address", "refused", "in_this_survey", "not_drawn"]


def test_a_sample_takes_as_many_as_wanted_of_those_who_may_be_asked():
    people = candidates(100, blocked=[(place, "no_consent") for place in range(40)])
    found = inviting.counts(np.array(verdicts(people, size=25), dtype=object))
    assert found == {"": 25, "no_consent": 40, "not_drawn": 35}
    assert next(iter(found)) == ""
    wide = inviting.counts(np.array(verdicts(people, size=1_000), dtype=object))
    assert wide == {"": 60, "no_consent": 40}


def test_the_same_wave_draws_the_same_people_and_another_wave_others():
    people = candidates(200)
    assert verdicts(people, size=20) == verdicts(people, size=20)
    assert verdicts(people, size=20) != verdicts(people, size=20, salt="w2")
    # Who else may be asked changes nobody's place in the draw.
    fewer = candidates(200, blocked=[(150, "no_consent")])
    drawn = {place for place, one in enumerate(verdicts(people, size=20)) if one == ""}
    again = {place for place, one in enumerate(verdicts(fewer, size=20)) if one == ""}
    assert len(drawn - again) <= 1


def test_everybody_is_drawn_about_equally_often():
    # 10 of 50 in 1,000 waves: 200 each, sd 12.6; the bounds are five of these.
    people = candidates(50)
    times = np.zeros(50)
    for wave in range(1_000):
        times += np.array(verdicts(people, size=10, salt=f"w{wave}"), dtype=object) == ""
    assert times.sum() == 10_000
    assert times.min() > 137
    assert times.max() < 263


def test_nobody_looked_at_is_nobody_asked():
    assert verdicts(candidates(0), size=10) == []
    assert inviting.counts(np.array([], dtype=object)) == {}
