import { describe, expect, test } from "vitest";

import type { ConfigNode } from "../../sdk/labelwright";
import { keyOfPath, labelOfPath, labelsOf, pathOfKey } from "./labels.ts";

const node = (tag: string, attrs: Record<string, unknown>, ...children: ConfigNode[]): ConfigNode => ({ id: "n1", tag, name: null, attrs, children, text: null });

describe("a path of a tree", () => {
  const tree = node("Taxonomy", {}, node("View", {}, node("Choice", { value: "Animal", color: "#c00" }, node("Choice", { value: "Cat", alias: "felis" }))));
  const data = [{ value: "Plant", children: ["Fern"] }];
  const label = (...path: string[]) => labelOfPath(path, tree, "Choice", data);

  test("is named by its last item, in the colour of the innermost that has one", () => {
    expect(label("Animal", "felis")).toMatchObject({ text: "Cat", background: "#c00", value: keyOfPath(["Animal", "felis"]) });
    expect(label("Plant", "Fern").text).toBe("Fern");
    expect(label("Plant", "Fern").background).toBe(label("Plant").background);
  });
  test("is named by all of it where the author wants that", () => {
    const full = { ...tree, attrs: { showFullPath: "true", pathSeparator: " > " } };
    expect(labelOfPath(["Animal", "felis"], full, "Choice", null).text).toBe("Animal > Cat");
  });
  test("is called as it is stored where the tree has no such item", () => expect(label("Animal", "wolf").text).toBe("wolf"));
  test("goes through a set of texts and back", () => expect(pathOfKey(keyOfPath(["a/b", "c\0"]))).toEqual(["a/b", "c\0"]));
});

test("labels that come with the task have keys also inside others, where those are shown", () => {
  const data = [{ value: "Animal", children: [{ value: "Cat" }] }, "Plant"];
  const of = (attrs: Record<string, unknown>) => labelsOf(node("Choices", attrs), "Choice", data).map((label) => label.value);
  expect(of({ allowNested: "true" })).toEqual(["Animal", "Cat", "Plant"]);
  expect(of({})).toEqual(["Animal", "Plant"]);
});
