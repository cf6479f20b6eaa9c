"""Hostile and broken XML: refused, quickly, with the place."""

from __future__ import annotations

import pytest

from labelwright.errors import InvalidLabelConfig
from labelwright.label_config import parse
from labelwright.tags import TagSet

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": (f'<!DOCTYPE v [<!ENTITY l0 "ha">{LAUGHS}]><View>&l9;</View>', "dtd-forbidden"),
    "quadratic blow-up": (
        f'<!DOCTYPE v [<!ENTITY a "{"a" * 90_000}">]><View>{"&a;" * 9_000}</View>',
        "dtd-forbidden",
    ),
    "external entity": (
        '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>',
        "dtd-forbidden",
    ),
    "external DTD": ('<!DOCTYPE v SYSTEM "http://127.0.0.1:1/x.dtd"><View/>', "dtd-forbidden"),
    "DTD after comments": ("<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE v><View/>", "dtd-forbidden"),
    "DTD in capitals": ("<!doctype v><View/>", "dtd-forbidden"),
    "20,000 deep": ("<View>" * 20_000 + "</View>" * 20_000, "config-too-deep"),
    "10 MB": ("<View>" + "a" * 10_000_000 + "</View>", "config-too-large"),
    "too many tags": ("<View>" + "<View/>" * 5_000 + "</View>", "too-many-tags"),
    "too many attributes": (
        "<View " + " ".join(f'a{n}=""' for n in range(60_000)) + "/>",
        "too-many-attributes",
    ),
    "NUL": ("<View>\n\0</View>", "nul-character"),
    "UTF-16 read as bytes": ("<View/>".encode("utf-16-le").decode("latin-1"), "nul-character"),
    "lone surrogate": ("<View a='\ud800'/>", "broken-character"),
    "comments without end": ("<!-- " * 190_000, "xml-syntax"),
    "not closed": ("<View>\n<Text></View>", "xml-syntax"),
    "entity of HTML": ("<View>&nbsp;</View>", "xml-syntax"),
    "two roots": ("<View/>\n<View/>", "xml-syntax"),
    "empty": ("  \n", "empty-config"),
    "not XML": ("hello", "xml-syntax"),
    "control character": ("<View>\x01</View>", "xml-syntax"),
}


@pytest.mark.timeout(30)  # entities that were unfolded, or work in the square of the size, would never end
@pytest.mark.parametrize(("xml", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_xml_is_refused(xml: str, code: str, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig) as refusal:
        parse(xml, tags)
    assert [problem["code"] for problem in refusal.value.problems] == [code]


@pytest.mark.parametrize("given", [None, b"<View/>", 7, ["<View/>"]], ids=lambda given: type(given).__name__)
def test_anything_but_text_is_refused(given: object, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig, match="can only parse strings"):
        parse(given, tags)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        ("<View>\n<Text></View>", 2),
        ("\n\n<View>\n\0</View>", 4),
        ("<View>\n\n<a b=c/></View>", 3),
        ("\n<!DOCTYPE v>", 2),
    ],
)
def test_the_line_of_a_syntax_error_is_told(xml: str, line: int, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig) as refusal:
        parse(xml, tags)
    assert refusal.value.problems[0]["line"] == line


CAUSES = [
    ("<View>\n<Text></View>", {"cause": "crossed", "name": "Text", "opened": "2", "other": "View"}),
    ("<View>\n<Text>", {"cause": "not-closed", "name": "Text", "opened": "2"}),
    ("<View/>\n<View/>", {"cause": "second-root"}),
    ("hello", {"cause": "no-element"}),
    ("<View>&nbsp;</View>", {"cause": "entity", "name": "nbsp"}),
    ("<View>a & b</View>", {"cause": "ampersand"}),
    ("<View>&amp</View>", {"cause": "ampersand"}),
    ("<View a=b/>", {"cause": "quotes"}),
    ("<View a='b", {"cause": "quotes"}),
    ("<View a='<'/>", {"cause": "angle-in-value"}),
    ("<View a='1' a='2'/>", {"cause": "attribute-twice", "name": "a"}),
    ("<View a/>", {"cause": "no-value", "name": "a"}),
    ("<View a='1'b='2'/>", {"cause": "attributes"}),
    ("<View>3 < 4</View>", {"cause": "name"}),
    ("<View>\x01</View>", {"cause": "character"}),
    ("<!-- a", {"cause": "comment"}),
    ("<View><?a</View>", {"cause": ""}),
]


def test_the_cause_of_a_syntax_error_is_named_for_translation(tags: TagSet) -> None:
    for xml, cause in CAUSES:
        with pytest.raises(InvalidLabelConfig) as refusal:
            parse(xml, tags)
        problem = refusal.value.problems[0]
        assert problem["params"] == cause | {"detail": problem["message"]}, xml


def test_xinclude_is_never_followed(tags: TagSet) -> None:
    xml = (
        '<View><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/></View>'
    )
    assert "root:" not in str(parse(xml, tags).tree())


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "xml",
    [
        "<View>" + "<Imag/>" * 4_000 + "</View>",
        "<View>" + "".join(f"<T{n}ext/>" for n in range(4_000)) + "</View>",
        "<View>" + ("<View " + " ".join(f'style{n}=""' for n in range(400)) + "/>") * 150 + "</View>",
        "<View>" + "".join(f'<Text name="t{n}" toName="x{n}"/>' for n in range(4_000)) + "</View>",
        "<!-- a -->" * 90_000 + "<View/>",
        '<View><Choices name="c" toName="c">' + '<Choice value="a"/>' * 4_000 + "</Choices></View>",
    ],
    ids=["misspelt tags", "unknown tags", "attributes", "dangling toNames", "comments", "duplicates"],
)
def test_many_mistakes_end_in_few_messages(xml: str, tags: TagSet) -> None:
    try:
        found = len(parse(xml, tags).warnings)
    except InvalidLabelConfig as refusal:
        found = len(refusal.problems)
    assert found <= 200


@pytest.mark.parametrize(
    "xml",
    ['<?xml version="1.0" encoding="utf-16"?><View/>', "\ufeff<View/>", "\n<?xml version='1.0'?><View/>"],
    ids=["declaration", "byte order mark", "empty line"],
)
def test_what_an_editor_puts_before_the_root_does_no_harm(xml: str, tags: TagSet) -> None:
    assert parse(xml, tags).root.element == "View"
