"""Writes of customers: those a file of orders names, and files of customers."""

from huitou.customers.services.consenting import record_consent, state_consent, state_consents
from huitou.customers.services.editing import create, edit, note
from huitou.customers.services.forgetting import forget
from huitou.customers.services.importing import (
    apply,
    compare,
    lock,
    roll_back,
    stores_to_write,
    take_back,
)
from huitou.customers.services.merging import keep_state, merge, unmerge
from huitou.customers.services.naming import ensure_named
from huitou.customers.services.signing_in import (
    check_code,
    close_session,
    close_sessions,
    issue_code,
    open_session,
)
from huitou.customers.services.stopping import allow_contact, stop_contact
from huitou.customers.services.welcoming import fill_in, rename, welcome

__all__ = [
    "allow_contact",
    "apply",
    "check_code",
    "close_session",
    "close_sessions",
    "compare",
    "create",
    "edit",
    "ensure_named",
    "fill_in",
    "forget",
    "issue_code",
    "keep_state",
    "lock",
    "merge",
    "note",
    "open_session",
    "record_consent",
    "rename",
    "roll_back",
    "state_consent",
    "state_consents",
    "stop_contact",
    "stores_to_write",
    "take_back",
    "unmerge",
    "welcome",
]
