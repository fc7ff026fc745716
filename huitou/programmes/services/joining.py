"""Members come and go."""

from datetime import datetime

from huitou.programmes.types import MemberRow


def join(*, customer_id: int, source: str, actor: str, now: datetime) -> MemberRow:
    """Make the customer a member; one who is a member already stays as they are, one who left
    comes back with the old card.

    Args:
        source: till, portal, console, import, api, demo.

    Raises:
        NotStarted: there is no programme.
    """
    raise NotImplementedError


def leave(*, customer_id: int, actor: str, now: datetime) -> None:
    """End the membership: nothing is earned any more; what points are left live on to their own
    last day.

    Raises:
        NotMember: the customer has not joined, or has left.
    """
    raise NotImplementedError
