import { describe, expect, test } from "vitest";

import type { Problem, TagInfo } from "../../../api/types.ts";
import { elementOfLine } from "../modes.ts";
import { keysOf } from "./hotkey_field.tsx";
import { newTexts } from "./label_rows.tsx";
import { relabel, rename, renamesInCopy, uniqueName } from "./names.ts";
import { rowsOf } from "./outline.tsx";
import { problemsByPath } from "./problems_at.ts";
import { beginnings, mayHold, newElements, placeFor, rootTag, targetsFor } from "./rules.ts";
import { grouped } from "./tag_form.tsx";
import { apply, duplicate } from "./xml_edit.ts";
import { readXml } from "./xml_text.ts";

const tag = (name: string, kind: TagInfo["kind"], more: Partial<TagInfo> = {}): TagInfo => ({
  tag: name, kind, plugin: "p", resultType: null, valueKey: null, space: null, aliases: [], labels: false, label: null, holds: [], markup: false, reads: [],
  manyTargets: false, attributes: {}, module: null, capabilities: { provides: [], requires: [] }, messages: {}, ...more,
});
const needed = { type: "string", required: true };
const when = { type: "string", refers: "control" } as const;

const TAGS: TagInfo[] = [
  tag("Slots", "visual", { holds: ["Slot"] }),
  tag("Slot", "visual", { holds: ["object", "control", "visual"] }),
  tag("Box", "visual", { holds: ["object", "control", "visual"], attributes: { whenTagName: when, whenChoiceValue: { type: "list", refers: "label" } } }),
  tag("Photo", "object", { space: "2d", attributes: { name: needed, value: { type: "field", required: true } } }),
  tag("Prose", "object", { space: "text", attributes: { name: needed, value: { type: "field", required: true } } }),
  tag("Marks", "control", { space: "2d", labels: true, label: "Mark", holds: ["Mark", "visual"], attributes: { name: needed, toName: { ...needed, refers: "object" }, rows: { type: "int", required: true, minimum: 2 } } }),
  tag("Mark", "label", { attributes: { value: needed } }),
  tag("Compare", "control", { manyTargets: true, attributes: { name: needed, toName: { ...needed, refers: "object" } } }),
];

const CONFIG = `<Box>
  <Photo name="a" value="$a"/><Photo name="b" value="$b"/>
  <Prose name="c" value="$c"/>
  <Marks name="m" toName="a"><Mark value="One"/><Box><Mark value="Two"/></Box></Marks>
  <Compare name="d" toName="a, b"/>
  <Box whentagname="m" whenChoiceValue="One,Two"/>
  <Stranger toName="a" name="x"/>
</Box>`;
const xml = readXml(CONFIG);
const root = xml.root!;
const find = (name: string) => TAGS.find((one) => one.tag === name)!;

describe("what may stand where", () => {
  test.each([
    [[], "Photo", true], [[0], "Photo", false], [[], "Mark", false], [[3], "Mark", true], [[3, 1], "Mark", true], [[5], "Mark", false],
    [[3], "Photo", false], [[], "Slot", false], [[6], "Photo", true],
  ] as const)("in %j a %s: %s", (path, name, isAllowed) => expect(mayHold(TAGS, root, path, find(name))).toBe(isAllowed));

  test("a new one goes into what is chosen, or behind it", () => {
    expect(placeFor(TAGS, root, [5], find("Photo"))).toEqual({ parent: [5], index: 0 });
    expect(placeFor(TAGS, root, [3, 0], find("Photo"))).toEqual({ parent: [3, 1].slice(0, 0), index: 4 });
    expect(placeFor(TAGS, root, [0], find("Slot"))).toBeNull();
  });

  test("a configuration begins with what holds everything", () => expect(rootTag(TAGS)?.tag).toBe("Box"));

  test("an attribute points at what fits", () => {
    expect(targetsFor(TAGS, root, { type: "string", refers: "object" }, "2d").map((one) => one.name)).toEqual(["a", "b"]);
    expect(targetsFor(TAGS, root, when, null).map((one) => one.name)).toEqual(["m", "d"]);
  });
});

describe("new elements", () => {
  test("have a name of their own, a target and the user's field", () => {
    expect(beginnings(TAGS, root, find("Photo"), { url: "/a.png", title: "A" })).toEqual({ name: "photo", value: "$url" });
    expect(beginnings(TAGS, null, find("Prose"), { body: "Some words" })).toEqual({ name: "prose", value: "$body" });
    expect(beginnings(TAGS, root, find("Marks"), null)).toEqual({ name: "marks", toName: "b", rows: "2" });
    expect(beginnings(TAGS, root, find("Compare"), null)).toMatchObject({ toName: "a,b" });
  });
  test("bring the object that they need", () => {
    expect(newElements(TAGS, readXml("<Box/>"), find("Marks"), null)).toEqual([['<Photo name="photo" value="$photo"/>'], ['<Marks name="marks" toName="photo" rows="2"></Marks>']]);
  });
});

describe("names", () => {
  test("are made unique", () => {
    expect([uniqueName(root, "a"), uniqueName(root, "fresh"), uniqueName(readXml('<B name="a1"/>').root, "a1")]).toEqual(["a2", "fresh", "a2"]);
  });
  test("change together with what points at them, in unknown tags too", () => {
    expect(apply(CONFIG, rename(xml, TAGS, root.children[0]!, "first"))).toBe(CONFIG.replace('name="a"', 'name="first"').replaceAll('toName="a', 'toName="first'));
    expect(apply(CONFIG, rename(xml, TAGS, root.children[3]!, "marks"))).toBe(CONFIG.replace('name="m"', 'name="marks"').replace('whentagname="m"', 'whentagname="marks"'));
  });
  test("of labels too", () => {
    expect(apply(CONFIG, relabel(xml, TAGS, root.children[3]!.children[0]!, "value", "Uno"))).toBe(CONFIG.replaceAll("One", "Uno"));
  });
  test("are new in a copy", () => {
    const text = '<Box><Box><Photo name="a"/><Marks name="m" toName="a"/></Box></Box>';
    const read = readXml(text);
    expect(apply(text, duplicate(read, [0], renamesInCopy(read, TAGS, read.root!.children[0]!)).changes))
      .toBe('<Box><Box><Photo name="a"/><Marks name="m" toName="a"/></Box><Box><Photo name="a2"/><Marks name="m2" toName="a2"/></Box></Box>');
  });
});

test("a line leads to the element that begins there", () => {
  expect([1, 3, 99].map((line) => CONFIG.slice(elementOfLine(CONFIG, line)).slice(0, 6))).toEqual(["<Box>\n", "<Prose", ""]);
});

test("problems are found at their elements", () => {
  const problem = (line: number, tagName: string | null, attribute: string | null, params: Record<string, unknown> = {}, code = "some"): Problem =>
    ({ level: "error", line, tag: tagName, attribute, code, message: "", remedy: "", params });
  const found = problemsByPath(xml, [problem(2, "Photo", "name", { name: "b" }), problem(4, "Marks", "toName"), problem(7, "stranger", null), problem(99, null, null)]);
  expect([...found.keys()]).toEqual(["1", "3", "6", ""]);
});

describe("forms", () => {
  test("group attributes by their declaration, what is needed first", () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`own${index}`, { type: "string" }]));
    const info = tag("Many", "control", { attributes: { smart: { type: "bool", group: "more" }, ...many, name: { type: "string" }, must: needed, tint: { type: "color", group: "look" } } });
    const found = Object.fromEntries([...grouped(info)].map(([group, entries]) => [group, entries.map(([name]) => name)]));
    expect(found).toEqual({
      needed: ["name", "must"], main: Object.keys(many).slice(0, 8), answer: [], look: ["tint"], condition: [], more: ["smart", "own8", "own9"],
    });
  });
  test("take a list of labels once each", () => expect(newTexts("A\r\n\n b \nA\nOld", ["Old"])).toEqual(["A", "b"]));
  test("show the tags without labels and markup", () => {
    expect(rowsOf(TAGS, root).map((row) => `${row.path.join(".")} ${row.element.name} ${row.labels} ${row.place}/${row.size}`)).toEqual([
      " Box 0 1/1", "0 Photo 0 1/7", "1 Photo 0 2/7", "2 Prose 0 3/7", "3 Marks 1 4/7", "3.1 Box 1 1/1", "4 Compare 0 5/7", "5 Box 0 6/7", "6 Stranger 0 7/7",
    ]);
  });
  test.each([
    [{ key: "A", shiftKey: true }, "shift+a"], [{ key: "?", shiftKey: true }, "?"], [{ key: "Control", ctrlKey: true }, null], [{ key: " ", altKey: true }, "alt+space"], [{ key: "ArrowUp", ctrlKey: true }, "ctrl+up"],
  ])("read a key press %j as %s", (pressed, keys) => {
    expect(keysOf({ ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...pressed })).toBe(keys);
  });
});
