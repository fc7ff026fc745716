"""What can fail with the company and its people, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class SetupTokenInvalid(HuitouError):
    """The token of the first visit is wrong, used or too old."""

    kind = Kind.FORBIDDEN
    code = "staff.setup_token_invalid"
    message = _("This set-up link is not valid any more. Start “huitou serve” again for a new one.")


class AlreadySetUp(HuitouError):
    """There is an owner already."""

    kind = Kind.CONFLICT
    code = "staff.already_set_up"
    message = _("This installation already has an owner. Sign in instead.")


class NotSetUp(HuitouError):
    """The company is not described yet."""

    kind = Kind.CONFLICT
    code = "staff.not_set_up"
    message = _(
        "The company is not set up yet. Open the site for the first visit, or run "
        "“huitou settings set company.name NAME company.zone Asia/Shanghai company.currency CNY”."
    )


class CompanyInvalid(HuitouError):
    """A fact about the company or a store cannot be right; each kind has its own words."""

    kind = Kind.INVALID
    code = "staff.company_invalid"
    message = _("{field} cannot be {value}.")


class NameInvalid(CompanyInvalid):
    """A name or code of nothing, too long, or with signs nobody can read."""

    message = _("{field} must have 1 to {most} readable characters.")


class ZoneUnknown(CompanyInvalid):
    """There is no such time zone."""

    message = _("There is no time zone {value}; use a name such as Asia/Shanghai.")


class CurrencyUnknown(CompanyInvalid):
    """This is no code of a currency."""

    message = _("{value} is no currency; use a code such as CNY.")


class IndustryUnknown(CompanyInvalid):
    """We have no windows for this industry."""

    message = _("There is no industry {value}; use one of {known}.")


class CurrencyFixed(HuitouError):
    """Orders exist in the company's currency."""

    kind = Kind.CONFLICT
    code = "staff.currency_fixed"
    message = _("The currency stays {currency}: there are orders in it.")


class EmailTaken(HuitouError):
    """Someone here has this e-mail already."""

    kind = Kind.CONFLICT
    code = "staff.email_taken"
    message = _("Someone with this e-mail already works here.")


class EmailInvalid(HuitouError):
    """This is not an e-mail address."""

    kind = Kind.INVALID
    code = "staff.email_invalid"
    message = _("This is not an e-mail address.")


class PasswordWeak(HuitouError):
    """The password does not pass the rules; ``reasons`` are sentences."""

    kind = Kind.INVALID
    code = "staff.password_weak"
    message = _("Choose another password. {reasons}")


class RoleUnknown(HuitouError):
    """There is no such role."""

    kind = Kind.INVALID
    code = "staff.role_unknown"
    message = _("There is no role {role}. Roles: {known}.")


class UserMissing(HuitouError):
    """Nobody here has this e-mail or id."""

    kind = Kind.MISSING
    code = "staff.user_missing"
    message = _("Nobody here is called {user}.")


class LastOwner(HuitouError):
    """The last active owner cannot go."""

    kind = Kind.CONFLICT
    code = "staff.last_owner"
    message = _("This is the last owner. Make someone else an owner first.")


class OwnAccount(HuitouError):
    """Nobody gives themselves another role, or closes their own account."""

    kind = Kind.FORBIDDEN
    code = "staff.own_account"
    message = _("Nobody changes their own role, stores or account. Ask another owner.")


class ChangedMeanwhile(HuitouError):
    """What was on the screen is not what there is now."""

    kind = Kind.CONFLICT
    code = "staff.changed_meanwhile"
    message = _("Somebody changed this while you were looking at it. Open it again, then save.")


class InvitationInvalid(HuitouError):
    """The link to choose a password is wrong, used, replaced or too old."""

    kind = Kind.FORBIDDEN
    code = "staff.invitation_invalid"
    message = _("This link is not valid any more. Ask an owner for a new one.")


class AccountClosed(HuitouError):
    """Whoever may not come in needs no password."""

    kind = Kind.CONFLICT
    code = "staff.account_closed"
    message = _("This account is closed. Open it first.")


class StoreMissing(HuitouError):
    """There is no such store."""

    kind = Kind.MISSING
    code = "staff.store_missing"
    message = _("There is no store {store}.")


class StoreTaken(HuitouError):
    """A store with this code exists."""

    kind = Kind.CONFLICT
    code = "staff.store_taken"
    message = _("There is already a store {store}.")


class SettingUnknown(HuitouError):
    """There is no such setting, or not for this scope."""

    kind = Kind.MISSING
    code = "staff.setting_unknown"
    message = _("There is no setting {name}. “huitou settings list” shows them all.")


class SettingInvalid(HuitouError):
    """The value of a setting cannot be right; each kind has its own words."""

    kind = Kind.INVALID
    code = "staff.setting_invalid"
    message = _("{name} cannot have this value.")


class NotWhole(SettingInvalid):
    """A number that is not whole, or out of its range."""

    message = _("{name} must be a whole number from {least} to {most}.")


class NotWindows(SettingInvalid):
    """Not four rising numbers of days."""

    message = _("{name} must be four rising numbers of days, such as 45/90/180/360.")


class NotCaseHours(SettingInvalid):
    """Not five rising numbers of hours that end within a day."""

    message = _(
        "{name} must be five rising numbers of hours, the last at most 24, such as 1/4/8/20/24."
    )


class NotPercent(SettingInvalid):
    """Not a share of a hundred."""

    message = _("{name} must be a percentage from 0 to 100 with at most four decimals.")


class NotKnown(SettingInvalid):
    """None of the words it may be."""

    message = _("{name} must be one of {known}.")


class NotTime(SettingInvalid):
    """Not a time of day."""

    message = _("{name} must be a time of day, such as 03:30.")


class NotCap(SettingInvalid):
    """Not so many times in so many days."""

    message = _("{name} must be how often in how many days, such as 4/30, or none.")


class NotHours(SettingInvalid):
    """Not a span of the day."""

    message = _("{name} must be a span of the day, such as 21:00-08:00, or none.")


class NotTariff(SettingInvalid):
    """Not two amounts."""

    message = _("{name} must be an amount a month and one a message, such as 1500/5, or none.")


class NotEmail(SettingInvalid):
    """Not an e-mail address."""

    message = _("{name} must be an e-mail address, such as shop@example.com, or none.")


class NotSignature(SettingInvalid):
    """Not a signature of SMS."""

    message = _("{name} must be 2 to 16 characters without brackets, or none.")


class NotAhead(SettingInvalid):
    """A value that has begun stays on record."""

    message = _("{name}: this value has begun. Give it another value from today instead.")


class NotSpan(SettingInvalid):
    """Not a day or a span of days."""

    message = _(
        "{name} must be a day, such as 2026-02-16, or a span of at most {most} days, "
        "such as 2026-02-16..2026-02-22."
    )


class NotYesOrNo(SettingInvalid):
    """Neither yes nor no."""

    message = _("{name} must be yes or no.")


class NoValue(SettingInvalid):
    """A name without its value."""

    message = _("{name} needs a value after it.")


class SignInLimited(HuitouError):
    """Too many failed sign-ins."""

    kind = Kind.LIMITED
    code = "staff.sign_in_limited"
    message = _("Too many failed attempts. Wait {minutes} minutes, then try again.")


class KeyUnknown(HuitouError):
    """No key, or one that is not valid."""

    kind = Kind.FORBIDDEN
    code = "staff.key_unknown"
    message = _("This needs a valid API key: Authorization: Bearer …")


class KeyTooNarrow(HuitouError):
    """The key does not open this."""

    kind = Kind.FORBIDDEN
    code = "staff.key_too_narrow"
    message = _("This key does not open {scope}. Ask the owner for one that does.")


class KeyLimited(HuitouError):
    """The key has asked too often."""

    kind = Kind.LIMITED
    code = "staff.key_limited"
    message = _("This key may ask {per_minute} times a minute. Wait {seconds} seconds.")


class KeyMissing(HuitouError):
    """There is no key of this id."""

    kind = Kind.MISSING
    code = "staff.key_missing"
    message = _("There is no API key {key}.")


class KeyInvalid(HuitouError):
    """A key that cannot be; each field has its own reason."""

    kind = Kind.INVALID
    code = "staff.key_invalid"
    message = _("{field}: {reason}")
