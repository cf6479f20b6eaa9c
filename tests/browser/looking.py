"""What is looked at on a screen: accessibility, words, width."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from labelwright import plugins
from labelwright.registry import Registry

ROOT = Path(__file__).parents[2]
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_complaints(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe-core has against the screen: the rule, the element, why."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    options: dict[str, Any] = {"runOnly": list(only) or RULES, "resultTypes": ["violations"]}
    # All that it found to be right would take longer to be brought here than the looking took.
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{violation['id']}: {node['target']} {' '.join(one['message'] for one in node['any'] + node['all'])}"
        for violation in found
        for node in violation["nodes"]
    ]


@cache
def translated() -> frozenset[str]:
    """English texts that have a Chinese one which differs."""
    files = [
        ROOT / "core/labelwright/locale/zh.json",
        *sorted((ROOT / "ui/src/i18n").glob("zh*.json")),
        *sorted(ROOT.glob("plugins/*/*/locale/zh.json")),
    ]
    found: dict[str, str] = {}
    for file in files:
        found |= json.loads(file.read_text("utf-8"))
    own = json.loads((ROOT / "ui/src/i18n/zh.json").read_text("utf-8"))
    templates = Registry(plugins.load()).templates.values()
    # Labels of templates are people's own words as soon as a project has them.
    for word in {word for template in templates for word in template.words} - set(own):
        found.pop(word, None)
    return frozenset(english for english, chinese in found.items() if english != chinese)


def english_words(page: Page) -> list[str]:
    """Texts on the screen that have a translation and are shown in English all the same."""
    return [text for text in page.evaluate(_TEXTS) if text in translated()]


def too_wide(page: Page) -> list[str]:
    """Elements that reach beyond the screen and cannot be scrolled to where they are."""
    return page.evaluate(_TOO_WIDE)


_TEXTS = """
() => {
  const found = new Set();
  // People's own words, code, and names of languages stay as they are.
  const isOurs = (element) => !element?.closest(".cm-editor, .lw-text, code, pre, [lang]:not(html), .projects-link");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.data.trim().replace(/\\s+/g, " ");
    if (own && isOurs(node.parentElement) && !/^(SCRIPT|STYLE)$/.test(node.parentElement.tagName)) found.add(own);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-tip"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (isOurs(element)) found.add(element.getAttribute(name).trim());
  }
  found.add(document.title.split(" · ")[0]);
  return [...found];
}
"""

_TOO_WIDE = """
() => {
  const scrolls = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (at === document.body || at === document.documentElement) return false;
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page: ${document.documentElement.scrollWidth} px`);
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && box.right > innerWidth + 1 && element.checkVisibility() && !scrolls(element)) {
      found.push(`${element.tagName.toLowerCase()}.${element.className}: to ${Math.round(box.right)} px`);
    }
  }
  return found.slice(0, 8);
}
"""
