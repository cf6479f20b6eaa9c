import { describe, expect, test } from "vitest";

import { holds, pressed, pressedInside, type Made } from "./answers.ts";

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

describe("pressing an answer among those inside others", () => {
  const roots = [{ path: ["Top"], children: [{ path: ["Top", "1"], children: [] }, { path: ["Top", "2"], children: [] }] }, { path: ["Leaf"], children: [] }];
  test.each<["single" | "single-radio" | "multiple", Made[], string[], Made[] | null]>([
    ["multiple", [], ["Top"], [["Top"], ["Top", "1"], ["Top", "2"]]],
    ["multiple", [["Leaf"]], ["Top", "1"], [["Top", "1"], ["Leaf"]]],
    ["multiple", [["Top", "1"]], ["Top", "2"], [["Top"], ["Top", "1"], ["Top", "2"]]],
    ["multiple", [["Top"], ["Top", "1"], ["Top", "2"]], ["Top", "1"], [["Top", "2"]]],
    ["multiple", [["Top"]], ["Top"], null],
    ["single", [["Leaf"]], ["Top"], [["Top"], ["Top", "1"], ["Top", "2"]]],
    ["single", [["Leaf"]], ["Leaf"], null],
    ["single-radio", [["Leaf"]], ["Leaf"], [["Leaf"]]],
  ])("of %s when %j are made: %j makes %j", (kind, made, path, after) => {
    expect(pressedInside(roots, made, path, kind)).toEqual(after);
  });
});
