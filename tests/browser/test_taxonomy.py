"""Trees: chosen from by keys and by mouse, as answers and as labels; of the configuration, the task, and a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.desk import OpenTask, reopen, saved
from tests.browser.looking import axe_complaints
from tests.plugins.tag_choice.tree_server import TreeServer, serving_a_tree
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

ANIMALS = """<Choice value="Animal"><Choice value="Cat" alias="felis" hint="It purrs"/>
  <Choice value="Dog"><Choice value="Poodle"/><Choice value="Great Dane"/></Choice></Choice>
  <Choice value="Plant" hotkey="p"/>"""
TREES = f"""<View><Text name="t" value="$t"/>
  <Taxonomy name="kind" toName="t" showFullPath="true" pathSeparator=" > " placeholder="Which kind?" required="true"
    requiredMessage="Say what it is">{ANIMALS}</Taxonomy>
  <Taxonomy name="group" toName="t" value="$groups" leafsOnly="true" maxUsages="2" minWidth="300"
    dropdownWidth="420px"/>
  <Rating name="purrs" toName="t" visibleWhen="choice-selected" whenTagName="kind" whenChoiceValue="Cat"/></View>"""
GROUPS = [
    {"value": f"Group {at}", "children": [f"Item {at}-{below}" for below in range(100)]} for at in range(100)
]


@pytest.fixture(scope="module")
def there() -> Iterator[TreeServer]:
    with serving_a_tree() as server:
        yield server


def test_trees_are_chosen_from_by_keys(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(TREES, {"t": "What is it?", "groups": GROUPS})
    labelling.press("Control+Enter")
    expect(page.get_by_text("Say what it is").first).to_be_visible()
    expect(page.get_by_role("radiogroup", name="purrs")).to_have_count(0)

    kind = page.get_by_role("combobox", name="kind")
    kind.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):  # open, unfold, go in, choose
        kind.press(key)
    expect(page.get_by_role("treeitem", name="Cat")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("treeitem", name="Cat")).to_have_attribute("title", "It purrs")
    assert axe_complaints(page) == []
    kind.press_sequentially("animal dane")
    expect(page.get_by_role("treeitem")).to_have_text(["Animal", "Dog", "Great Dane"])
    kind.press("Enter")
    kind.press("Escape")
    expect(page.get_by_role("tree")).to_have_count(0)
    kind.press_sequentially("plant")
    kind.press("Enter")
    kind.press("Escape")
    kind.press("Backspace")  # takes the last one back
    expect(page.get_by_text("Animal > Cat")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="purrs")).to_be_visible()
    kind.blur()
    labelling.press("p")
    labelling.press("p")

    group = page.get_by_role("combobox", name="group", exact=True)
    group.press_sequentially("item 99-9")
    expect(page.get_by_role("treeitem").first).to_have_text("Group 99")
    assert page.get_by_role("treeitem").count() < 60, "all ten thousand were drawn"
    group.press("Enter")
    group.press("Home")
    group.fill("")
    group.press("ArrowDown")
    group.press("Enter")  # a branch is no leaf: it opens
    expect(page.get_by_role("treeitem", name="Item 1-0", exact=True)).to_be_visible()
    for key in ("ArrowDown", "Enter", "ArrowDown", "Enter"):
        group.press(key)
    expect(page.get_by_text("No more than 2 can be chosen").first).to_be_visible()
    group.press("Tab")
    labelling.submit()

    expected = {
        "kind": ("taxonomy", {"taxonomy": [["Animal", "felis"], ["Animal", "Dog", "Great Dane"]]}),
        "group": ("taxonomy", {"taxonomy": [["Group 99", "Item 99-9"], ["Group 1", "Item 1-0"]]}),
    }
    assert {item["from_name"]: (item["type"], item["value"]) for item in saved(site, project)} == expected
    reopen(site, page, project)
    for words in ("Animal > Cat", "Animal > Dog > Great Dane", "Item 99-9", "Item 1-0"):
        expect(page.get_by_text(words, exact=True)).to_be_visible()


def test_a_tree_is_chosen_from_by_mouse(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(TREES, {"t": "What is it?", "groups": GROUPS[:9]})
    page.get_by_role("combobox", name="kind").click()
    animal = page.get_by_role("treeitem", name="Animal")
    animal.locator(".lw-pick-fold").click()
    page.get_by_role("treeitem", name="Cat").click()
    page.get_by_role("treeitem", name="Plant").click()
    page.get_by_role("button", name="Remove Animal > Cat").click()
    page.get_by_text("What is it?").click()
    expect(page.get_by_role("tree")).to_have_count(0)
    page.get_by_role("button", name="Open the list").last.click()
    page.get_by_role("treeitem", name="Group 3", exact=True).click()
    page.get_by_role("treeitem", name="Item 3-1", exact=True).click()
    page.get_by_role("button", name="Close the list").click()
    labelling.submit()
    values = [item["value"] for item in saved(site, project)]
    assert values == [{"taxonomy": [["Plant"]]}, {"taxonomy": [["Group 3", "Item 3-1"]]}]


def test_items_of_a_tree_are_labels_of_a_text(site: LiveServer, open_task: OpenTask) -> None:
    config = f"""<View><Taxonomy name="kind" toName="t" labeling="true">{ANIMALS}</Taxonomy><Text name="t" value="$t"/>
    <Choices name="sure" toName="t" perRegion="true" whenLabelValue="Plant"><Choice value="yes"/></Choices></View>"""
    page, labelling, project = open_task(config, {"t": "A cat sleeps under a fern"})
    text = labelling.text("t")
    kind = page.get_by_role("combobox", name="kind")
    kind.press_sequentially("cat")
    kind.press("Enter")
    kind.press("Escape")
    text.mark(2, 5)  # with a label in hand
    page.get_by_role("button", name="Remove Cat").click()
    text.mark(21, 25)  # marked first, labelled then
    kind.click()
    page.get_by_role("treeitem", name="Plant").click()
    kind.press("Escape")
    expect(labelling.regions).to_have_count(2)
    labelling.regions.last.click()
    page.get_by_role("checkbox", name="yes").check()
    labelling.submit()
    found = [(item["type"], item["value"]) for item in saved(site, project)]
    assert found == [
        ("taxonomy", {"start": 2, "end": 5, "text": "cat", "taxonomy": [["Animal", "felis"]]}),
        ("taxonomy", {"start": 21, "end": 25, "text": "fern", "taxonomy": [["Plant"]]}),
        ("choices", {"start": 21, "end": 25, "text": "fern", "choices": ["yes"]}),
    ]
    reopen(site, page, project)
    expect(labelling.regions.first).to_contain_text("Cat")


def test_a_tree_of_a_server_comes_level_by_level(
    site: LiveServer, open_task: OpenTask, there: TreeServer
) -> None:
    url = there.url.replace("127.0.0.1", "localhost")
    config = f'<View><Text name="t" value="$t"/><Taxonomy name="kind" toName="t" apiUrl="{url}/tree"/></View>'
    page, labelling, project = open_task(config, {"t": "What is it?"})
    kind = page.get_by_role("combobox", name="kind")
    kind.press("ArrowDown")
    expect(page.get_by_role("treeitem")).to_have_text(["Animal", "Plant"])
    kind.press("ArrowRight")
    expect(page.get_by_role("treeitem")).to_have_text(["Animal", "Cat", "Dog", "Plant"])
    there.odd["/tree"] = (500, b"")
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        kind.press(key)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    there.odd.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("treeitem", name="Poodle & co")).to_be_visible()
    kind.press("ArrowRight")
    kind.press("Enter")
    kind.press("Escape")
    labelling.submit()
    assert [item["value"] for item in saved(site, project)] == [
        {"taxonomy": [["animalia", "Dog", "Poodle & co"]]}
    ]


def test_labellers_add_items_of_their_own(site: LiveServer, open_task: OpenTask) -> None:
    tree = f'<Taxonomy name="kind" toName="t" legacy="true">{ANIMALS}</Taxonomy>'
    config = f'<View><Text name="t" value="$t"/>{tree}</View>'
    page, labelling, project = open_task(config, {"t": "What is it?"})
    kind = page.get_by_role("combobox", name="kind")
    kind.press_sequentially("Stone")
    expect(page.get_by_role("button", name="Add “Stone”")).to_be_visible()
    with page.expect_response(lambda answer: "/api/labels" in answer.url and answer.status == 201):
        kind.press("Enter")
    kind.press("Escape")
    labelling.submit()
    assert [item["value"] for item in saved(site, project)] == [{"taxonomy": [["Stone"]]}]
    links = site.client().get(f"/api/label_links?project={project}&expand=label").json()["results"]
    assert [(link["from_name"], link["label"]["value"]) for link in links] == [("kind", ["Stone"])]
    reopen(site, page, project)
    kind.press("ArrowDown")
    expect(page.get_by_role("treeitem", name="Stone")).to_be_visible()
