"""Task data: which fields are needed, what is refused on import, and samples."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.errors import InvalidTask
from labelwright.label_config import parse
from labelwright.label_config.paths import MISSING, look_up
from labelwright.tags import TagSet
from tests.core.label_config.gallery import GALLERY

CHOICES = '<Choices name="c" toName="o"><Choice value="a"/></Choices>'


def view(inside: str) -> str:
    return f"<View>{inside}{CHOICES}</View>"


@pytest.mark.parametrize(
    ("inside", "fields"),
    [
        ('<Text name="o" value="$text"/>', ("text",)),
        ('<Text name="o" value="$a.b"/>', ("a",)),
        ('<Text name="o" value="$a[0].b"/>', ("a",)),
        ('<Image name="o" valueList="$pages"/>', ("pages",)),
        ('<Header value="Hello $who, dear"/><Text name="o" value="$text"/>', ("who", "text")),
        ('<Text name="o" value="$text"/><Foo value="$x"/>', ("text", "x")),
        ('<Header value="Costs nothing"/><Text name="o" value="$正文"/>', ("正文",)),
    ],
)
def test_fields_are_what_any_tag_reads(inside: str, fields: tuple[str, ...], tags: TagSet) -> None:
    assert parse(view(inside), tags).fields == fields


@pytest.mark.parametrize(
    ("inside", "data"),
    [
        ('<Text name="o" value="$text"/>', {"text": "a"}),
        ('<Text name="o" value="$text"/>', {"text": 7, "more": None}),
        ('<Text name="o" value="$text"/>', {"text": ["a", "b"]}),
        ('<Text name="o" value="$a.b"/>', {"a": {"b": "x"}}),
        ('<Text name="o" value="$a.b"/>', {"a.b": "x"}),
        ('<Text name="o" value="$a[0].b"/>', {"a": []}),
        ('<Image name="o" valueList="$pages"/>', {}),
        ('<Header value="$title"/><Text name="o" value="$text"/>', {"text": "a"}),
        ('<Text name="o" value="$text"/>', {"$undefined$": "/data/upload/1/a.txt"}),
    ],
)
def test_a_task_with_what_is_needed_passes(inside: str, data: dict[str, Any], tags: TagSet) -> None:
    parse(view(inside), tags).check_task(data)


@pytest.mark.parametrize(
    ("inside", "data", "message", "field"),
    [
        ('<Text name="o" value="$text"/>', {"body": "a"}, '"text" key is expected in task data', "text"),
        ('<Text name="o" value="$a.b"/>', {"a": {}}, '"a.b" key is expected in task data', "a.b"),
        ('<Text name="o" value="$a.b"/>', {"a": "x"}, '"a.b" key is expected in task data', "a.b"),
        ('<Text name="o" value="$a[0]"/>', {"b": []}, '"a" key is expected in task data', "a"),
        (
            '<Image name="o" value="$image"/>',
            {"image": 7},
            "data['image']=7 is of type 'int', but the object tag Image expects the following types: ['str', 'list']",
            "image",
        ),
        (
            '<Text name="o" value="$a[0]"/>',
            {"a": "x"},
            "data['a']=x is of type 'str', but the object tag Text expects the following types: ['list']",
            "a",
        ),
        ('<Text name="o" value="$text"/>', None, "Task is empty (None)", None),
    ],
)  # fmt: skip
def test_a_task_without_what_is_needed_is_refused_in_label_studios_words(
    inside: str, data: Any, message: str, field: str | None, tags: TagSet
) -> None:
    with pytest.raises(InvalidTask) as refusal:
        parse(view(inside), tags).check_task(data)
    assert (refusal.value.message, refusal.value.field) == (message, field)


def test_an_unknown_tag_expects_text(tags: TagSet) -> None:
    with pytest.raises(InvalidTask, match=r"Movie expects the following types: \['str'\]"):
        parse('<View><Movie name="m" value="$m"/></View>', tags).check_task({"m": 1})


def test_an_uploaded_file_belongs_to_the_first_field_that_a_named_tag_shows(tags: TagSet) -> None:
    config = parse(view('<Header value="$title"/><Image name="o" value="$image"/>'), tags)
    assert config.upload_field == "image"
    assert config.bind_upload({"$undefined$": "/x.png", "n": 1}) == {"n": 1, "image": "/x.png"}
    assert config.check_task({"$undefined$": "/x.png"}) == {"image": "/x.png"}


def test_an_uploaded_file_keeps_its_name_while_nothing_is_shown(tags: TagSet) -> None:
    assert parse("<View/>", tags).bind_upload({"$undefined$": "/x.png"}) == {"$undefined$": "/x.png"}


def test_plain_files_suit_configurations_of_one_field(tags: TagSet) -> None:
    assert parse(view('<Text name="o" value="$a"/>'), tags).takes_files
    assert not parse(view('<Text name="o" value="$a"/><Text name="p" value="$b"/>'), tags).takes_files


def test_the_sample_has_every_field(tags: TagSet) -> None:
    config = parse(view('<Text name="o" value="$doc.body"/><Image name="i" valueList="$pages"/>'), tags)
    sample = config.sample_task()
    assert isinstance(sample["doc"]["body"], str)
    assert all(page.startswith("data:image/") for page in sample["pages"])


def test_the_sample_of_a_repeater_has_two_items(tags: TagSet) -> None:
    sample = parse(GALLERY["repeater"], tags).sample_task()
    assert [set(page) for page in sample["images"]] == [{"url"}, {"url"}]


def test_a_comment_says_what_the_sample_is(tags: TagSet) -> None:
    assert parse(GALLERY["comment_with_a_sample"], tags).sample_task() == {"text": "Hello"}


@pytest.mark.parametrize(
    "comment", ["<!-- {broken} -->", "<!-- {", '<!-- {"predictions": []} -->', f"<!-- {{{'[' * 9_000}}} -->"]
)
def test_a_comment_that_is_no_sample_is_left_alone(comment: str, tags: TagSet) -> None:
    xml = view('<Text name="o" value="$text"/>') + (comment if comment.endswith("-->") else "")
    assert set(parse(xml, tags).sample_task()) == {"text"}


@pytest.mark.parametrize("xml", GALLERY.values(), ids=GALLERY.keys())
def test_every_sample_task_fits_its_own_configuration(xml: str, tags: TagSet) -> None:
    config = parse(xml, tags)
    if all(node.tag for node in config.nodes):
        config.check_task(config.sample_task())


def test_a_huge_index_costs_nothing(tags: TagSet) -> None:
    sample = parse(view('<Text name="o" value="$a[999999999999]"/>'), tags).sample_task()
    assert len(sample["a"]) < 1_000


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.[0]", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.text("ab.[]0$", max_size=12), JSON)
def test_no_path_breaks_on_any_data(path: str, data: Any) -> None:
    found = look_up(path, data)
    assert found is MISSING or repr(found) in repr(data)
