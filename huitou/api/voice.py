"""What customers say: answers to surveys that another system asked, cases that came in there."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from huitou.api.access import Key, actor_of, source_of
from huitou.api.keyed import kept
from huitou.api.people import customer_if_named, customer_named, store_if_named
from huitou.api.shapes import (
    PAGE,
    Code,
    Id,
    IdempotencyKey,
    Instant,
    Limit,
    Text,
    Words,
    answers,
)
from huitou.customers import queries as customers
from huitou.kit.clock import zone
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp
from huitou.staff.types import Scope
from huitou.voice import queries, services
from huitou.voice.errors import CaseMissing
from huitou.voice.types import Brought, CaseIn, Contact, Given

router = Router()


class SurveyOut(Schema):
    """A survey that takes answers, or took them."""

    survey: str
    name: str
    is_open: bool
    answers: int


class AnswerIn(Schema):
    """One answer, in codes: very_satisfied, fairly_satisfied, satisfied, dissatisfied,
    very_dissatisfied; very_likely, possible, impossible; intention such as certain."""

    survey: Code
    satisfaction: Text = ""
    recommendation: Text = ""
    intention: Text = ""
    comment: Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")] = ""
    customer: Text = ""
    store: Text = ""
    answered_at: Instant | None = None


class AnswerKept(Schema):
    """The answer that is kept."""

    answer_id: int


class AnswerOut(Schema):
    """One answer; ``customer`` is empty where nobody knows who gave it."""

    answer_id: int
    customer: str
    answered_at: datetime
    satisfaction: str
    recommendation: str
    intention: float | None
    comment: str


class AnswersPage(Schema):
    """Answers, newest first; the next page begins at ``next_at`` and ``next_id``."""

    answers: list[AnswerOut]
    next_at: datetime | None
    next_id: int | None


class CaseNew(Schema):
    """What a customer tells; its 24-hour clock runs from ``received_at`` on."""

    kind: Annotated[str, Field(pattern=r"^(complaint|suggestion|enquiry|praise)$")]
    text: Words
    topic: Text = ""
    customer: Text = ""
    store: Text = ""
    name: Text = ""
    email: Text = ""
    phone: Text = ""
    order_source: Text = ""
    order_number: Text = ""
    received_at: Instant | None = None


class CaseNumber(Schema):
    """The number of a case."""

    case: str


class WordIn(Schema):
    """What the customer adds."""

    text: Words


class WordKept(Schema):
    """That it is kept."""

    case: str
    is_kept: bool


class CaseOut(Schema):
    """Where a case stands."""

    case: str
    kind: str
    topic: str
    title: str
    customer: str
    step: str
    round: int
    received_at: datetime
    due_at: datetime | None
    replied_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


class Told(Schema):
    """What the customer and the shop said to each other."""

    at: datetime
    author: str
    text: str
    is_answer: bool


class CaseStory(CaseOut):
    """A case with what was said, as its customer may read it."""

    messages: list[Told]


@router.get(
    "/surveys", auth=Key(Scope.ANSWERS_READ), response=answers(list[SurveyOut]), tags=["answers"]
)
def surveys(request: HttpRequest) -> list[dict[str, Any]]:
    """Every survey, those that take answers first."""
    return [
        {
            "survey": row.public_id,
            "name": row.name,
            "is_open": row.closed_at is None,
            "answers": row.answers,
        }
        for row in queries.surveys()
    ]


@router.post(
    "/answers", auth=Key(Scope.ANSWERS_WRITE), response=answers(AnswerKept, 201), tags=["answers"]
)
def bring_answer(request: HttpRequest, payload: AnswerIn, key: IdempotencyKey) -> Any:
    """Keep an answer that another system asked for."""
    return Status(
        201, kept(request, key, "answers.bring", payload, lambda: _bring(request, payload, key))
    )


@router.get(
    "/surveys/{survey}/answers",
    auth=Key(Scope.ANSWERS_READ),
    response=answers(AnswersPage),
    tags=["answers"],
)
def answers_of(
    request: HttpRequest,
    survey: Code,
    limit: Limit = PAGE,
    before_at: Instant | None = None,
    before_id: Id | None = None,
) -> dict[str, Any]:
    """The answers to a survey, newest first."""
    found = queries.survey(survey)
    after = (before_at, before_id) if before_at and before_id else None
    rows = queries.latest_answers(found.survey_id, limit=limit + 1, after=after)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    codes = customers.codes_of([row.customer_id for row in shown if row.customer_id])
    return {
        "answers": [
            {
                **{
                    name: getattr(row, name)
                    for name in AnswerOut.model_fields
                    if name != "customer"
                },
                "customer": codes.get(row.customer_id or 0, ""),
            }
            for row in shown
        ],
        "next_at": last.answered_at if last else None,
        "next_id": last.answer_id if last else None,
    }


@router.post(
    "/cases", auth=Key(Scope.CASES_WRITE), response=answers(CaseNumber, 201), tags=["cases"]
)
def open_case(request: HttpRequest, payload: CaseNew, key: IdempotencyKey) -> Any:
    """Open a case: somebody answers within 24 hours."""
    return Status(
        201, kept(request, key, "cases.open", payload, lambda: _open(request, payload, key))
    )


@router.get(
    "/cases/{case}", auth=Key(Scope.CASES_READ), response=answers(CaseStory), tags=["cases"]
)
def case(request: HttpRequest, case: Code) -> dict[str, Any]:
    """One case and what was said in it; what staff note among themselves is left out."""
    row = queries.case(case)
    if row is None:
        raise CaseMissing(case=case)
    told = [
        {"at": one.at, "author": one.code, "text": one.text, "is_answer": one.is_answer}
        for one in queries.story(row.case_id, for_customer=True)
        if one.what == "message"
    ]
    return {**_case(row, row.customer_code), "messages": told}


@router.get(
    "/customers/{code}/cases",
    auth=Key(Scope.CASES_READ),
    response=answers(list[CaseOut]),
    tags=["cases"],
)
def cases_of(
    request: HttpRequest, code: Code, limit: Annotated[int, Field(ge=1, le=100)] = 20
) -> list[dict[str, Any]]:
    """What a customer told us, newest first."""
    rows = queries.cases_of(customer_named(code), limit=limit)
    return [_case(row, code) for row in rows]


@router.post(
    "/cases/{case}/words", auth=Key(Scope.CASES_WRITE), response=answers(WordKept), tags=["cases"]
)
def add_word(
    request: HttpRequest, case: Code, payload: WordIn, key: IdempotencyKey
) -> dict[str, Any]:
    """The customer adds something to an open case."""

    def work() -> dict[str, Any]:
        services.add_word(
            public_id=case,
            text=payload.text,
            key=f"{source_of(request)}/{key}",
            actor=actor_of(request),
            now=timezone.now(),
        )
        return {"case": case, "is_kept": True}

    return kept(request, key, f"cases.add_word {case}", payload, work)


def _bring(request: HttpRequest, payload: AnswerIn, key: str) -> dict[str, Any]:
    company = staff.company()
    if company is None:
        raise NotSetUp
    now = timezone.now()
    given = Given(
        satisfaction=payload.satisfaction,
        recommendation=payload.recommendation,
        intention=payload.intention,
        comment=payload.comment,
    )
    brought = Brought(
        survey=payload.survey,
        key=f"{source_of(request)}/{key}",
        given=given,
        answered_at=payload.answered_at or now,
        customer_id=customer_if_named(payload.customer),
        store_id=store_if_named(payload.store),
    )
    return {
        "answer_id": services.bring(brought=brought, zone=zone(company.zone), now=now).answer_id
    }


def _open(request: HttpRequest, payload: CaseNew, key: str) -> dict[str, Any]:
    told = CaseIn(
        kind=payload.kind,
        source="api",
        text=payload.text,
        customer_id=customer_if_named(payload.customer),
        store_id=store_if_named(payload.store),
        contact=Contact(payload.name, payload.email, payload.phone),
        topic=payload.topic,
        order=(payload.order_source, payload.order_number),
        received_at=payload.received_at,
        key=f"{source_of(request)}/{key}",
    )
    opened = services.open_case(case=told, actor=actor_of(request), now=timezone.now())
    return {"case": opened.public_id}


def _case(row: Any, code: str) -> dict[str, Any]:
    same = [name for name in CaseOut.model_fields if name not in {"case", "customer"}]
    return {**{name: getattr(row, name) for name in same}, "case": row.public_id, "customer": code}
