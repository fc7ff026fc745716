"""Answering attacked: beside an erasure, and by everybody at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from huitou.flows import erasure
from huitou.voice import models
from tests.doors import shop
from tests.services.test_asking_answers import HAPPY, NOW, answer, invited, survey
from tests.services.threads import in_thread, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_that_comes_in_while_its_giver_is_erased_is_nobody_s():
    customer = shop.measured().customers[2]
    token = invited(survey(), customer.pk)
    name = customer.code
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            answer(token)
            gone = in_thread(
                pool, lambda: erasure.erase(name, confirmed=name, actor="cli", now=NOW).customer_id
            )
            wait_until_somebody_waits()
        assert gone.result(30) == customer.pk
    assert not models.Answer.objects.filter(comment=HAPPY.comment).exists()
    assert not models.Answer.objects.filter(customer_id=customer.pk).exists()


def test_who_was_erased_is_not_asked_any_more():
    customer = shop.measured().customers[2]
    token = invited(survey(), customer.pk)
    name = customer.code
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            erasure.erase(name, confirmed=name, actor="cli", now=NOW)
            late = in_thread(pool, lambda: answer(token).answer_id)
            wait_until_somebody_waits()
        assert late.result(30) == "voice.question_missing"
    assert not models.Answer.objects.filter(comment=HAPPY.comment).exists()
