import { describe, expect, test } from "vitest";

import type { ConfigNode } from "../../sdk/labelwright";
import { expand, targetsOf, walk, withDefaults, type TagInfo } from "./config.ts";
import { fieldName, resolveField } from "./fields.ts";
import { labelsOf } from "./labels.ts";

const node = (tag: string, attrs: Record<string, unknown> = {}, ...children: ConfigNode[]): ConfigNode => ({
  id: tag + JSON.stringify(attrs), tag, name: typeof attrs.name === "string" ? attrs.name : null, attrs, children, text: null,
});

describe("a field", () => {
  const data = { image: "a.png", a: { b: [{ c: 7 }] }, "odd.name": 1, "$undefined$": "up.png" };

  test.each([
    ["$image", "a.png"], ["$a.b[0].c", 7], ["$a.b", [{ c: 7 }]], ["$odd.name", 1], ["plain", "plain"], [5, 5], ["Page $a.b[0].c of $image", "Page 7 of a.png"],
    ["costs $5", "costs $5"], ["$later", "up.png"],
  ])("%j is looked up", (value, found) => {
    expect(resolveField(value, data)).toEqual(found);
  });

  test("has a name when it is nothing else", () => {
    expect([fieldName("$a.b"), fieldName("x $a"), fieldName(3)]).toEqual(["a.b", null, null]);
  });
});

test("a repeater's inside comes once for each item, with the index put in everywhere", () => {
  const infos = new Map([["Repeater", { repeats: { over: "on", flag: "indexFlag" }, attributes: { indexFlag: { default: "{{idx}}" } } } as unknown as TagInfo]]);
  const tree = node("View", {}, node("Repeater", { on: "$pages" }, node("Image", { name: "page_{{idx}}", value: "$pages[{{idx}}].url" })));
  const names = [...walk(expand(tree, { pages: [{}, {}] }, infos))].map((one) => one.name).filter(Boolean);
  expect(names).toEqual(["page_0", "page_1"]);
});

test("toName may be left out when there is one object", () => {
  expect(targetsOf(node("Choices", {}), ["image"])).toEqual(["image"]);
  expect(targetsOf(node("Choices", {}), ["a", "b"])).toEqual([]);
  expect(targetsOf(node("Pairwise", { toName: "a, b" }), ["a", "b"])).toEqual(["a", "b"]);
});

test("what an author leaves out is what the tag declares", () => {
  const info = { attributes: { size: { default: 4 }, value: { default: null }, style: {} } } as unknown as TagInfo;
  expect(withDefaults({ value: "x" }, info)).toEqual({ size: 4, value: "x" });
});

describe("labels", () => {
  test("come from the children and from the task, each once", () => {
    const control = node("Labels", {}, node("Label", { value: "Car", alias: "c" }), node("View", {}, node("Label", { value: "Bus" })));
    expect(labelsOf(control, "Label", ["Van", { value: "Bus" }, { value: "Cab", background: "#123456" }]).map((one) => one.value)).toEqual(["c", "Bus", "Van", "Cab"]);
  });

  test("get colours that their authors gave to nobody", () => {
    const control = node("Labels", {}, node("Label", { value: "A" }), node("Label", { value: "B", background: "#3E7BFA" }), node("Label", { value: "C" }));
    const colours = labelsOf(control, "Label", null).map((one) => one.background.toLowerCase());
    expect(new Set(colours).size).toBe(3);
  });
});
