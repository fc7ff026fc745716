"""Any table with a customer, a date and an amount; columns are found by their Chinese or English
names."""

from huitou.connectors.files import fields
from huitou.connectors.files.presets.shape import Preset

PRESETS = tuple(
    Preset(name="generic", kind=kind, columns=columns) for kind, columns in fields.FIELDS.items()
)
