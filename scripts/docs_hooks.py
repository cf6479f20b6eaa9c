"""Write docs/plugins/hooks.md and docs/plugins/api.md from the code: ``python scripts/docs_hooks.py``.

A test holds them current.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from labelwright import api, hookspecs
from labelwright.contributions import CONTRIBUTIONS

DOCS = Path(__file__).parent.parent / "docs" / "plugins"

FIRST_WORDS = {
    "register_": "Registering: once, while the application is built",
    "check_": "Checking: may it be done?",
    "plan_": "Planning: jobs in the same transaction",
    "on_": "Being told: after the commit",
}

SHELVES = {
    "Tags": (
        "Tag", "Attribute", "Label", "Repeats", "KeyAction", "Value", "Number", "String", "Flag", "Items", "Record",
        "LabelList", "Either", "CLASSIFICATION_ATTRIBUTES", "LABEL_SET_ATTRIBUTES", "VISIBILITY_ATTRIBUTES", "Node",
        "Problem", "LabelConfig", "bare",
    ),
    "Exporting": ("Exporter", "Row", "ExportContext", "ExportFile", "ExportOption", "OpenMedia", "MediaUnavailable"),
    "Background work": ("JobKind", "JobSpec", "JobContext"),
    "Addresses": ("Routes", "RequestContext", "fields"),
    "Tables": ("PluginTables", "Id", "UTCDateTime", "RawJSON", "now", "tasks"),
    "At hand in requests and jobs": ("PluginContext", "Queries", "ProjectSnapshot", "OutboundClient"),
    "Bulk actions": (
        "Action", "ActionContext", "Batch", "ActionResult", "Dialog", "FormField", "Facts", "Answer", "NewAnnotation",
    ),
    "Importing": ("Importer", "Archive", "Member", "ImportContext", "open_text", "encoding_of", "UnknownEncoding"),
    "Storages": ("Storage", "StorageField", "StoredObject", "Content", "StorageContext"),
    "Models": ("MLConnector", "MLField", "MLPrediction", "MLContext"),
    "Projects": ("Queue", "QueueRequest", "Template", "Column"),
    "Agreement": ("Metric", "Question", "Result", "LabelPair", "Measured"),
    "Events": (
        "TasksCreated", "TasksDeleted", "AnnotationsChanged", "LabelLinksChanged", "ProjectsChanged", "JobsEnded",
    ),
    "Errors": (
        "LabelwrightError", "InvalidInput", "InvalidFields", "InvalidLabelConfig", "InvalidRegion", "InvalidTask",
        "NotAllowed", "NotFound", "Conflict", "TooLarge", "Unavailable",
    ),
    "The browser": ("Page",),
    "The plugin itself": ("hookimpl", "About", "Setting", "API_VERSION"),
}  # fmt: skip
"""Every name of the API on the shelf where an author looks for it."""

ALIASES = {
    "hookimpl": "Marks a function or method as the implementation of the hook it is named after.",
    "Result": (
        "A mapping: one result of an annotation, as Label Studio has it: `from_name`, `to_name`, `type`, `value`."
    ),
    "LabelPair": (
        "`tuple[str | None, str | None]`: what one said and what the other said of the same thing; `None`: nothing."
    ),
}
"""What is said of names that have no docstring of their own."""


def hooks_page() -> str:
    """The reference of hooks."""
    parts = ["# Hooks", "", _made_by(), "", markdown(inspect.getdoc(hookspecs) or "")]
    for prefix, title in FIRST_WORDS.items():
        parts += ["", f"## {title}"]
        for name, hook in vars(hookspecs).items():
            if name.startswith(prefix) and hasattr(hook, "labelwright_spec"):
                parts += ["", *_hook(name, hook)]
    return "\n".join(parts) + "\n"


def _hook(name: str, hook: Any) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    yield f"```python\n{_signature(name, hook)}\n```"
    yield ""
    yield markdown(inspect.getdoc(hook) or "")
    kind = CONTRIBUTIONS.get(name)
    if kind is not None and kind.family:
        yield ""
        yield f"Each one is also the capability `{kind.family}:<name>`, which other plugins may require."


def api_page() -> str:
    """The reference of the API."""
    lead = (api.__doc__ or "").partition("\n\n")[0]
    parts = ["# `labelwright.api`", "", _made_by(), "", f"Version {api.API_VERSION}. {markdown(lead)}"]
    for shelf, names in SHELVES.items():
        parts += ["", f"## {shelf}"]
        for name in names:
            parts += ["", *_thing(name, getattr(api, name))]
    return "\n".join(parts) + "\n"


def _thing(name: str, thing: Any) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    if not inspect.isclass(thing):
        yield _value(name, thing)
        return
    if issubclass(thing, api.LabelwrightError):
        status = getattr(thing, "status", 500)
        yield f"Answered with status {status}, code `{thing.code}`. " + markdown(_own_doc(thing))
        return
    by_name = " Its arguments are given by name." if _takes_names_only(thing) else ""
    yield markdown(_own_doc(thing)) + by_name
    attributes = list(_attributes(thing))
    if attributes:
        yield ""
        yield from (f"- `{attribute}`" + (f": {words}" if words else "") for attribute, words in attributes)
    for method, function in _methods(thing):
        yield ""
        yield f"#### `{_signature(method, function)}`"
        yield ""
        yield markdown(inspect.getdoc(function) or "")


def _takes_names_only(thing: type) -> bool:
    """Whether it is made with ``minimum=1``, not with ``1``."""
    if not is_dataclass(thing):
        return False
    parameters = inspect.signature(thing).parameters.values()
    return bool(parameters) and all(one.kind is one.KEYWORD_ONLY for one in parameters)


def _methods(thing: type) -> Iterator[tuple[str, Any]]:
    """Its own, without those that only do what a class above it promises."""
    above = {name for base in thing.__mro__[1:] for name in vars(base)}
    for name, member in vars(thing).items():
        function = member.__func__ if isinstance(member, classmethod) else member
        if (
            inspect.isfunction(function)
            and not name.startswith("_")
            and name not in above
            and function.__doc__
        ):
            yield name, function


def _value(name: str, thing: Any) -> str:
    if isinstance(thing, dict):
        rows = [f"- `{key}`: {attribute.help}" for key, attribute in thing.items()]
        return "\n".join(["Attributes to spread into a tag's own:", "", *rows])
    if isinstance(thing, str):
        return f"`{thing!r}`"
    if inspect.isfunction(thing):
        return f"`{_signature(name, thing)}`: {markdown(inspect.getdoc(thing) or '')}"
    return ALIASES.get(name) or markdown(inspect.getdoc(thing) or "")


def _own_doc(thing: type) -> str:
    words = inspect.cleandoc(thing.__doc__ or "")
    return "" if words.startswith(f"{thing.__name__}(") else words


def _attributes(thing: type) -> Iterator[tuple[str, str]]:
    """Fields and class attributes with the texts beneath them, in the order of the source."""
    body = inspect.cleandoc(
        "\n" + re.split(r"^class [^\n]+:\n", inspect.getsource(thing), flags=re.MULTILINE)[1]
    )
    for name, member in vars(thing).items():
        asked = getattr(member, "fget", None) or (
            member.func if isinstance(member, cached_property) else None
        )
        if asked is not None and not name.startswith("_") and member.__doc__:
            answer = inspect.signature(asked).return_annotation
            yield f"{name}: {answer}", markdown(member.__doc__)
    found = re.finditer(
        r'^(?P<name>[a-z]\w*): (?P<type>[^=\n]+?)(?: = (?P<default>[^\n]+))?\n(?:"""(?P<words>.*?)""")?',
        body + "\n", re.MULTILINE | re.DOTALL,
    )  # fmt: skip
    for one in found:
        kind = re.sub(r"^ClassVar\[(.*)\]$", r"\1", one["type"])
        is_plain = one["default"] and "field(" not in one["default"] and not one["default"].startswith("_")
        default = f" = {one['default']}" if is_plain else ""
        yield f"{one['name']}: {kind}{default}", markdown(one["words"] or "").replace("\n", " ")


def _signature(name: str, function: Any) -> str:
    signature = inspect.signature(function)
    shown = [str(parameter) for parameter in signature.parameters.values()]
    answer = signature.return_annotation
    arrow = "" if answer is inspect.Signature.empty else f" -> {answer}"
    return f"{name}({', '.join(shown)}){arrow}".replace("'", "")


def markdown(words: str) -> str:
    """A docstring as Markdown: literals, parameter lists, code blocks and definition lists."""
    words = re.sub(r":(?:class|func|meth|attr|data):`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", words)
    words = re.sub(r"::\n\n((?: {4}[^\n]*\n?|\n)+)", _code, words + "\n").rstrip("\n")
    words = re.sub(r"^``(\w+)``\n((?: {4}[^\n]+\n?)+)", _definition, words, flags=re.MULTILINE)
    words = re.sub(r"^:param (\w+): ", r"- `\1`: ", words, flags=re.MULTILINE)
    words = re.sub(r"^:returns: ", "- returns ", words, flags=re.MULTILINE)
    words = re.sub(r"^:raises (\w+): ", r"- raises `\1` ", words, flags=re.MULTILINE)
    return re.sub(r"(?<!`)``(?!`)", "`", words)


def _definition(one: re.Match[str]) -> str:
    return f"- `{one[1]}`: {' '.join(one[2].split())}\n"


def _code(block: re.Match[str]) -> str:
    return ":\n\n```python\n" + inspect.cleandoc("\n" + block[1]) + "\n```\n"


def _made_by() -> str:
    return "*Made from the code by `python scripts/docs_hooks.py`; do not edit.*"


PAGES = {"hooks.md": hooks_page, "api.md": api_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (DOCS / file).write_text(page(), "utf-8")
        print(DOCS / file)
