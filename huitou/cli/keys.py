"""``huitou keys``: the keys by which other systems use the REST interface."""

import argparse
from datetime import UTC, datetime

from huitou.cli.words import gettext, say
from huitou.staff.types import Role, Scope

ROLES = [role.value for role in Role]
SCOPES = [scope.value for scope in Scope]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="add|list|revoke")
    add = commands.add_parser("add", help="make a key; its secret is printed this once")
    add.add_argument("name", help="what for, such as “web shop”")
    add.add_argument("--role", choices=ROLES, default="integrator")
    add.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        default=[],
        metavar="SCOPE",
        help=f"only this, may be repeated; default: all of the role ({', '.join(SCOPES)})",
    )
    add.add_argument("--per-minute", type=int, default=600, help="requests a minute; default: 600")
    commands.add_parser("list", help="every key, without its secret")
    revoke = commands.add_parser("revoke", help="let a key open nothing any more")
    revoke.add_argument("key", help="its id, as “huitou keys list” says")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    from huitou.staff import queries, services, types

    now = datetime.now(UTC)
    if args.command == "list":
        for row in queries.api_keys():
            state = "revoked" if row.revoked_at else "open"
            used = row.last_used_at.isoformat(timespec="seconds") if row.last_used_at else "never"
            scopes = ",".join(row.scopes) or "all"
            told = (row.public_id, row.beginning + "…", row.role, scopes, row.per_minute)
            print(*told, state, used, row.name, sep="\t")
        return 0
    if args.command == "revoke":
        services.revoke_key(key_public_id=args.key, actor="cli", now=now)
        say(gettext("{key} opens nothing any more.").format(key=args.key))
        return 0
    key = types.ApiKeyIn(args.name, args.role, tuple(args.scope), args.per_minute)
    made = services.add_key(key=key, actor="cli", now=now)
    print(made.secret)
    say(gettext("Keep it now: it is not shown again. Its id is {key}.").format(key=made.public_id))
    return 0
