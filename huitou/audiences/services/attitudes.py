"""What a customer says changes their index and level at once, between two measurements."""

from pathlib import Path
from typing import Final

from huitou.platform.statements import Statements

_SQL: Final = Statements(str(Path(__file__).parent))


def put_attitude(*, customer_id: int, loyalty_index: float | None, loyalty_level: str) -> bool:
    """Replace one customer's index and level in the standings in force; whether that changed them.

    Nothing happens where nothing was measured yet. The next measurement writes both anew.

    Args:
        loyalty_index: 0..100; None = fewer than two of its three parts are known.
        loyalty_level: a level's code; "" = not asked.
    """
    values = {
        "customer_id": customer_id,
        "loyalty_index": loyalty_index,
        "loyalty_level": loyalty_level,
    }
    return bool(_SQL.run("put_attitude", values))
