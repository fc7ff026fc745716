"""What the command line itself refuses."""

from typing import ClassVar

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NotADemo(HuitouError):
    """The data folder holds somebody's own data."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "demo.not_a_demo"
    message: ClassVar[str] = _(
        "{folder} holds data that are no demonstration's. Name an empty folder in HUITOU_HOME."
    )


class OtherDemo(HuitouError):
    """Another shop of the demonstration is in the folder."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "demo.other_shop"
    message: ClassVar[str] = _(
        "{folder} holds the shop “{shop}”. Add --fresh to throw it away, or name another folder."
    )


class DemoUnfinished(HuitouError):
    """Filling the folder was cut short."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "demo.unfinished"
    message: ClassVar[str] = _(
        "The demonstration in {folder} was cut short. Add --fresh to make it anew."
    )


class PurchasesMissing(HuitouError):
    """The file of real purchases is not installed."""

    kind: ClassVar[Kind] = Kind.MISSING
    code: ClassVar[str] = "demo.purchases_missing"
    message: ClassVar[str] = _(
        "The purchases of this shop come with the package {package}. Run make setup first."
    )
