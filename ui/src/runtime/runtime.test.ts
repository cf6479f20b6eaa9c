import { describe, expect, test, vi } from "vitest";

import type { AnyTag, ConfigNode, RegionType, ResultItem } from "../../sdk/labelwright";
import { ApiError } from "../api/client.ts";
import type { TagInfo } from "./config.ts";
import { Runtime, type RuntimeOptions } from "./runtime.ts";
import { commandsOf } from "./tree.tsx";
import { validate } from "./validate.ts";

const info = (tag: string, more: Partial<TagInfo>): TagInfo => ({
  tag, kind: "control", plugin: `tag_${tag}`, resultType: tag.toLowerCase(), valueKey: tag.toLowerCase(), space: null, aliases: [], labels: false, attributes: {},
  module: `/plugins/${tag}.js`, capabilities: { provides: [], requires: [] }, messages: {}, ...more,
});
const tags: TagInfo[] = [
  info("View", { kind: "visual", module: null }),
  info("Image", { kind: "object", space: "2d" }),
  info("RectangleLabels", { labels: true, label: "Label", region: "rectangle" }),
  info("Rectangle", { region: "rectangle" }),
  info("Labels", { labels: true, label: "Label", region: "span" }),
  info("Choices", { label: "Choice", labels: true }),
  info("Label", { kind: "label", module: null }),
  info("Choice", { kind: "label", module: null }),
];
const rectangle = {
  api: 1, kind: "region", type: "rectangle", space: "2d", title: "Rectangle", bounds: () => [0, 0, 1, 1], describe: () => "a box",
  fromResult: ({ value = {} }: ResultItem) => ({ x: value.x, y: value.y }),
  toResult: (value: { x: number; y: number }) => ({ ...value }),
} as unknown as RegionType;
const tool = { kind: "tool", name: "rect", title: "Rectangle", hotkey: "r", space: "2d", down: () => undefined } as const;
const modules: Record<string, AnyTag> = {
  Image: { api: 1, tag: "Image", kind: "object", space: "2d", mount: () => ({ focus: () => undefined, dispose: () => undefined }) },
  RectangleLabels: { api: 1, tag: "RectangleLabels", kind: "control", labels: true, region: rectangle, tools: [tool] },
  Rectangle: { api: 1, tag: "Rectangle", kind: "control", region: rectangle, tools: [tool] },
  Labels: { api: 1, tag: "Labels", kind: "control", labels: true },
  Choices: { api: 1, tag: "Choices", kind: "control" },
};

let ids = 0;
const node = (tag: string, attrs: Record<string, unknown> = {}, ...children: ConfigNode[]): ConfigNode => ({
  id: `n${ids++}`, tag, name: typeof attrs.name === "string" ? attrs.name : null, attrs, children, text: null,
});
const image = node("Image", { name: "image", value: "$image" });
const labels = (...values: string[]): ConfigNode[] => values.map((value) => node("Label", { value }));
const choices = (...values: string[]): ConfigNode[] => values.map((value) => node("Choice", { value }));
const boxes = (more: Record<string, unknown> = {}): ConfigNode => node("RectangleLabels", { name: "box", toName: "image", ...more }, ...labels("Car", "Bus"));

function open(children: ConfigNode[], options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  return Runtime.create({
    tree: node("View", {}, ...children), tags, task: { id: 1, data: { image: "a.png" } },
    fetchModule: async (address) => ({ default: modules[/(\w+)\.js$/.exec(address)![1]!] }), ...options,
  });
}

const choose = (runtime: Runtime, control: string, value: string): void => {
  const found = runtime.controls.get(control)!;
  runtime.hand.pressLabel(found, found.label(value)!);
};
const drawBox = (runtime: Runtime, x = 1): string => {
  const drawing = runtime.drawings.draw("image", { x, y: 2 })!;
  drawing.commit();
  return drawing.id;
};
const box = (id: string, more: Partial<ResultItem> = {}): ResultItem => ({
  id, from_name: "box", to_name: "image", type: "rectanglelabels", value: { x: 1, y: 2, rectanglelabels: ["Car"] }, ...more,
});

describe("a tag's module", () => {
  test("is given the digits that it asks for, and of two alike the one touched has them", async () => {
    const runtime = await open([node("Rectangle", { name: "one", toName: "image" }), node("Rectangle", { name: "two", toName: "image" }), image]);
    const pressed: string[] = [];
    for (const control of runtime.controls.values()) {
      control.handle = { hotkeys: { "1-3": (key) => pressed.push(control.name + key) } };
      runtime.hotkeys.add(...commandsOf(control, runtime));
    }
    const press = () => runtime.hotkeys.handle({ key: "2", code: "Digit2", preventDefault: () => undefined, stopPropagation: () => undefined } as KeyboardEvent);
    press();
    runtime.hotkeys.touch({ target: { closest: () => ({ dataset: { control: "one" } }) } } as unknown as Event);
    press();
    expect(pressed).toEqual(["two2", "one2"]);
    expect(runtime.hotkeys.keyOf("one:2")).toBe("2");
  });
  test("that fails is its plugin's fault, and the rest goes on", async () => {
    const failed: string[] = [];
    const runtime = await open([boxes(), image], { fetchModule: (address) => Promise.reject(new Error(address)), onFailure: (failure) => failed.push(failure.tag) });
    expect(failed).toContain("Image");
    expect(runtime.failures.value.size).toBe(failed.length);
  });
  test("that cannot be fetched because the server is away is nobody's: another try will do", async () => {
    const away = new ApiError(0, null, "The server does not answer.");
    const failed: string[] = [];
    await expect(open([boxes(), image], { fetchModule: () => Promise.reject(away), onFailure: (failure) => failed.push(failure.tag) })).rejects.toBe(away);
    expect(failed).toEqual([]);
  });
});

describe("drawing", () => {
  test("gives the region the chosen labels, and the object's facts", async () => {
    const runtime = await open([boxes(), image]);
    runtime.objects.get("image")!.handle = { focus: () => undefined, dispose: () => undefined, extras: () => ({ original_width: 640, original_height: 480, image_rotation: 0 }) };
    choose(runtime, "box", "Bus");
    const id = drawBox(runtime);
    expect(runtime.getResult()).toEqual([{
      id, from_name: "box", to_name: "image", type: "rectanglelabels", origin: "manual", original_width: 640, original_height: 480, image_rotation: 0,
      value: { x: 1, y: 2, rectanglelabels: ["Bus"] },
    }]);
  });

  test("needs a label where there are labels, and says so", async () => {
    const runtime = await open([boxes(), image]);
    runtime.hand.setTool("draw");
    expect(runtime.drawings.draw("image", { x: 1, y: 2 })).toBeNull();
    expect(runtime.announcer.notice.value).toBe("Choose a label first");
  });

  test("with a plain shape and labels beside it makes two items of one id", async () => {
    const runtime = await open([node("Rectangle", { name: "rect", toName: "image" }), node("Labels", { name: "what", toName: "image" }, ...labels("Car")), image]);
    choose(runtime, "what", "Car");
    expect(runtime.hand.tool.value?.control).toBe("rect");
    const id = drawBox(runtime);
    expect(runtime.getResult().map((item) => [item.id, item.type, item.value])).toEqual([
      [id, "rectangle", { x: 1, y: 2 }], [id, "labels", { x: 1, y: 2, labels: ["Car"] }],
    ]);
  });

  test("stops when a label has been used as often as it may", async () => {
    const runtime = await open([boxes({ maxUsages: 1 }), image]);
    choose(runtime, "box", "Car");
    drawBox(runtime);
    expect(runtime.drawings.draw("image", { x: 3, y: 4 })).toBeNull();
  });
});

describe("a changed shape", () => {
  test("is written into every item that repeats it, and says that it was a prediction", async () => {
    const choice: ResultItem = { id: "r1", from_name: "kind", to_name: "image", type: "choices", value: { x: 1, y: 2, choices: ["A"] } };
    const runtime = await open([boxes(), image, node("Choices", { name: "kind", toName: "image", perRegion: true }, ...choices("A"))], {
      annotation: { result: [box("r1", { origin: "prediction", score: 0.9 }), choice] },
    });
    runtime.store.edit("move", (tx) => tx.setValue("r1", { x: 50, y: 60 }));
    const [first, second] = runtime.getResult();
    expect(first).toEqual(box("r1", { origin: "prediction-changed", score: 0.9, value: { x: 50, y: 60, rectanglelabels: ["Car"] } }));
    expect(second!.value).toEqual({ x: 50, y: 60, choices: ["A"] });
  });
});

describe("labels", () => {
  test("go to the selected region, as one undo step", async () => {
    const runtime = await open([boxes(), image], { annotation: { result: [box("r1")] } });
    runtime.selection.select(["r1"]);
    choose(runtime, "box", "Bus");
    expect(runtime.getResult()[0]!.value!.rectanglelabels).toEqual(["Bus"]);
    runtime.store.undo();
    expect(runtime.getResult()).toEqual([box("r1")]);
  });

  test("of a locked region stay", async () => {
    const runtime = await open([boxes(), image], { annotation: { result: [box("r1", { readonly: true })] } });
    runtime.selection.select(["r1"]);
    choose(runtime, "box", "Bus");
    expect(runtime.getResult()[0]!.value!.rectanglelabels).toEqual(["Car"]);
  });

  test("and choices share one row of keys, past those of the tools", async () => {
    const runtime = await open([boxes(), image, node("Choices", { name: "kind", toName: "image" }, ...choices("A"), node("Choice", { value: "B", hotkey: "2" }))]);
    expect([...runtime.controls.values()].flatMap((control) => control.labels.map((label) => label.hotkey))).toEqual(["1", "3", "4", "2"]);
  });
});

describe("answers", () => {
  const asked = (more: Record<string, unknown> = {}): ConfigNode => node("Choices", { name: "kind", toName: "image", ...more }, ...choices("A", "B"));

  test("preset by the author are there at the first opening only", async () => {
    const preset = node("Choices", { name: "kind", toName: "image" }, node("Choice", { value: "A", selected: true }));
    expect((await open([image, preset])).getResult()).toMatchObject([{ from_name: "kind", type: "choices", value: { choices: ["A"] } }]);
    expect((await open([image, preset], { annotation: { result: [] } })).getResult()).toEqual([]);
  });

  test("that are required keep the answer from being submitted, while they are seen", async () => {
    const hidden = asked({ name: "kind", required: true, visibleWhen: "choice-selected", whenTagName: "other", whenChoiceValue: "X" });
    const other = node("Choices", { name: "other", toName: "image" }, ...choices("X"));
    const runtime = await open([image, hidden, other]);
    expect(validate(runtime)).toEqual([]);
    runtime.load([{ id: "o", from_name: "other", to_name: "image", type: "choices", value: { choices: ["X"] } }]);
    expect(validate(runtime)).toEqual([{ control: "kind", message: "kind needs an answer", region: null }]);
    expect(runtime.controls.get("kind")!.problem.value).toBe("kind needs an answer");
  });

  test("that are required for each region name the region without one", async () => {
    const runtime = await open([boxes(), image, asked({ perRegion: true, required: true, whenLabelValue: "Car" })], {
      annotation: { result: [box("r1", { value: { x: 1, y: 1, rectanglelabels: ["Bus"] } }), box("r2")] },
    });
    expect(validate(runtime)).toMatchObject([{ control: "kind", region: "r2" }]);
  });

  test("whose condition no longer holds are left out of what is submitted", async () => {
    const runtime = await open([image, asked({ visibleWhen: "choice-selected", whenTagName: "other" }), node("Choices", { name: "other", toName: "image" }, ...choices("X"))], {
      annotation: { result: [{ id: "k", from_name: "kind", to_name: "image", type: "choices", value: { choices: ["A"] } }] },
    });
    expect(runtime.getResult(true)).toEqual([]);
    expect(runtime.getResult()).toHaveLength(1);
  });
});

describe("a tag that fails", () => {
  test("is named and told, and its results stay as they are", async () => {
    const onFailure = vi.fn();
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const runtime = await open([boxes(), image], {
      annotation: { result: [box("r1")] }, onFailure,
      fetchModule: async (address) => {
        if (address.includes("RectangleLabels")) throw new Error("broken at import");
        return { default: modules[/(\w+)\.js$/.exec(address)![1]!] };
      },
    });
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ tag: "RectangleLabels", plugin: "tag_RectangleLabels", message: "broken at import" }));
    expect(runtime.getResult(true)).toEqual([box("r1")]);
    expect(runtime.listed.value).toEqual(["r1"]);
  });

  test.each([
    [{ default: { ...modules.Choices, api: 2 } }, /version 2/],
    [{ default: { ...modules.Choices, kind: "visual", setup: () => ({}) } }, /calls itself visual/],
    [{}, /exports no tag Choices/],
  ])("is refused with plain words: %#", async (module, words) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const runtime = await open([image, node("Choices", { name: "kind", toName: "image" })], {
      fetchModule: async (address) => (address.includes("Choices") ? (module as { default?: unknown }) : { default: modules[/(\w+)\.js$/.exec(address)![1]!] }),
    });
    expect(runtime.failures.value.get("Choices")!.message).toMatch(words);
  });
});

test("a region that comes back between others is told with its place", async () => {
  const onChange = vi.fn();
  const runtime = await open([boxes(), image], { onChange, annotation: { result: [box("r1"), box("r2")] } });
  runtime.store.edit("delete", (tx) => tx.remove("r1"));
  runtime.store.undo();
  expect(onChange.mock.lastCall![0].at(-1)).toEqual({ op: "order", keys: ["r1/box/rectanglelabels", "r2/box/rectanglelabels"] });
});

test("edits are told as operations on items", async () => {
  const onChange = vi.fn();
  const runtime = await open([boxes(), image], { onChange, annotation: { result: [box("r1")] } });
  runtime.store.edit("delete", (tx) => tx.remove("r1"));
  expect(onChange).toHaveBeenLastCalledWith([{ op: "remove", key: "r1/box/rectanglelabels" }]);
  runtime.store.undo();
  expect(onChange).toHaveBeenLastCalledWith([{ op: "set", key: "r1/box/rectanglelabels", value: box("r1") }]);
});

describe("relations", () => {
  const related: TagInfo = info("Links", { kind: "visual", module: null, label: "Link", capabilities: { provides: ["relation:labels"], requires: [] } });
  const withLinks = [boxes(), image, node("Links", {}, node("Link", { value: "over" }), node("Link", { value: "beside", background: "#00ff00" }))];
  const twoBoxes = { annotation: { result: [box("a"), box("b")] }, tags: [...tags, related, info("Link", { kind: "label", module: null })] };

  test("are made from the selected region to the next that is pressed, and saved as Label Studio saves them", async () => {
    const runtime = await open(withLinks, twoBoxes);
    runtime.selection.select(["a"]);
    runtime.relations.start();
    runtime.selection.select(["b"]); // by a key: only a look
    expect(runtime.relations.ids.value).toEqual([]);
    runtime.relations.byPointer = true;
    runtime.selection.select(["a"]);
    runtime.selection.select(["b"]);
    expect(runtime.getResult().slice(2)).toEqual([{ from_id: "a", to_id: "b", type: "relation", direction: "right" }]);
    expect([...runtime.selection.ids.value]).toEqual(["a"]);
  });

  test("turn, take labels and give them back, and each step can be undone", async () => {
    const runtime = await open(withLinks, twoBoxes);
    runtime.selection.select(["a"]);
    runtime.relations.start();
    runtime.relations.finish("b");
    const id = runtime.relations.current.value!;
    runtime.relations.turn(id);
    runtime.relations.label(id, "over");
    runtime.relations.label(id, "beside");
    expect(runtime.getResult()[2]).toEqual({ from_id: "a", to_id: "b", type: "relation", direction: "left", labels: ["over", "beside"] });
    runtime.relations.label(id, "over");
    runtime.relations.label(id, "beside");
    expect(runtime.getResult()[2]).toEqual({ from_id: "a", to_id: "b", type: "relation", direction: "left" });
    for (let step = 0; step < 6; step++) runtime.store.undo();
    expect(runtime.getResult()).toHaveLength(2);
  });

  test("are one between two regions, whichever way it was begun, and none with itself", async () => {
    const runtime = await open(withLinks, twoBoxes);
    for (const [from, to] of [["a", "b"], ["b", "a"], ["a", "a"]] as const) {
      runtime.selection.select([from]);
      runtime.relations.start();
      runtime.relations.finish(to);
      runtime.relations.cancel();
    }
    expect(runtime.relations.ids.value).toEqual(["relation/a/b"]);
  });
});
