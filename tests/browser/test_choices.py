"""Choices in every dress, lists of pictures asked of one by one, and what becomes of answers whose question is gone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.desk import OpenTask, reopen, saved
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

DRESSES = """<View><Text name="t" value="$t"/>
  <Choices name="rich" toName="t"><Choice value="Bold" html="&lt;b&gt;Strong&lt;/b&gt; words&lt;img src=x onerror='window.hit=1'&gt;"
    hint="As said" style="color: #c00" hotkey="b"/><Choice value="Plain"/></Choices>
  <Choices name="one" toName="t" layout="select"><Choice value="Red"/><Choice value="Green" alias="g"/><Choice value="Blue"/></Choices>
  <Choices name="some" toName="t" layout="select" choice="multiple" allowNested="true" value="$tree"/>
  <Choices name="deep" toName="t" choice="multiple" allowNested="true" value="$tree"/></View>"""  # noqa: E501
TREE = [
    {"value": "Animal", "children": [{"value": "Cat", "alias": "felis"}, {"value": "Dog"}]},
    {"value": "Plant"},
]


def square(colour: str, width: int = 60) -> str:
    shape = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='40'>"
    return f"data:image/svg+xml;utf8,{shape}<rect width='{width}' height='40' fill='{colour}'/></svg>"


def test_choices_are_made_in_every_dress(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(DRESSES, {"t": "here", "tree": TREE})
    rich = page.get_by_role("group", name="rich")
    expect(rich.locator("b")).to_have_text("Strong")
    expect(rich.locator(".lw-choice").first).to_have_attribute("title", "As said")
    assert page.evaluate("window.hit ?? null") is None
    labelling.press("b")
    expect(rich.get_by_role("checkbox").first).to_be_checked()

    one = page.get_by_role("combobox", name="one")
    one.press_sequentially("gre")
    expect(page.get_by_role("treeitem")).to_have_text(["Green"])
    one.press("Enter")
    expect(page.get_by_role("tree")).to_have_count(0)
    one.click()
    page.get_by_role("treeitem", name="Blue").click()
    expect(page.locator("[data-control=one] .lw-picked")).to_have_text(["Blue"])

    some = page.get_by_role("combobox", name="some")
    for key in ("ArrowDown", "ArrowDown", "Enter", "End", "Enter", "Escape"):
        some.press(key)
    deep = page.get_by_role("group", name="deep")
    deep.get_by_role("checkbox", name="Animal").check()  # and all inside it
    deep.get_by_role("checkbox", name="Dog").uncheck()
    expect(deep.get_by_role("checkbox", name="Animal")).not_to_be_checked()
    labelling.submit()
    values = {item["from_name"]: item["value"] for item in saved(site, project)}
    assert values == {
        "rich": {"choices": ["Bold"]},
        "one": {"choices": ["Blue"]},
        "some": {"choices": [["Animal", "felis"], ["Plant"]]},
        "deep": {"choices": [["Animal", "felis"]]},
    }
    reopen(site, page, project)
    expect(page.locator("[data-control=some] .lw-picked")).to_have_text(["Animal / Cat", "Plant"])
    expect(deep.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_each_picture_of_a_list_has_answers_of_its_own(site: LiveServer, open_task: OpenTask) -> None:
    config = """<View><Image name="i" valueList="$pictures"/>
    <RectangleLabels name="box" toName="i"><Label value="Thing"/></RectangleLabels>
    <Choices name="kind" toName="i" perItem="true" required="true"><Choice value="warm"/><Choice value="cold"/>
    </Choices><Number name="count" toName="i" perItem="true"/></View>"""
    page, labelling, project = open_task(config, {"pictures": [square("red"), square("blue", 120)]})
    labelling.press("1")
    labelling.picture(60, 40).drag(10, 10, 40, 30)
    page.get_by_role("checkbox", name="warm").check()
    labelling.press("Control+Enter")  # the second has no answer yet, and is shown
    expect(page.get_by_text("2 of 2")).to_be_visible()
    expect(page.get_by_role("checkbox", name="warm")).not_to_be_checked()
    labelling.picture(120, 40).drag(10, 10, 90, 30)
    page.get_by_role("checkbox", name="cold").check()
    page.get_by_role("spinbutton", name="count").fill("2")
    page.get_by_role("button", name="Previous picture").click()
    expect(page.get_by_role("spinbutton", name="count")).to_have_value("")
    expect(page.get_by_role("checkbox", name="warm")).to_be_checked()
    labelling.regions.last.click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    labelling.press("Escape")
    labelling.press("Control+ArrowLeft")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    labelling.submit()
    found = [
        (item["from_name"], item["item_index"], item.get("original_width"), item["value"].get("choices"))
        for item in saved(site, project)
    ]
    assert found == [
        ("box", 0, 60, None), ("kind", 0, None, ["warm"]), ("box", 1, 120, None), ("kind", 1, None, ["cold"]),
        ("count", 1, None, None),
    ]  # fmt: skip
    reopen(site, page, project)
    page.get_by_role("button", name="Next picture").click()
    expect(page.get_by_role("spinbutton", name="count")).to_have_value("2")


def test_answers_whose_question_is_gone_are_not_submitted(site: LiveServer, open_task: OpenTask) -> None:
    config = """<View><Labels name="l" toName="t"><Label value="Name"/><Label value="Place"/></Labels>
    <Text name="t" value="$t"/>
    <Choices name="more" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices>
    <View visibleWhen="choice-selected" whenTagName="more" whenChoiceValue="Yes">
      <Choices name="inner" toName="t" required="true"><Choice value="Inner"/></Choices></View>
    <Choices name="sure" toName="t" perRegion="true"><Choice value="Sure"/><Choice value="Unsure"/></Choices>
    <TextArea name="why" toName="t" perRegion="true" visibleWhen="choice-selected" whenTagName="sure"
      whenChoiceValue="Unsure" required="true"/>
    <Choices name="who" toName="t" perRegion="true" whenLabelValue="Name"><Choice value="Author"/></Choices></View>"""
    page, labelling, project = open_task(config, {"t": "Ada met Bob"})
    page.get_by_role("checkbox", name="Yes").check()
    page.get_by_role("checkbox", name="Inner").check()
    page.get_by_role("checkbox", name="No").check()
    labelling.press("1")
    for start, end, sure in ((0, 3, "Unsure"), (8, 11, "Sure")):
        labelling.text("t").mark(start, end)
        labelling.regions.last.click()
        page.get_by_role("checkbox", name="Unsure").check()
        page.get_by_role("textbox", name="why", exact=True).fill("guessed")
        page.get_by_role("textbox", name="why", exact=True).press("Enter")
        page.get_by_role("checkbox", name="Author").check()
        page.get_by_role("checkbox", name=re.compile(f"^{sure}")).check()
    labelling.label("Place").click()  # the second is a place now
    labelling.submit()
    found = [(item["from_name"], item["value"].get("start")) for item in saved(site, project)]
    assert found == [("more", None), ("l", 0), ("sure", 0), ("why", 0), ("who", 0), ("l", 8), ("sure", 8)]
