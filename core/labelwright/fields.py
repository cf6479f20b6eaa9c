"""The declarations that validate requests, and from which OpenAPI is made: marshmallow, with Label Studio's words.

A body is JSON, a form or multipart alike: text stands for numbers and booleans where a form sends it.
Unknown fields are ignored. ``RawField`` takes any JSON value and keeps its text.
"""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import EXCLUDE, fields, validate

REQUIRED = "This field is required."
NULL = "This field may not be null."

fields.Field.default_error_messages.update(
    {"required": REQUIRED, "null": NULL, "validator_failed": "Invalid value."}
)
fields.String.default_error_messages.update({"invalid": "Not a valid string."})
fields.Integer.default_error_messages.update(
    {"invalid": "A valid integer is required.", "too_large": "A valid integer is required."}
)
fields.Float.default_error_messages.update(
    {"invalid": "A valid number is required.", "special": "A valid number is required."}
)
fields.Boolean.default_error_messages.update({"invalid": "Must be a valid boolean."})
fields.List.default_error_messages.update({"invalid": "Expected a list of items."})
fields.DateTime.default_error_messages.update(
    {
        "invalid": "Datetime has wrong format. Use one of these formats instead: "
        "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
    }
)
fields.Email.default_error_messages.update({"invalid": "Enter a valid email address."})
fields.Url.default_error_messages.update({"invalid": "Enter a valid URL."})

LARGEST_INTEGER = 2**63 - 1


class Schema(marshmallow.Schema):
    """The fields of a body or a query string. Unknown ones are ignored, as Label Studio does."""

    class Meta:
        unknown = EXCLUDE


class Text(fields.String):
    """Text; numbers from JSON are taken as their digits, as Label Studio does.

    :param blank: whether it may be empty.
    :param most: the most characters, :param least: the fewest (an empty text where ``blank`` passes).
    """

    def __init__(
        self, *, blank: bool = False, least: int | None = None, most: int | None = None, **kwargs: Any
    ) -> None:
        lengths = {"minLength": least, "maxLength": most}
        super().__init__(metadata={name: n for name, n in lengths.items() if n is not None}, **kwargs)
        self.blank, self.least, self.most = blank, least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if "\x00" in text:
            raise marshmallow.ValidationError("Null characters are not allowed.")
        if not text:
            if self.blank:
                return text
            raise marshmallow.ValidationError("This field may not be blank.")
        if self.least is not None and len(text) < self.least:
            raise marshmallow.ValidationError(f"Ensure this field has at least {self.least} characters.")
        if self.most is not None and len(text) > self.most:
            raise marshmallow.ValidationError(f"Ensure this field has no more than {self.most} characters.")
        return text


class Whole(fields.Integer):
    """A whole number of 64 bits. :param least: and :param most: bound it, inclusively."""

    def __init__(self, *, least: int | None = None, most: int = LARGEST_INTEGER, **kwargs: Any) -> None:
        super().__init__(metadata={} if least is None else {"minimum": least}, **kwargs)
        self.least, self.most = (-LARGEST_INTEGER - 1 if least is None else least), most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        is_fraction = isinstance(value, float) and not value.is_integer()
        if isinstance(value, bool) or is_fraction or (isinstance(value, str) and len(value) > 40):
            raise self.make_error("invalid", input=value)
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None:
            raise self.make_error("invalid", input=value)
        if number < self.least:
            raise marshmallow.ValidationError(f"Ensure this value is greater than or equal to {self.least}.")
        if number > self.most:
            raise marshmallow.ValidationError(f"Ensure this value is less than or equal to {self.most}.")
        return number


class Flag(fields.Boolean):
    """True or false, in the spellings that forms and query strings use."""


class Choice(fields.String):
    """One of a few words."""

    def __init__(self, choices: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(metadata={"enum": list(choices)}, **kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.choices:
            raise marshmallow.ValidationError(f'"{value}" is not a valid choice.')
        return str(value)


class RawField(fields.Field):
    """Any JSON value, kept as it was sent (``bytes`` of a JSON body, or what a form's text holds)."""


class Numbers(fields.List):
    """Ids: a JSON list, a repeated parameter, or one text with commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Whole(least=0), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, str | int):
            value = [piece for piece in str(value).split(",") if piece.strip()]
        if isinstance(value, list):
            value = [
                piece
                for item in value
                for piece in (str(item).split(",") if isinstance(item, str) else [item])
                if piece != ""
            ]
        return super()._deserialize(value, attr, data, **kwargs)


Decimal = fields.Float
Moment = fields.AwareDateTime
Email = fields.Email
Mapping = fields.Dict
Many = fields.List
Part = fields.Nested
Anything = fields.Raw
between = validate.Range
