"""A configuration made and changed by forms: by keys alone, by hand, and beside its code."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import add_picture, make_project
from tests.browser.pages import CreateProject, VisualEditor
from tests.browser.surfaces import Picture
from tests.real_data.images import Box
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

WRITTEN = """<View>
  <!-- What is shown -->
  <Image name="picture" value="$image"
         zoom="true" />
  <RectangleLabels name='box' toName='picture'>  <!-- drawn -->
    <Label value="Car" /> <!-- also lorries -->
    <Label value="Tree" background="#00FF00" />
  </RectangleLabels>

  <Choices name="far" toName="picture" whenTagName="box" whenLabelValue="Car,Tree" visibleWhen="region-selected">
    <Choice value="Near"/><Choice value="Far"/>
  </Choices>
  <Unheard of="this"/>
</View>
"""


def config_of(site: LiveServer, project: int) -> str:
    return site.client().get(f"/api/projects/{project}").json()["label_config"]


def focus_on(page: Page, wanted: Locator, key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} times {key} do not lead there")


def test_from_nothing_to_boxes_by_keys_alone(site: LiveServer, seat: Page) -> None:
    seat.goto(f"{site.url}/projects/create")
    create = CreateProject(seat)
    create.name("By keys")
    create.go_to_interface()
    create.write_myself()
    keys = seat.keyboard
    visual = create.visual

    focus_on(seat, visual.switch)
    keys.press("Enter")
    expect(visual.tree).to_be_visible()
    focus_on(seat, visual.tag("View"))
    for tag in ("Image", "RectangleLabels"):
        keys.press("Insert")
        keys.type(tag)
        expect(seat.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text(tag)
        keys.press("Enter")
        expect(visual.tag(tag)).to_be_visible()
    # The set waits for its labels.
    expect(visual.labels.get_by_label("New labels, one per line")).to_be_focused()
    keys.type("Car")
    keys.press("Shift+Enter")
    keys.type("Tree")
    keys.press("Enter")
    visual.see_labels("Car", "Tree")

    # Another order: the focus goes along.
    focus_on(seat, visual.label(2), "Shift+Tab")
    keys.press("Alt+ArrowUp")
    visual.see_labels("Tree", "Car")
    expect(visual.label(1)).to_be_focused()

    # A new name, which the control follows; and a place below it.
    focus_on(seat, visual.tag("RectangleLabels"), "Shift+Tab")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(visual.field("name")).to_be_focused()
    keys.press("Control+a")
    keys.type("photo")
    keys.press("Enter")
    expect(visual.tag("Image photo")).to_be_visible()
    focus_on(seat, visual.tag("Image photo"), "Shift+Tab")
    keys.press("Alt+ArrowDown")
    expect(visual.tag("Image photo")).to_be_focused()
    keys.press("Control+d")
    expect(visual.tag("Image photo2")).to_be_focused()
    keys.press("Control+z")
    expect(visual.tag("Image photo2")).to_have_count(0)

    for label in ("Tree", "Car"):
        expect(create.preview.get_by_role("button", name=re.compile(f"^{label}"))).to_be_visible()
    create.see_valid()
    keys.press("Control+Enter")
    seat.wait_for_url(re.compile(r"/projects/\d+/data"))
    assert config_of(site, int(re.findall(r"/projects/(\d+)", seat.url)[0])) == (
        "<View>\n"
        '  <RectangleLabels name="rectanglelabels" toName="photo">\n'
        '    <Label value="Tree"/>\n'
        '    <Label value="Car"/>\n'
        "  </RectangleLabels>\n"
        '  <Image name="photo" value="$image"/>\n'
        "</View>"
    )


def test_by_hand_what_is_not_touched_stays(site: LiveServer, seat: Page, tmp_path: Path) -> None:
    project = make_project(site, WRITTEN, [])
    Image.new("RGB", (400, 300), "white").save(tmp_path / "white.png")
    add_picture(site, project, tmp_path / "white.png")
    seat.goto(f"{site.url}/projects/{project}/settings/labeling")
    visual = VisualEditor(seat).open()

    visual.choose("RectangleLabels")
    box = visual.labels.get_by_label("New labels, one per line")
    box.fill("Bus\nCar\n\n  A & B  \n")
    visual.labels.get_by_role("button", name="Add 2").click()
    visual.see_labels("Car", "Tree", "Bus", "A & B")
    visual.labels.get_by_label("Colour of Bus").fill("#123456")
    visual.labels.get_by_label("Key of Bus").press("Shift+B")
    visual.label(2).fill("Plant")
    visual.label(2).press("Enter")
    drag(seat, visual.labels.locator(".label-grip").nth(3), visual.label(1), "above")
    visual.see_labels("A & B", "Car", "Plant", "Bus")

    visual.choose("Image")
    visual.field("name").fill("box")
    expect(visual.form.get_by_text("This name is taken")).to_be_visible()
    visual.field("name").fill("photo")
    visual.field("name").press("Enter")
    drag(seat, visual.tag("Unheard"), visual.tag("Choices far"), "above")
    expect(visual.tree.get_by_role("treeitem")).to_contain_text(
        ["View", "Image", "RectangleLabels", "Unheard", "Choices"]
    )

    # It can be labelled with, as it is now: once the server has looked at it.
    expect(seat.get_by_role("region", name="Problems").get_by_text("Line 11")).to_be_visible()
    preview = seat.get_by_role("region", name="Preview").last
    picture = Picture(seat, 400, 300, preview).wait()
    preview.get_by_role("button", name=re.compile("^Plant")).click()
    before = picture.look(Box("", 90, 90, 120, 120))
    picture.drag(100, 100, 200, 200)
    assert picture.look(Box("", 90, 90, 120, 120)) != before, "nothing was drawn"

    # One history for both: what was done in the forms is undone in the code.
    seat.get_by_role("button", name="Code", exact=True).click()
    code = seat.get_by_role("textbox", name="Labelling configuration as XML")
    code.click()
    seat.keyboard.press("Control+z")
    visual.open()
    expect(visual.tree.get_by_role("treeitem").nth(3)).to_contain_text("Choices")
    visual.tree.get_by_role("treeitem").first.press("Control+Shift+z")
    expect(visual.tree.get_by_role("treeitem").nth(3)).to_contain_text("Unheard")

    seat.get_by_role("button", name="Save", exact=True).click()
    expect(seat.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    assert (
        config_of(site, project) + "\n"
        == """<View>
  <!-- What is shown -->
  <Image name="photo" value="$image"
         zoom="true" />
  <RectangleLabels name='box' toName='photo'>  <!-- drawn -->
    <Label value="A &amp; B"/>
    <Label value="Car" /> <!-- also lorries -->
    <Label value="Plant" background="#00FF00" />
    <Label value="Bus" background="#123456" hotkey="shift+b"/>
  </RectangleLabels>
  <Unheard of="this"/>

  <Choices name="far" toName="photo" whenTagName="box" whenLabelValue="Car,Plant" visibleWhen="region-selected">
    <Choice value="Near"/><Choice value="Far"/>
  </Choices>
</View>
"""
    )


def test_what_is_wrong_is_said_where_it_is(site: LiveServer, seat: Page) -> None:
    project = make_project(site, WRITTEN, [])
    seat.goto(f"{site.url}/projects/{project}/settings/labeling")
    visual = VisualEditor(seat).open()
    problems = seat.get_by_role("region", name="Problems")

    problems.get_by_role("button", name=re.compile("Unheard")).click()
    expect(visual.tag("Unheard")).to_have_attribute("aria-selected", "true")
    visual.choose("Choices far")
    visual.field("toName").select_option("")
    expect(visual.tag("Choices far")).to_contain_text("1 error")
    expect(visual.field("toName")).to_have_attribute("aria-invalid", "true")
    visual.field("toName").press("Control+z")
    expect(visual.field("toName")).not_to_have_attribute("aria-invalid", "true")

    seat.get_by_role("button", name="Code", exact=True).click()
    code = seat.get_by_role("textbox", name="Labelling configuration as XML")
    code.click()
    seat.keyboard.press("Control+End")
    seat.keyboard.type("<Broken")
    visual.open()
    seat.get_by_role("button", name="Go to the line").click()
    expect(code).to_be_focused()
    expect(code).to_contain_text("<Broken")


def drag(page: Page, moved: Locator, onto: Locator, where: str) -> None:
    moved.hover()
    page.mouse.down()
    target = onto.bounding_box()
    assert target is not None
    y = target["y"] + (2 if where == "above" else target["height"] - 2)
    page.mouse.move(target["x"] + 30, y + 20)
    page.mouse.move(target["x"] + 30, y, steps=4)
    page.mouse.up()
