"""The windows of the customer layers an industry starts from."""

from collections.abc import Mapping
from typing import Final

from huitou.kit.text import gettext_noop as _

# Starting windows in days, until the shop's own gaps speak: measurement, section 2.
WINDOWS: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "e_commerce": (45, 90, 180, 360),
    "cafe": (14, 30, 60, 120),
    "restaurant": (21, 45, 90, 180),
    "grocery": (14, 30, 60, 120),
    "beauty": (35, 70, 140, 280),
    "fashion": (60, 120, 240, 400),
    "mother_and_baby": (30, 60, 120, 240),
}
INDUSTRY_WORDS: Final[Mapping[str, str]] = {
    "e_commerce": _("Online shop"),
    "cafe": _("Café, bakery"),
    "restaurant": _("Restaurant"),
    "grocery": _("Grocery"),
    "beauty": _("Hair, beauty"),
    "fashion": _("Fashion"),
    "mother_and_baby": _("Mother and baby"),
}
