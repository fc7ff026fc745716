"""A service desk for tests of cases: an agent, a customer, cases at each stage."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from huitou.customers.models import Customer
from huitou.platform.models import Fact
from huitou.staff.models import Company, Store, User
from huitou.voice import services as voice
from huitou.voice.types import CaseIn, Reply

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)  # Monday, 10:00 in Shanghai
HOUR = timedelta(hours=1)


def new_agent() -> User:
    """A service agent of a shop in Shanghai."""
    Company.objects.create(name="山野咖啡", zone="Asia/Shanghai", currency="CNY", created_at=TEN)
    Store.objects.create(code="S1", name="静安寺店", zone="Asia/Shanghai", created_at=TEN)
    return User.objects.create(
        email="zhou@example.com", name="周予安", role="service_agent", created_at=TEN
    )


def new_customer() -> Customer:
    return Customer.objects.create(
        code="M-1", name="陈一诺", email="chen@example.cn", created_at=TEN
    )


def opened(kind: str = "complaint", *, key: str = "", at: datetime = TEN, **more) -> str:
    case = CaseIn(kind=kind, source="phone", text="外送洒了。", key=key, **more)
    return voice.open_case(case=case, actor="system", now=at).public_id


def worked_out(number: str, agent: User, *, at: datetime = TEN) -> None:
    """A complaint brought to the step of its answer."""
    voice.classify(
        public_id=number,
        as_=voice.Classified("complaint", "delivery", None, agent.pk),
        actor=f"user:{agent.pk}",
        now=at,
    )
    found = voice.Found("第三起", "隔板松动", "补寄一杯")
    voice.work_out(public_id=number, found=found, actor=f"user:{agent.pk}", now=at)


def answered(number: str, agent: User, *, at: datetime, **more) -> None:
    said = Reply("已经更换隔板。", is_answer=True, **more)
    voice.reply(public_id=number, said=said, actor=f"user:{agent.pk}", now=at)


def facts_of(name: str) -> list[dict]:
    return list(Fact.objects.filter(name=name).values_list("payload", flat=True))
