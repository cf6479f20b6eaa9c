import { expect, test } from "vitest";

import { apart, quiet } from "./clean.ts";

test.each([
  [`<p style="color: red" ONCLICK=x>style= on</p>`, `<p data-lw-style="color: red" data-lw-ONCLICK=x>style= on</p>`],
  [`<img alt=' style="x" > onerror=1' onerror='y'>`, `<img alt=' style="x" > onerror=1' data-lw-onerror='y'>`],
  [`a < b style=c, <b/style=d>e</b>`, `a < b style=c, <b/data-lw-style=d>e</b>`],
  [`<BASE href="//x"><base/><basement>`, `<data-lw-base href="//x"><data-lw-base/><basement>`],
])("%s keeps its words", (html, still) => {
  expect(quiet(html)).toBe(still);
});

test("what a page says of styles is taken apart", () => {
  expect(apart("<STYLE media=x>p { }</style >a<p>b<style>q</style>c")).toEqual({ html: "a<p>bc", rules: "p { }\nq" });
  expect(apart("a</style>b<style>c")).toEqual({ html: "ab<style>c", rules: "" });
});

test("a hostile page of many unclosed quotes costs no more than its length", () => {
  for (const unit of [`<a "<a '`, `<a'"`, "<a", "<style"]) {
    const page = unit.repeat(100_000);
    expect(quiet(apart(page).html)).toBe(page);
  }
});
