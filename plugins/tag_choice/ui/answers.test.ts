import { describe, expect, test } from "vitest";

import { holds, pressed } from "./answers.ts";

describe("pressing an answer", () => {
  test.each([
    ["single", [], "A", ["A"]],
    ["single", ["A"], "B", ["B"]],
    ["single", ["A"], "A", null],
    ["single-radio", ["A"], "A", ["A"]],
    ["multiple", ["A"], "B", ["A", "B"]],
    ["multiple", ["A", "B"], "A", ["B"]],
    ["multiple", ["A"], "A", null],
  ] as const)("of %s when %j are made: %s", (kind, made, answer, after) => {
    expect(pressed([...made], answer, kind)).toEqual(after);
  });

  test("works on paths", () => {
    expect(pressed([["Animal", "Cat"]], ["Animal", "Dog"], "multiple")).toEqual([["Animal", "Cat"], ["Animal", "Dog"]]);
    expect(holds([["Animal", "Cat"]], ["Animal", "Cat"])).toBe(true);
  });
});
