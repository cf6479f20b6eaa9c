"""JSON from outside: what is refused, what is kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.doors import json_body
from labelwright.errors import InvalidInput


def deep(levels, inside=b""):
    return b"[" * levels + inside + b"]" * levels


REFUSED = {
    "empty": b"",
    "blank": b" \n ",
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": [Infinity]}',
    "minus Infinity": b'{"a": {"b": -Infinity}}',
    "1e400": b'{"a": [1, 1e400]}',
    "-1E+400": b'{"a": -1E+400}',
    "endless integer": b'{"a": ' + b"9" * 5000 + b"}",
    "half pair": b'{"a": "\\ud800"}',
    "half pair, second": b'{"a": "x\\uDC00y"}',
    "half pair in a key": b'{"\\ud800": 1}',
    "half pair in bytes": b'{"a": "\xed\xa0\x80"}',
    "escaped NUL": b'{"a": "x\\u0000"}',
    "NUL after a backslash": b'{"a": "\\\\\\u0000"}',
    "NUL in a key": b'{"\\u0000": 1}',
    "raw NUL": b'{"a": "\x00"}',
    "control character": b'{"a": "\x01"}',
    "not UTF-8": b'{"a": "\xff"}',
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "overlong": b'{"a": "\xc0\xaf"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32"),
    "BOM": b'\xef\xbb\xbf{"a": 1}',
    "201 levels": b'{"a": ' + deep(200) + b"}",
    "201 levels with siblings": b'{"a": ' + deep(200, b'1,[],{"b":["]"]}') + b"}",
    "100,000 levels": b'{"a": ' + deep(100_000) + b"}",
    "100,000 levels, open": b'{"a": ' + b"[" * 100_000,
    "half": b'{"a": [1, 2',
    "open text": b'{"a": "x',
    "two values": b'{"a": 1} {"a": 2}',
    "comma at the end": b'{"a": [1,]}',
    "leading zero": b'{"a": 01}',
    "single quotes": b"{'a': 1}",
    "comment": b'{"a": 1} // one',
    "bad escape": b'{"a": "\\q"}',
    "form": b"a=1&b=2",
    "yaml": b"a: !!python/object 1",
    "pickle": b"\x80\x04K\x01.",
    "utf-7": b"+AHsAIg-a+ACI-: 1}",
}


@pytest.mark.parametrize("raw", [(), ("a",)], ids=["parsed", "kept raw"])
@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_this_is_refused(data, raw):
    with pytest.raises(InvalidInput, match="^JSON parse error - ") as caught:
        json_body.parse(data, raw=raw)
    assert caught.value.code == "json-parse"


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_this_is_refused_as_a_list_s_item_too(data):
    with pytest.raises(InvalidInput):
        json_body.items(b"[" + data + b"]" if data.strip() else data)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 2**63, "b": -(2**64), "c": 123456789012345678901234567890},
        {"a": "\\u0000 is text when the backslash is escaped", "b": "\\ud800"},
        {"a": "\U0001f600 中文 \x7f"},
        {"a": "looks huge: 1e999 " + "9" * 300},
        {"a": "[" * 500 + "{" * 500 + '\\"'},
        [1, "x", None, True, 1.5, {"a": []}],
        {},
        [],
        0,
        "text",
        None,
    ],
    ids=repr,
)
def test_this_is_read_exactly(value):
    assert json_body.parse(json.dumps(value).encode()) == value
    assert json_body.parse(json.dumps(value, ensure_ascii=False).encode()) == value


TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=30,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_whatever_is_json_is_read_and_kept(value, ascii_only):
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert json_body.parse(data) == value
    kept = json_body.parse(data, raw=tuple(value))
    assert {name: json.loads(text) for name, text in kept.items()} == value


@given(st.binary(max_size=200))
def test_whatever_else_comes_is_refused_and_never_a_fault(data):
    try:
        json_body.parse(data, raw=("a",))
    except InvalidInput:
        return
    json.loads(data)


def test_two_hundred_levels_are_allowed():
    json_body.parse(b'{"a": ' + deep(199, b'"]]]]"') + b"}", raw=("a",))


def test_wide_is_not_deep():
    json_body.check(b"[" + b",".join([b"[{}]"] * 10_000) + b"]")


def test_a_raw_member_keeps_its_bytes():
    data = b'{"result": [ {"x":1.50, "x":2} ] , "lead_time": 1e2, "more": "\\u4e2d"}'
    assert json_body.parse(data, raw=("result",)) == {
        "result": b'[ {"x":1.50, "x":2} ]',
        "lead_time": 100.0,
        "more": "中",
    }


def test_raw_members_of_a_list_s_objects_keep_their_bytes():
    data = b'[{"data": {"n": 1.0}, "id": 1}, 7]'
    assert json_body.parse(data, raw=("data",)) == [{"data": b'{"n": 1.0}', "id": 1}, 7]


def test_a_raw_member_that_is_missing_is_missing():
    assert json_body.parse(b'{"b": 1}', raw=("a",)) == {"b": 1}


def test_of_two_members_with_one_name_the_last_counts():
    assert json_body.parse(b'{"a": 1, "a": 2}', raw=("a",)) == {"a": b"2"}


def test_the_place_of_the_fault_is_told():
    with pytest.raises(InvalidInput, match="line 3 column 9") as caught:
        json_body.parse('{"中文": 1,\n "b": 2,\n "中": 1,x}'.encode())
    assert (caught.value.params["line"], caught.value.params["column"]) == (3, 9)


def test_a_file_may_begin_with_a_byte_order_mark():
    assert json_body.parse(b'\xef\xbb\xbf {"a": 1}', bom=True) == {"a": 1}
    assert json_body.items(b"\xef\xbb\xbf[1, 2]", bom=True) == [b"1", b"2"]


def test_items_are_the_texts_of_a_list_or_the_one_object():
    assert json_body.items(b' [ {"a": 1.0}, "x" ] ') == [b'{"a": 1.0}', b'"x"']
    assert json_body.items(b'{"a": 1.0}\n') == [b'{"a": 1.0}']


@pytest.mark.timeout(60)
def test_hostile_texts_cost_no_more_than_honest_ones():
    """A megabyte each: work that grew with their square would not end within the minute."""
    hostile = [
        b'{"a": "' + b"\\\\" * 500_000 + b'"}',
        b'{"a": "' + b"e1" * 500_000 + b'"}',
        b'{"a": [' + b",".join([b"[[]]"] * 100_000) + b"]}",
        b'{"a": "' + b'\\"' * 500_000 + b'"}',
        b"[" + b"[],{}," * 150_000 + b"1]",
    ]
    for data in hostile:
        assert json_body.parse(data, raw=("a",))
