import { describe, expect, test } from "vitest";

import application from "../i18n/zh.json";
import labelling from "../i18n/zh.runtime.json";
import { ACTIONS, actionsOfTags, type Action } from "./catalogue.ts";
import { isForbidden, keysIn, normalised, recorded, shownKeys, spellings } from "./chords.ts";
import { clashesIn, meet, rivals, swapped, taken, withKeys } from "./clashes.ts";
import { exported, fromStored, imported, toStored } from "./label_studio.ts";
import { keysInForce } from "./own.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({ key, code: "", ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more }) as KeyboardEvent;

describe("a combination", () => {
  test("has one spelling", () => {
    expect(["Shift+CTRL+z", "ctrl++", "command+Return", "mod+ArrowLeft", "alt+,"].map(normalised)).toEqual(["ctrl+shift+z", "ctrl+plus", "ctrl+enter", "ctrl+left", "alt+comma"]);
  });

  test("may stand in a list, a comma among others", () => {
    expect(keysIn("command+z, Ctrl+Z")).toEqual(["ctrl+z"]);
    expect([keysIn("alt+,"), keysIn(","), keysIn("a,alt+,"), keysIn("")]).toEqual([["alt+comma"], ["comma"], ["a", "alt+comma"], []]);
  });

  test("is found by the letter and by the place on the keyboard", () => {
    expect(spellings(press("я", { code: "KeyZ", ctrlKey: true }))).toContain("ctrl+z");
    expect(spellings(press("!", { code: "Digit1", shiftKey: true }))).toContain("shift+1");
    expect(spellings(press("?", { code: "Slash", shiftKey: true }))).toContain("?");
    expect(spellings(press("=", { code: "Equal", ctrlKey: true }))).toContain("ctrl+plus");
  });

  test("is written down so that the same press finds it again", () => {
    const presses = [
      press("s", { ctrlKey: true, code: "KeyS" }), press("S", { ctrlKey: true, shiftKey: true, code: "KeyS" }), press("®", { altKey: true, code: "KeyR" }), press("!", { shiftKey: true, code: "Digit1" }),
      press("?", { shiftKey: true, code: "Slash" }), press(",", { altKey: true, code: "Comma" }), press("ArrowLeft", { altKey: true }), press("я", { code: "KeyZ" }), press(" ", { ctrlKey: true }),
    ];
    expect(presses.map(recorded)).toEqual(["ctrl+s", "ctrl+shift+s", "alt+r", "shift+1", "?", "alt+comma", "alt+left", "z", "ctrl+space"]);
    for (const one of presses) expect(spellings(one)).toContain(recorded(one));
    expect([recorded(press("Shift", { shiftKey: true })), recorded(press("Process"))]).toEqual([null, null]);
  });

  test("is shown as the keyboard has it", () => {
    expect([shownKeys("mod+k", true), shownKeys("mod+k", false), shownKeys("alt+comma", false)]).toEqual([["⌘", "K"], ["Ctrl", "K"], ["Alt", ","]]);
  });

  test("of the browser cannot be had", () => expect(["ctrl+w", "tab", "alt+f4", "ctrl+s"].map(isForbidden)).toEqual([true, true, true, false]));
});

describe("the usual keys", () => {
  test("clash nowhere", () => expect([...clashesIn(ACTIONS, {}).keys()]).toEqual([]));

  test("have names of their own, which a map may hold", () => {
    expect(new Set(ACTIONS.map((action) => action.id)).size).toBe(ACTIONS.length);
    expect(ACTIONS.filter((action) => !/^[a-z]+:[a-z0-9-]+$/.test(action.id))).toEqual([]);
  });

  test("are named in Chinese", () => {
    const known = { ...application, ...labelling };
    expect(ACTIONS.flatMap((action) => [action.title, action.group]).filter((msgid) => !(msgid in known))).toEqual([]);
  });
});

describe("what tags declare", () => {
  const tags = [
    { tag: "Box", actions: [{ id: "tool:box", title: "Box", keys: ["P"] }] },
    { tag: "BoxLabels", actions: [{ id: "tool:box", title: "Box", keys: ["P"] }, { id: "tool:move", title: "Mine", keys: ["q"] }] },
    { tag: "Way", actions: [{ id: "tool:way", title: "Way", keys: ["p"] }] },
    { tag: "Pages", actions: [{ id: "pages:next", title: "Next", keys: ["alt+right"] }] },
    { tag: "Film", actions: [{ id: "film:next", title: "Next", keys: ["alt+right"] }] },
    { tag: "Plain" },
  ];
  const all = [...ACTIONS, ...actionsOfTags(tags).map((one) => one.action)];

  test("is there once, and never in place of the application's", () => {
    expect(all.filter((action) => action.id === "tool:box")).toMatchObject([{ group: "Tools", keys: ["p"] }]);
    expect(all.find((action) => action.id === "tool:move")!.title).toBe("Select and move");
  });

  test("clashes among tools, and not between two parts of a page", () => {
    expect([...clashesIn(all, {}).keys()]).toEqual(["tool:box", "tool:way"]);
  });
});

describe("a map of one's own", () => {
  const action = (id: string, keys: string[], scope: Action["scope"] = "labelling"): Action => ({ id, keys, scope, title: id, group: "g" });
  const all = [action("a:one", ["x"]), action("a:two", ["y", "z"]), action("b:three", ["x"], "tasks"), action("app:four", ["k"], "everywhere")];
  const usual = (one: Action): readonly string[] => one.keys;

  test("says what an action answers to", () => {
    expect(keysInForce("a:one", ["x"], { "a:one": { key: "Ctrl+S,q" } })).toEqual(["ctrl+s", "q"]);
    expect(keysInForce("a:one", ["x"], { "a:one": { key: "q", active: false } })).toEqual([]);
    expect([keysInForce("a:one", ["x"], { "a:one": { key: null } }), keysInForce("a:one", ["x"], { "a:one": {} }), keysInForce("a:one", ["x"], {})]).toEqual([[], ["x"], ["x"]]);
  });

  test("clashes where both actions can be done", () => {
    expect([meet("tasks", "labelling"), meet("everywhere", "tasks"), meet("labelling", "labelling:Pages"), meet("labelling:Pages", "labelling:Film")]).toEqual([false, true, true, false]);
    expect(rivals(all[0]!, ["z"], all, {}).map((one) => one.id)).toEqual(["a:two"]);
    expect(rivals(all[0]!, ["k"], all, {}).map((one) => one.id)).toEqual(["app:four"]);
    expect(rivals(all[0]!, ["k"], all, { "app:four": { key: "k", active: false } })).toEqual([]);
  });

  test("keeps only what differs, and an unknown name", () => {
    const map = withKeys({ "audio:back": { key: "q" } }, all[0]!, ["w"]);
    expect(map).toEqual({ "audio:back": { key: "q" }, "a:one": { key: "w", active: true } });
    expect(withKeys(map, all[0]!, ["x"])).toEqual({ "audio:back": { key: "q" } });
    expect(withKeys(map, all[0]!, [])).toEqual({ "audio:back": { key: "q" }, "a:one": { key: "w", active: false } });
  });

  test("lets a key be taken, or swapped", () => {
    expect(taken({}, all[0]!, ["y"], all, usual)).toEqual({ "a:two": { key: "z", active: true }, "a:one": { key: "y", active: true } });
    expect(taken({}, all[1]!, ["x"], all, usual)).toEqual({ "a:one": { key: "x", active: false }, "a:two": { key: "x", active: true } });
    expect(swapped({}, all[1]!, ["x"], all, usual)).toEqual({ "a:two": { key: "x", active: true }, "a:one": { key: "y,z", active: true } });
    expect(clashesIn(all, swapped({}, all[1]!, ["x"], all, usual)).size).toBe(0);
  });
});

describe("Label Studio's maps", () => {
  const touched = { key: "ctrl+alt+s", active: true, description: "Submit the current annotation" };
  const untouched = { key: "ctrl+space", active: true, description: "Skip the current task" };
  const stored = { "annotation:annotation:submit": touched, "annotation:annotation:skip": untouched, "data_manager:dm.focus-next": { ...untouched, key: "n" }, "x:y": { key: "q" } };

  test("are read by plain names, without what only repeats its usual keys", () => {
    expect(fromStored(stored)).toEqual({ "annotation:submit": { key: "ctrl+alt+s", active: true }, "dm.focus-next": { key: "n", active: true }, "x:y": { key: "q" } });
    expect(fromStored({ "annotation:skip": { key: "ctrl+space", active: true } })).toEqual({ "annotation:skip": { key: "ctrl+space", active: true } });
  });

  test("are written by its names", () => {
    expect(Object.keys(toStored(fromStored(stored)))).toEqual(["annotation:annotation:submit", "data_manager:dm.focus-next", "x:y"]);
    expect(fromStored(toStored(fromStored(stored)))).toEqual(fromStored(stored));
  });

  test("come from its export, from a list, and from what its API answers", () => {
    const row = { id: "100", section: "annotation", element: "annotation:submit", label: "Submit Annotation", ...touched };
    const skip = { id: "200", section: "annotation", element: "annotation:skip", label: "Skip Task", ...untouched };
    const wanted = { "annotation:submit": { key: "ctrl+alt+s", active: true } };
    expect(imported(JSON.stringify({ hotkeys: [row, skip], settings: {}, exportedAt: "2026-11-27T16:55:34.956Z", version: "1.0" }))).toEqual(wanted);
    expect(imported(JSON.stringify([row, skip]))).toEqual(wanted);
    expect(imported(JSON.stringify({ custom_hotkeys: { "annotation:annotation:submit": touched } }))).toEqual(wanted);
  });

  test.each(["", "{}", "[1]", "7", "null", '{"a": 1}', '{"hotkeys": [{"key": 7}]}', '{"a:b": {"key": "x", "active": "yes"}}'])("are not made of %s", (text) => expect(imported(text)).toBeNull());

  test("come back from our own export, with names that nobody here knows", () => {
    const rows = [{ id: "annotation:submit", title: "Submit", keys: ["ctrl+s"], isOn: false }, { id: "relation:show", title: "Show", keys: [], isOn: false }];
    expect(imported(exported(rows, { "audio:back": { key: "q" } }))).toEqual({ "annotation:submit": { key: "ctrl+s", active: false }, "audio:back": { key: "q", active: true } });
  });
});
