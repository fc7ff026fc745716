"""The way back: orders as they were before an import."""

from datetime import datetime

from huitou.orders import errors
from huitou.orders.facts import ImportRolledBack
from huitou.orders.services import settling
from huitou.orders.services.importing import lock
from huitou.orders.services.statements import rows, run
from huitou.platform import facts


def roll_back(*, import_id: int, factor: int, now: datetime) -> tuple[int, int]:
    """Remove the orders the import created and restore those it changed; returns how many of each.

    In the caller's transaction.

    Args:
        import_id: of the record.
        factor: minor units of one major unit of the company's currency.

    Raises:
        RollbackBlockedByImport: a later import wrote some of these orders; ``imports`` names the
        ids. RollbackBlockedByRefund: a refund of another import names one of them.
    """
    lock()
    run("open_import")
    _check(import_id)
    run("gather_written", {"import_id": import_id})
    run("note_leaving")
    settling.take_out_leaving()
    restored = run("restore_orders", {"import_id": import_id})
    run("restore_lines", {"import_id": import_id})
    run("note_restored", {"import_id": import_id})
    run("note_restored_to_settle", {"import_id": import_id})
    run("forget_images", {"import_id": import_id})
    run("forget_products", {"import_id": import_id})
    settling.settle_touched(factor=factor)
    settling.publish(import_id=import_id, now=now)
    removed = rows("leaving_count")[0][0] - restored
    facts.record(ImportRolledBack(import_id, removed, restored))
    return removed, restored


def _check(import_id: int) -> None:
    later = rows("written_later", {"import_id": import_id})
    if later:
        ids = [row[0] for row in later]
        raise errors.RollbackBlockedByImport(count=sum(row[1] for row in later), imports=ids)
    refunds = rows("refunds_naming", {"import_id": import_id})
    if refunds:
        raise errors.RollbackBlockedByRefund(count=refunds[0][1], number=refunds[0][0])
