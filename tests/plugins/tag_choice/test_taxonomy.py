"""Trees: paths of items as answers and as labels, and the levels that come from other servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labelwright.errors import InvalidRegion
from labelwright.label_config import LabelConfig, parse
from labelwright.tags import TagSet
from tests.plugins.tag_choice.tree_server import LEVELS, TreeServer, serving_a_tree
from tests.web.application import House, opened_house

TEXT = '<Text name="t" value="$t"/>'
CHOICES = '<Choice value="Animal"><Choice value="Cat" alias="felis"/></Choice><Choice value="Plant"/>'


def tree(inside: str = CHOICES, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<View>{TEXT}<Taxonomy name="x" toName="t"{written}>{inside}</Taxonomy></View>'


def answer(paths: Any, **span: Any) -> list[dict[str, Any]]:
    return [{"from_name": "x", "to_name": "t", "type": "taxonomy", "value": {"taxonomy": paths, **span}}]


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(tree(), tags)


def test_paths_are_accepted_and_strange_items_named(config: LabelConfig) -> None:
    assert config.check(answer([["Animal", "felis"], ["Plant"]])) == ()
    (warning,) = config.check(answer([["Animal", "Cow"]]))
    assert (warning.code, warning.params["path"]) == ("unknown-label", "result.0.value.taxonomy")


@pytest.mark.parametrize("paths", ["Plant", [[]], [["Animal", 1]], None])
def test_what_is_no_path_is_refused(paths: Any, config: LabelConfig) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        config.check(answer(paths))
    assert str(refusal.value.field).startswith("result.0.value.taxonomy")


def test_a_labelled_part_is_checked_as_the_text_counts_it(tags: TagSet) -> None:
    config = parse(tree(labeling="true"), tags)
    assert config.check(answer([["Plant"]], start=0, end=3, text="Ada")) == ()
    assert config.check(config.sample_result(), config.sample_task()) == ()
    with pytest.raises(InvalidRegion, match="start is after end"):
        config.check(answer([["Plant"]], start=3, end=0))


def test_a_tree_may_come_with_the_task_or_be_missing_there(tags: TagSet) -> None:
    config = parse(tree("", value="$tree"), tags)
    assert config.check(answer([["anything"]])) == ()
    for given in ([{"value": "A", "children": ["B"]}], None, "A"):
        config.check_task({"t": "Ada", "tree": given})
    assert config.check(config.sample_result(), config.sample_task()) == ()


def test_a_tree_without_items_is_told_to_the_author(tags: TagSet) -> None:
    assert [problem.code for problem in parse(tree(""), tags).warnings] == ["no-items"]
    assert parse(tree("", apiUrl="https://tree.example/"), tags).warnings == ()


@pytest.mark.parametrize(
    ("more", "suits"), [({}, True), ({"labeling": "true"}, False), ({"apiUrl": "https://tree.example/"}, False),
                        ({"perRegion": "true"}, False)],
)  # fmt: skip
def test_only_a_plain_tree_suits_bulk_work(more: dict[str, str], suits: bool, tags: TagSet) -> None:
    assert parse(tree(**more), tags).suits_bulk() is suits


# --- levels from other servers


@pytest.fixture(scope="module")
def there() -> Iterator[TreeServer]:
    with serving_a_tree() as server:
        yield server


@pytest.fixture(scope="module")
def house(shared_url: str, tmp_path_factory: pytest.TempPathFactory, weak_hashes: None) -> Iterator[House]:
    """The application, allowed to call this machine by name, and so not by its address."""
    environ = {"LABELWRIGHT_OUTBOUND_IMPORT": "localhost"}
    with opened_house(tmp_path_factory.mktemp("house"), shared_url, environ) as found:
        yield found


def test_levels_are_fetched_for_whoever_may_see_the_project(house: House, there: TreeServer) -> None:
    api = house.api()
    named = there.url.replace("127.0.0.1", "ada:p%40ss@localhost")
    project = api.project(tree("", apiUrl=f"{named}/tree?v=2"))
    place = f"/api/projects/{project}/taxonomy?control=x"
    assert api("GET", place).json == {"items": LEVELS[()]}
    assert api("GET", f"{place}&path=animalia&path=Dog").json == {"items": LEVELS[("animalia", "Dog")]}
    assert there.asked[-1] == ("animalia", "Dog")
    assert there.credentials[-1] == "Basic YWRhOnBAc3M="

    assert house.api("guest@example.org", organization="Elsewhere")("GET", place).status_code == 404
    assert api("GET", f"/api/projects/{project}/taxonomy?control=t").status_code == 404
    assert api("GET", f"/api/projects/{project}/taxonomy").status_code == 400
    assert api("GET", place + "&path=a" * 65).status_code == 400


def test_a_server_that_gives_nothing_usable_is_a_clear_refusal(house: House, there: TreeServer) -> None:
    api = house.api()
    base = there.url.replace("127.0.0.1", "localhost")
    there.odd = {
        "/list": (200, b'["A", {"value": "B", "x": 1, "children": ["C"]}, null, {"value": true}]'),
        "/moved": (302, b"/list"),
        "/away": (302, there.url.encode()),
        "/round": (302, b"/round"),
        "/html": (200, b"<p>No tree</p>"),
        "/word": (200, b'{"items": "none"}'),
        "/gone": (404, b""),
    }

    def level(path: str) -> Any:
        return api("GET", "/api/taxonomy", query_string={"url": path if "://" in path else base + path})

    expected = {"items": [{"value": "A"}, {"value": "B", "children": [{"value": "C"}]}]}
    assert level("/list").json == expected
    assert level("/moved").json == expected
    for path in ("/round", "/html", "/word", "/gone"):
        answered = level(path)
        assert (answered.status_code, answered.json["code"]) == (400, "taxonomy-unusable"), path
    for path in ("/away", there.url, "http://[", "file:///etc/passwd", "http://169.254.169.254/"):
        assert level(path).status_code == 400, path
        assert level(path).json["code"] == "url-refused", path
