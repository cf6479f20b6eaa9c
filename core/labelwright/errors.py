"""The errors we raise on purpose.

* LabelwrightError
  - InvalidInput            400  the caller sent something we cannot accept
    + InvalidFields         400  several fields of one body are wrong, each with its messages
    + InvalidLabelConfig    400  the labelling configuration cannot be used
    + InvalidRegion         400  one region of an annotation is malformed
    + InvalidTask           400  one task of an import cannot be accepted
  - NotAuthenticated        401  nobody is known to be asking
  - NotAllowed              403  somebody is known, and may not
  - NotFound                404  the thing named does not exist, or is not visible
  - Conflict                409  the thing has changed since the caller looked
  - TooLarge                413  a body, a file or a count over a limit
  - UnsupportedMedia        415  a body of a type we do not read
  - TooManyRequests         429  wait, then try again
  - Unavailable             503  a service that we need does not answer; nothing was stored
    + OutOfSpace            507  the disk is full; nothing was stored
* PluginError                    a plugin is broken; raised while the application is built
* ConfigurationError             a setting is wrong; the start is refused
* ForeignDatabase                the database belongs to another program; the start is refused

The web layer turns the first tree into JSON of Label Studio's shape; the others end the command line with their text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class LabelwrightError(Exception):
    """Something that we refuse, in words for the person who asked.

    :param message: an English sentence; shown as ``detail``.
    :param code: kebab-case name of the reason, from which the browser speaks the user's language.
    :param params: what the reason speaks of; JSON values, keyed as the translated sentence names them.
    :param field: the path of the input at fault, e.g. ``result.2.value.width``.
    """

    status = 500
    code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.params = dict(params or {})
        self.field = field


class InvalidInput(LabelwrightError):
    status = 400
    code = "invalid-input"


class InvalidFields(InvalidInput):
    """Several fields of one body are wrong.

    :param fields: field path to its English messages; ``non_field_errors`` for those of no single field.
    """

    code = "invalid-fields"

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]],
        *,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__("Validation error", code=code, params=params)
        self.fields = {name: list(messages) for name, messages in fields.items()}


class InvalidLabelConfig(InvalidInput):
    """The labelling configuration cannot be used.

    :param problems: every problem found, errors first; each a mapping with ``level``, ``line``, ``tag``,
        ``attribute``, ``code``, ``message``, ``params`` and ``remedy``.
    """

    code = "invalid-label-config"

    def __init__(self, message: str, *, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message, field="label_config")
        self.problems = [dict(problem) for problem in problems]


class InvalidRegion(InvalidInput):
    code = "invalid-region"


class InvalidTask(InvalidInput):
    code = "invalid-task"


class NotAuthenticated(LabelwrightError):
    status = 401
    code = "not-authenticated"


class NotAllowed(LabelwrightError):
    status = 403
    code = "not-allowed"


class NotFound(LabelwrightError):
    status = 404
    code = "not-found"


class Conflict(LabelwrightError):
    """The thing has changed since the caller looked.

    :param state: what the server holds now; merged into the answer's body.
    """

    status = 409
    code = "conflict"

    def __init__(self, message: str, *, state: Mapping[str, Any] | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.state = dict(state or {})


class TooLarge(LabelwrightError):
    status = 413
    code = "too-large"


class UnsupportedMedia(LabelwrightError):
    status = 415
    code = "unsupported-media"


class TooManyRequests(LabelwrightError):
    """Wait, then try again.

    :param retry_after_s: seconds until a try can succeed.
    """

    status = 429
    code = "too-many-requests"

    def __init__(self, message: str, *, retry_after_s: float, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after_s = retry_after_s


class Unavailable(LabelwrightError):
    status = 503
    code = "unavailable"
    retry_after_s = 5.0


class OutOfSpace(Unavailable):
    status = 507
    code = "out-of-space"


class PluginError(Exception):
    """A plugin is broken.

    :param plugin: the plugin's name, e.g. ``tag_image``.
    """

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(f"plugin {plugin!r}: {message}")
        self.plugin = plugin
        self.message = message


class ConfigurationError(Exception):
    """A setting is wrong. The message names the setting, its source and what is allowed."""


class ForeignDatabase(Exception):
    """The database named in the settings belongs to another program, and is left as it is."""
