"""A labeller who has no mouse: finds the key that stands beside an answer, and walks to the rest by Tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page, ViewportSize, expect

SCREEN: ViewportSize = {"width": 1060, "height": 580}
"""As large as a task needs, so that its picture in the gallery can be read."""
MOST_TABS = 60
SPELLED = {"←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", "Esc": "Escape"}

Step = Callable[["Hand"], None]


class Hand:
    """Two hands on the keyboard of one page.

    :param words: English labels and answers to those to use, where the page is in another language.
    """

    def __init__(self, page: Page, words: Mapping[str, str] | None = None) -> None:
        self.page = page
        self.words = words or {}

    def say(self, english: str) -> str:
        return self.words.get(english, english)

    def press(self, keys: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(keys)

    def walk_to(self, selector: str) -> None:
        """Press Tab until something that the selector names has the focus."""
        expect(self.page.locator(selector).first).to_be_visible()
        for _ in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{MOST_TABS} times Tab do not lead to {selector}")

    def go(self, by_px: int, forth: str, back: str) -> None:
        """Move the cross in steps of fifty and of ten pixels."""
        arrow = f"Arrow{forth if by_px > 0 else back}"
        self.press(f"Shift+{arrow}", abs(by_px) // 50)
        self.press(arrow, abs(by_px) % 50 // 10)

    def leave_fields(self) -> None:
        """Where letters are text, keys mean nothing: go on by Tab."""
        for _ in range(MOST_TABS):
            if not self.page.evaluate("() => document.activeElement?.matches('input, textarea') ?? false"):
                return
            self.press("Tab")

    def press_beside(self, selector: str, text: str, number: int) -> None:
        """Press the keys that are shown on the element with this text."""
        shown = self.page.locator(selector).filter(has_text=self.say(text)).nth(number)
        keys = shown.locator("kbd").first.inner_text().split()
        self.press("+".join(SPELLED.get(key, key if len(key) > 1 else key.lower()) for key in keys))


def key(keys: str, times: int = 1) -> Step:
    return lambda hand: hand.press(keys, times)


def choose(text: str = "", number: int = 0) -> Step:
    """Press the key of an answer."""
    return lambda hand: hand.press_beside(".lw-choice", text, number)


def go_to(selector: str) -> Step:
    return lambda hand: hand.walk_to(selector)


def type_in(text: str) -> Step:
    """Type where the focus is."""
    return lambda hand: hand.page.keyboard.type(hand.say(text))


def write(keys: str, text: str, end: str = "Enter") -> Step:
    """Go to a field by its key, write, add what was written, and leave the field."""

    def act(hand: Hand) -> None:
        hand.press(keys)
        hand.page.keyboard.type(hand.say(text))
        hand.press(end)
        hand.leave_fields()

    return act


def box(label: str, start: tuple[int, int], end: tuple[int, int]) -> Step:
    """Draw a box. Both corners are told in pixels from where the cross was before: at first in the middle."""

    def act(hand: Hand) -> None:
        hand.press("Escape", 2)
        hand.walk_to(".lw-surface")
        before = hand.page.locator(".lw-region").count()
        hand.press_beside(".lw-tag", label, 0)
        for right, down in (start, end):
            hand.go(right, "Right", "Left")
            hand.go(down, "Down", "Up")
            hand.press("Enter")
        expect(hand.page.locator(".lw-region")).to_have_count(before + 1)

    return act


def mark(label: str, after: int, words: int = 1) -> Step:
    """Mark words of the text: so many words after where the caret stands, so many of them."""

    def act(hand: Hand) -> None:
        hand.press("Escape", 2)
        hand.walk_to(".lw-text")
        hand.press("ArrowRight")
        hand.press("ArrowLeft")
        hand.press("Control+ArrowRight", after)
        hand.press("Control+Shift+ArrowRight", words)
        hand.press_beside(".lw-tag", label, 0)

    return act


def relate(label: str = "") -> Step:
    """Relate the last two regions, the first of them to the other; name it through the command palette."""

    def act(hand: Hand) -> None:
        hand.press("Escape", 2)
        hand.press("Alt+,", 2)
        hand.press("Alt+r")
        hand.press("Alt+.")
        hand.press("Enter")
        if label:
            hand.press("Control+k")
            hand.page.keyboard.type(hand.say(label))
            hand.press("Enter")

    return act
