"""What can be refused about campaigns, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NoSuchCampaign(HuitouError):
    """No campaign has this id."""

    kind = Kind.MISSING
    code = "campaigns.no_such"
    message = _("There is no campaign {campaign}.")


class SeveralCampaigns(HuitouError):
    """More than one campaign has this theme."""

    kind = Kind.INVALID
    code = "campaigns.several"
    message = _("Several campaigns are called {theme}; name one of {campaigns}.")


class WrongState(HuitouError):
    """The campaign is in a state from which this step is not possible."""

    kind = Kind.CONFLICT
    code = "campaigns.wrong_state"
    message = _("The campaign is {state}; this cannot be done now.")


class Incomplete(HuitouError):
    """Something is still missing before the campaign can be sent."""

    kind = Kind.INVALID
    code = "campaigns.incomplete"
    message = _("Still missing: {missing}.")


class TermsInvalid(HuitouError):
    """A part of the campaign cannot be as it is."""

    kind = Kind.INVALID
    code = "campaigns.terms_invalid"
    message = _("{field} cannot be {value}; choose from {least} to {most}.")


class ChoiceUnknown(HuitouError):
    """A part of the campaign names something nobody knows."""

    kind = Kind.INVALID
    code = "campaigns.choice_unknown"
    message = _("{field} cannot be {value}.")


class MergeFieldUnknown(HuitouError):
    """The message asks for something we do not know of a person."""

    kind = Kind.INVALID
    code = "campaigns.merge_field_unknown"
    message = _("The message asks for {field}; there are {known}.")


class MessageBroken(HuitouError):
    """The message cannot be read as a template."""

    kind = Kind.INVALID
    code = "campaigns.message_broken"
    message = _("The message cannot be read near line {line}: check the double braces.")


class MessageTooLong(HuitouError):
    """A message is longer than any channel carries."""

    kind = Kind.INVALID
    code = "campaigns.message_too_long"
    message = _("The message has {length} characters; {most} are the most.")


class NobodyToSendTo(HuitouError):
    """Nobody of the audience may be written to."""

    kind = Kind.CONFLICT
    code = "campaigns.nobody"
    message = _("Nobody of this audience may be contacted on this channel now.")


class MoneyNotVisible(HuitouError):
    """Money was chosen as the outcome, and could not be seen."""

    kind = Kind.INVALID
    code = "campaigns.money_not_visible"
    message = _(
        "With this audience, money differs too much between people to show an effect below 20%: "
        "choose “came back” as the outcome."
    )
