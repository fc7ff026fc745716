"""``huitou user``: who may sign in. Passwords come from the terminal or stdin, never from the
command line.
"""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from huitou.cli.words import gettext, say
from huitou.staff.types import Role

ROLES = [role.value for role in Role]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="add|password|change|list"
    )
    add = commands.add_parser("add", help="let someone sign in")
    add.add_argument("email")
    add.add_argument(
        "--name", default="", help="how the screens call them; default: from the e-mail"
    )
    add.add_argument("--role", choices=ROLES, default="analyst")
    add.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans")
    password = commands.add_parser("password", help="replace a password")
    password.add_argument("email")
    for one in (add, password):
        one.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from the first line of stdin",
        )
    change = commands.add_parser("change", help="change a role, close or open an account")
    change.add_argument("email")
    change.add_argument("--role", choices=ROLES)
    state = change.add_mutually_exclusive_group()
    state.add_argument("--close", action="store_true", help="they may not sign in any more")
    state.add_argument("--open", action="store_true", help="they may sign in again")
    commands.add_parser("list", help="who may sign in")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    from huitou.staff import errors, queries, services, types

    now = datetime.now(UTC)
    if args.command == "list":
        for user in queries.users():
            print(
                f"{user.email}\t{user.role}\t{'open' if user.is_active else 'closed'}\t{user.name}"
            )
        return 0
    if args.command == "add":
        user_in = types.UserIn(args.email, args.name, args.role, args.language)
        services.add_user(user=user_in, password=_password(args), actor="cli", now=now)
        say(gettext("{email} can sign in as {role}.").format(email=args.email, role=args.role))
        return 0
    if args.command == "password":
        services.set_password(email=args.email, password=_password(args), actor="cli", now=now)
        words = gettext("{email} has a new password; open sessions have ended.")
        say(words.format(email=args.email))
        return 0
    found = queries.user_with_email(args.email)
    if found is None:
        raise errors.UserMissing(user=args.email)
    is_active = True if args.open else False if args.close else None
    wanted = types.UserChange(role=args.role, is_active=is_active)
    services.change_user(user_id=found.id, change=wanted, actor="cli", now=now)
    return 0


def _password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(gettext("Password:") + " ")
    if getpass.getpass(gettext("The same again:") + " ") != first:
        from huitou.staff import errors

        raise errors.PasswordWeak(reasons=gettext("The two were not the same."))
    return first
