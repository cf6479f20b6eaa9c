"""Reading the XML of a labelling configuration without trusting it.

Document types and entities are refused before the parser sees them, nothing is fetched, XInclude is never processed,
and size, depth and number of elements are limited while reading: hostile input costs milliseconds.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from labelwright.errors import InvalidLabelConfig
from labelwright.label_config.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 200
MAX_ELEMENTS = 5_000
MAX_ATTRIBUTES = 500
"""Of one element; lxml's time to read them grows with the square."""

_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, eq=False, slots=True)
class Element:
    """An element as it is written. Comments and processing instructions are left out."""

    tag: str
    attrs: dict[str, str]
    line: int = 1
    text: str = ""
    """What stands before the first child."""
    tail: str = ""
    """What stands between this element and the next."""
    children: list[Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    def markup(self) -> str:
        """What stands inside, as XML."""
        return escape(self.text) + "".join(child._markup() for child in self.children)

    def _markup(self) -> str:
        attrs = "".join(f" {name}={quoteattr(value)}" for name, value in self.attrs.items())
        return f"<{self.tag}{attrs}>{self.markup()}</{self.tag}>{escape(self.tail)}"


def read_xml(text: object) -> Element:
    """The root element.

    :raises InvalidLabelConfig: with the line, if the text is no XML or over a limit.
    """
    if not isinstance(text, str):
        raise refusal("wrong-type", "can only parse strings", "Send the configuration as a text.")
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("<?xml"):  # which may only come first
        text = text.lstrip()
    if not text.strip():
        raise refusal("empty-config", "Document is empty", "Write one element with all others inside.")
    _refuse_oddities(text)
    return _read(text.encode())


def refusal(code: str, message: str, remedy: str, line: int = 1, **params: object) -> InvalidLabelConfig:
    """The error for a configuration with this one problem."""
    problem = Problem("error", code, message, remedy, line=line, params=params)
    return InvalidLabelConfig(message, problems=[problem.to_json()])


def _refuse_oddities(text: str) -> None:
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise refusal(
            "config-too-large",
            f"The label config is larger than {MAX_BYTES:,} bytes",
            "Move long lists of labels or choices into task data and name the field with value.",
            limit=MAX_BYTES,
        )
    if "\0" in text:
        line = _line_of(text, text.index("\0"))
        raise refusal(
            "nul-character", f"NUL character in line {line}", "Save the file as UTF-8 and remove it.", line
        )
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        line = _line_of(text, surrogate.start())
        raise refusal("broken-character", f"Broken character in line {line}", "Save the file as UTF-8.", line)
    doctype = _doctype_at(text)
    if doctype is not None:
        raise refusal(
            "dtd-forbidden",
            "Document types (DTD) and entities are not allowed",
            "Remove <!DOCTYPE ...> and write characters instead of entities.",
            _line_of(text, doctype),
        )


def _doctype_at(text: str) -> int | None:
    """Where the document type stands: it can only come before the root, after comments and instructions."""
    at = 0
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
        if text.startswith("<!--", at):
            end, width = text.find("-->", at + 4), 3
        elif text.startswith("<?", at):
            end, width = text.find("?>", at + 2), 2
        else:
            return at if text.startswith("<!", at) else None
        if end < 0:
            return None
        at = end + width


def _read(data: bytes) -> Element:
    depth = elements = 0
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for event, element in events:
            if event == "end":
                depth -= 1
                continue
            depth += 1
            elements += 1
            if depth > MAX_DEPTH:
                raise _too_many(
                    "config-too-deep", f"Elements are nested deeper than {MAX_DEPTH}", element, MAX_DEPTH
                )
            if len(element.attrib) > MAX_ATTRIBUTES:
                message = f"An element has more than {MAX_ATTRIBUTES} attributes"
                raise _too_many("too-many-attributes", message, element, MAX_ATTRIBUTES)
            if elements > MAX_ELEMENTS:
                raise _too_many(
                    "too-many-tags", f"There are more than {MAX_ELEMENTS:,} tags", element, MAX_ELEMENTS
                )
    except etree.XMLSyntaxError as error:
        said = error.msg or "not well-formed"
        remedy = "Close every tag and quote every attribute."
        raise refusal("xml-syntax", said, remedy, error.lineno or 1, detail=said, **_cause(error)) from error
    return _element(events.root)


def _cause(error: etree.XMLSyntaxError) -> dict[str, str]:
    """What is wrong, as a word and the names in it: the parser's own sentences are English only."""
    said = error.msg or ""
    if "EntityRef" in said and "not defined" not in said:
        return {"cause": "ampersand"}
    cause, pattern = _CAUSES.get(getattr(error, "code", 0), ("", ""))
    found = re.search(pattern, said)
    return {"cause": cause} | found.groupdict() if found else {"cause": ""}


_CAUSES = {
    4: ("no-element", ""),
    5: ("second-root", ""),
    9: ("character", ""),
    26: ("entity", r"'(?P<name>[^']+)'"),
    38: ("angle-in-value", ""),
    39: ("quotes", ""),
    40: ("quotes", ""),
    41: ("no-value", r"attribute (?P<name>[^\s,]+)"),
    42: ("attribute-twice", r"Attribute (?P<name>\S+)"),
    45: ("comment", ""),
    65: ("attributes", "attributes construct"),
    68: ("name", ""),
    76: ("crossed", r"mismatch: (?P<name>\S+) line (?P<opened>\d+) and (?P<other>[^\s,]+)"),
    77: ("not-closed", r"in tag (?P<name>\S+) line (?P<opened>\d+)"),
}
"""The parser's numbers for what people get wrong, and how it names the thing."""


def _element(given: etree._Element) -> Element:
    return Element(
        str(given.tag),
        {str(name): str(value) for name, value in given.attrib.items()},
        _line(given),
        given.text or "",
        given.tail or "",
        [_element(child) for child in given],
    )


def _line(given: etree._Element) -> int:
    line = given.sourceline
    return line if isinstance(line, int) else 1


def _too_many(code: str, message: str, element: etree._Element, limit: int) -> InvalidLabelConfig:
    return refusal(code, message, "Make the configuration smaller.", _line(element), limit=limit)


def _line_of(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1
