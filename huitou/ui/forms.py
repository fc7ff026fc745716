"""What forms of the doors share: fields with our classes, errors beside their fields."""

from typing import Any

from django import forms

from huitou.kit.errors import HuitouError
from huitou.ui.words import error_words


class Form(forms.Form):
    """A form whose inputs wear the cloth; a wrong field says so to screen readers."""

    template_name_label = "django/forms/label.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(
                field.widget, forms.CheckboxInput | forms.RadioSelect | forms.HiddenInput
            ):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, error: HuitouError, field: str | None = None) -> None:
        """Show what a service refused, beside ``field`` or above the form."""
        self.add_error(field, error_words(error))

    def start_at(self, name: str) -> None:
        """Put the cursor into the field ``name`` instead of the first."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        self.fields[name].widget.attrs["autofocus"] = True
