import { expect, test } from "vitest";

import { codePointsBefore, utf16Offset } from "./text.ts";

const samples = ["", "plain", "艾达 Ada", "a😀b", "👩‍💻 stays", "😀😀", "e\u0301", "\ud83d alone"];

test("code points are counted as Python counts them", () => {
  expect(codePointsBefore("a😀b", 3)).toBe(2);
  expect(codePointsBefore("👩‍💻!", "👩‍💻".length)).toBe(3);
});

test.each(samples)("both countings of %j lead back to each other", (text) => {
  const points = [...text];
  for (let count = 0; count <= points.length; count++) {
    const offset = utf16Offset(text, count);
    expect(text.slice(0, offset)).toBe(points.slice(0, count).join(""));
    expect(codePointsBefore(text, offset)).toBe(count);
  }
});
