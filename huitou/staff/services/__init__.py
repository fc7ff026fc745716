"""Writes of the company and its people: each is one transaction, audited, with its fact."""

from huitou.staff.services.company import (
    add_store,
    change_store,
    close_days,
    ensure_stores,
    found_company,
    open_days,
    set_company,
)
from huitou.staff.services.first_visit import create_owner, new_setup_token, setup_token_is_valid
from huitou.staff.services.invitations import (
    choose_password,
    invite_user,
    invited_user,
    new_invitation,
)
from huitou.staff.services.keys import add_key, revoke_key, take_allowance
from huitou.staff.services.people import (
    add_user,
    change_user,
    generated_password,
    set_password,
    set_preferences,
)
from huitou.staff.services.settings import change_setting, set_setting, withdraw_setting
from huitou.staff.services.sign_in import (
    attempts_left,
    clear_failures,
    is_limited,
    limit_key,
    note_failed_login,
)

__all__ = [
    "add_key",
    "add_store",
    "add_user",
    "attempts_left",
    "change_setting",
    "change_store",
    "change_user",
    "choose_password",
    "clear_failures",
    "close_days",
    "create_owner",
    "ensure_stores",
    "found_company",
    "generated_password",
    "invite_user",
    "invited_user",
    "is_limited",
    "limit_key",
    "new_invitation",
    "new_setup_token",
    "note_failed_login",
    "open_days",
    "revoke_key",
    "set_company",
    "set_password",
    "set_preferences",
    "set_setting",
    "setup_token_is_valid",
    "take_allowance",
    "withdraw_setting",
]
