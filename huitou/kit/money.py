"""Money: whole minor units of one currency, parsed and printed by exact decimal arithmetic."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

# ISO 4217 currencies whose minor unit is not a hundredth.
_OTHER_DECIMALS: Final = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
CEILING_MINOR: Final = 10**15  # ten trillion yuan: above it a typing error is likelier than a sale


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code and the number of decimals of its minor unit."""

    code: str

    def __post_init__(self) -> None:
        if not (len(self.code) == 3 and self.code.isascii() and self.code.isupper()):
            raise ValueError(f"{self.code!r} is not an ISO 4217 code such as CNY")

    @property
    def decimals(self) -> int:
        """Digits after the point in major units: 2 for CNY, 0 for JPY."""
        return _OTHER_DECIMALS.get(self.code, 2)


def minor_units(text: str, currency: Currency) -> int:
    """The exact number of minor units that ``text`` says, a plain decimal in major units.

    Raises:
        ValueError: no finite plain decimal, too many decimals, or above the ceiling.
    """
    try:
        major = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not an amount") from error
    if not major.is_finite() or major.adjusted() > 15:
        raise ValueError("not an amount")
    minor = major.scaleb(currency.decimals)
    if minor != minor.to_integral_value():
        raise ValueError(f"more than {currency.decimals} decimals")
    if abs(minor) > CEILING_MINOR:
        raise ValueError("above the ceiling")
    return int(minor)


def major_text(minor: int, currency: Currency) -> str:
    """``minor`` as plain text in major units: ``1999`` CNY is ``19.99``."""
    return f"{Decimal(minor).scaleb(-currency.decimals):.{currency.decimals}f}"
