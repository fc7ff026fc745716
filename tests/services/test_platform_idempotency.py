"""A keyed write is answered once: retries, other requests, two at the same instant."""

import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction

from huitou.platform import errors, models, prepared
from huitou.platform.idempotency import digest_of, keep, recall

ANSWER = {"total_minor": 1200, "points": 12, "单号": "A-1"}


def test_a_retry_gets_the_answer_with_its_keys_in_their_order(db):
    assert recall("till", "k1", "d1") is None
    keep("till", "k1", "d1", ANSWER)
    assert list((recall("till", "k1", "d1") or {}).items()) == list(ANSWER.items())
    assert recall("api", "k1", "d2") is None  # another source has keys of its own


def test_the_key_with_another_request_is_refused(db):
    keep("till", "k1", "d1", ANSWER)
    with pytest.raises(errors.KeyReused):
        recall("till", "k1", "d2")


def test_the_digest_is_of_what_is_asked_not_of_its_order():
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_an_answer_is_never_changed(db):
    keep("till", "k1", "d1", ANSWER)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        models.KeptAnswer.objects.update(digest="d2")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_is_done_once():
    done, answers = [], []
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        with transaction.atomic():
            answer = recall("till", "k1", "d1")
            if answer is None:
                done.append(1)
                time.sleep(0.05)
                answer = {"order": len(done)}
                keep("till", "k1", "d1", answer)
        answers.append(answer)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), answers) == (1, [{"order": 1}] * 4)


def test_a_prepared_statement_runs_in_the_transaction_and_fails_as_any_other(db):
    with transaction.atomic():
        assert prepared.rows("SELECT %s::int + 1, %s", [1, "x"]) == [(2, "x")]
    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.rows("SELECT 1 / %s::int", [0])
    assert prepared.rows("SELECT %s::int + 1, %s", [2, "y"]) == [(3, "y")]
