import { expect, test } from "vitest";

import { quiet } from "./clean.ts";

test.each([
  [`<p style="color: red" ONCLICK=x>style= on</p>`, `<p data-lw-style="color: red" data-lw-ONCLICK=x>style= on</p>`],
  [`<img alt=' style="x" > onerror=1' onerror='y'>`, `<img alt=' style="x" > onerror=1' data-lw-onerror='y'>`],
  [`a < b style=c, <b/style=d>e</b>`, `a < b style=c, <b/data-lw-style=d>e</b>`],
])("%s keeps its words", (html, still) => {
  expect(quiet(html)).toBe(still);
});

test("a hostile page of many unclosed quotes costs no more than its length", () => {
  const page = `<a "<a '`.repeat(50_000);
  expect(quiet(page)).toBe(page);
});
