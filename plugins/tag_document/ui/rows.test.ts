import { describe, expect, test } from "vitest";

import { gridOf } from "./rows.ts";

describe("any JSON as a table", () => {
  test.each([
    [{ name: "Ada", born: 1815, more: { of: [1] } }, null, [["name", "Ada"], ["born", "1815"], ["more", '{\n "of": [\n  1\n ]\n}']]],
    [[{ a: 1, b: true }, { a: null, c: "x" }], ["a", "b", "c"], [["1", "true", ""], ["", "", "x"]]],
    [[[1, 2], ["x"]], [], [["1", "2"], ["x"]]],
    [["a", { b: 1 }], [], [["a"], ['{\n "b": 1\n}']]],
    ["just words", [], [["just words"]]],
    [[], [], []],
  ])("%j", (data, headings, rows) => {
    expect(gridOf(data)).toEqual({ headings, rows });
  });
});
