"""What can be refused in the customers room, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class CodeOver(HuitouError):
    """There is no code that could still be used."""

    kind = Kind.CONFLICT
    code = "customers.code_over"
    message = _("This code counts no more. Ask for a new one.")


class CodeWrong(HuitouError):
    """Other digits were sent than typed."""

    kind = Kind.INVALID
    code = "customers.code_wrong"
    message = _("This is not the code we sent. Tries left: {left}.")


class CodesLimited(HuitouError):
    """Too many codes were asked for."""

    kind = Kind.LIMITED
    code = "customers.codes_limited"
    message = _("Too many codes were asked for. Wait up to {minutes} minutes and ask again.")


class ContactEmpty(HuitouError):
    """A contact without words."""

    code = "customers.contact_empty"
    message = _("Write down what was done or said.")


class EmailInvalid(HuitouError):
    """An e-mail address that cannot be one."""

    code = "customers.email_invalid"
    message = _("This is not an e-mail address. It looks like name@example.com.")


class MergeCampaign(HuitouError):
    """The record that would go stands in a campaign whose result is still open."""

    kind = Kind.CONFLICT
    code = "customers.merge_campaign"
    message = _(
        "{customer} stands in a campaign whose result is still open: {campaign}. Join them after it"
        " has ended, so that the result counts both as they were drawn."
    )


class MergeChanged(HuitouError):
    """Something happened since two records were joined."""

    kind = Kind.CONFLICT
    code = "customers.merge_changed"
    message = _(
        "Since they were joined something new has happened ({parts}); whose it is nobody can say,"
        " so it cannot be undone any more."
    )


class MergeMember(HuitouError):
    """The record that would go has a membership or points."""

    kind = Kind.CONFLICT
    code = "customers.merge_member"
    message = _(
        "{customer} is or was a member with a card and points of their own. Keep this record"
        " instead; two members cannot be joined, because points stay where they were earned."
    )


class MergeMissing(HuitouError):
    """There is no such merge, or it is undone already."""

    kind = Kind.MISSING
    code = "customers.merge_missing"
    message = _("Nothing is joined here that could be undone.")


class MergeNotLast(HuitouError):
    """Another record was joined later."""

    kind = Kind.CONFLICT
    code = "customers.merge_not_last"
    message = _("Another record was joined later. Undo that first.")


class MergeSame(HuitouError):
    """A record cannot be joined with itself."""

    code = "customers.merge_same"
    message = _("These are the same record. Choose another one.")


class NameNotConfirmed(HuitouError):
    """Something that cannot be taken back was asked for without naming whom."""

    code = "customers.not_confirmed"
    message = _("This cannot be undone. Type {customer} to confirm.")


class NameMissing(HuitouError):
    """No name, or none that could be one."""

    code = "customers.name_missing"
    message = _("A name has 1 to {most} readable characters.")


class NoSuchCustomer(HuitouError):
    """Nobody has this code."""

    kind = Kind.MISSING
    code = "customers.no_such"
    message = _("There is no customer {customer}.")


class PhoneInvalid(HuitouError):
    """A phone number that cannot be one."""

    code = "customers.phone_invalid"
    message = _("This is not a phone number we can read, such as 13812345678 or +44 20 7946 0000.")


class ProofMissing(HuitouError):
    """Consent without a word of how it was given."""

    code = "customers.proof_missing"
    message = _("Consent counts as given only with its proof: say how and in which words.")


class RollbackBlocked(HuitouError):
    """A later import changed customers of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "customers.rollback_blocked"
    message = _(
        "Later imports changed {count} of these customers: {imports}. Roll those back first."
    )


class StatedAhead(HuitouError):
    """A statement of a day that has not come, or before anybody could make one."""

    code = "customers.stated_ahead"
    message = _("This day is not one on which it can have been said.")
