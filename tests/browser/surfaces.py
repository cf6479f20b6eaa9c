"""The things that are labelled, as the hand meets them: a picture under the pointer, a text under the mouse."""

from __future__ import annotations

import re
from typing import TypedDict

from playwright.sync_api import Locator, Page, expect

from tests.real_data.images import Box

MARGIN_PX = 12
"""A picture that is fitted to its place stands in the middle and keeps this distance from the edges."""


class Spot(TypedDict):
    x: float
    y: float


class Picture:
    """A picture that is fitted to its place; points on it are in its own pixels."""

    def __init__(self, page: Page, width: int, height: int, within: Locator | None = None) -> None:
        self.page = page
        self.width, self.height = width, height
        shown = page.get_by_role("group", name=re.compile("^Picture "))
        self.object = (within or page.locator("body")).locator("[data-object]", has=shown)
        self.place = self.object.get_by_role("group", name=re.compile("^Picture "))

    def wait(self) -> Picture:
        expect(self.object).to_have_attribute("data-state", "ready")
        return self

    def look(self, box: Box) -> bytes:
        """How this part of the picture looks now."""
        corner, other = self.spot(box.x, box.y), self.spot(box.x + box.width, box.y + box.height)
        size = {"width": other["x"] - corner["x"], "height": other["y"] - corner["y"]}
        return self.page.screenshot(clip={**corner, **size})

    def spot(self, x: float, y: float) -> Spot:
        """Where on the screen this pixel of the picture is."""
        frame = self.place.bounding_box()
        assert frame is not None
        scale = min(
            (frame["width"] - 2 * MARGIN_PX) / self.width, (frame["height"] - 2 * MARGIN_PX) / self.height
        )
        left = frame["x"] + (frame["width"] - self.width * scale) / 2
        top = frame["y"] + (frame["height"] - self.height * scale) / 2
        return {"x": left + x * scale, "y": top + y * scale}

    def drag(self, from_x: float, from_y: float, to_x: float, to_y: float) -> None:
        """Press at one pixel of the picture, move, let go at another."""
        start, end = self.spot(from_x, from_y), self.spot(to_x, to_y)
        self.page.mouse.move(**start)
        self.page.mouse.down()
        self.page.mouse.move((start["x"] + end["x"]) / 2, (start["y"] + end["y"]) / 2)
        self.page.mouse.move(**end)
        self.page.mouse.up()

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(**self.spot(x, y))


class Text:
    """A text on the page; places in it are counted as JavaScript and the screen do, by UTF-16 units."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.place: Locator = page.get_by_role("group", name=re.compile(f"^Text {re.escape(name)};"))

    def wait(self) -> Text:
        expect(self.place).to_be_visible()
        return self

    def mark(self, start: int, end: int) -> None:
        """Drag with the mouse over the letters from one code point of the text to another."""
        ends = self.place.evaluate(_ENDS, [start, end])
        self.page.mouse.move(ends["from"]["x"], ends["from"]["y"])
        self.page.mouse.down()
        self.page.mouse.move(ends["to"]["x"], ends["to"]["y"], steps=3)
        self.page.mouse.up()


_ENDS = """
(place, [start, end]) => {
  // Lines are blocks; between two of them lies one line end.
  const lines = [...place.querySelectorAll(".lw-text-line")];
  const letterAt = (wanted) => {
    let seen = 0;
    for (const line of lines) {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        let unit = 0;
        for (const letter of node.data) {
          if (seen === wanted) return [node, unit, letter.length];
          seen += 1;
          unit += letter.length;
        }
      }
      seen += 1;
    }
    throw new Error(`there is no letter ${wanted}`);
  };
  const boxOf = (wanted) => {
    const [node, unit, length] = letterAt(wanted);
    const range = document.createRange();
    range.setStart(node, unit);
    range.setEnd(node, unit + length);
    return range.getClientRects()[0];
  };
  // In the middle of the view: near its edge a drag would scroll.
  letterAt(start)[0].parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  const [first, last] = [boxOf(start), boxOf(end - 1)];
  return {
    from: { x: first.left + Math.min(1, first.width / 4), y: first.top + first.height / 2 },
    to: { x: last.right - Math.min(1, last.width / 4), y: last.top + last.height / 2 },
  };
}
"""
