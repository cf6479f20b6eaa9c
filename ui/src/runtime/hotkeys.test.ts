import { signal } from "@preact/signals";
import { describe, expect, test, vi } from "vitest";

import type { KeyMap } from "../keys/own.ts";
import { asideOfLabels, assignKeys, Hotkeys, LABEL_KEYS, type Command } from "./hotkeys.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({ key, code: "", ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, isComposing: false, keyCode: 0, target: { tagName: "BODY" }, ...more }) as KeyboardEvent;

describe("keys of labels", () => {
  test("are Label Studio's row, in order", () => {
    expect(assignKeys([null, null, null])).toEqual(["1", "2", "3"]);
    expect(assignKeys(Array(LABEL_KEYS.length + 2).fill(null)).slice(-3)).toEqual(["m", null, null]);
  });

  test("go round those that an author or a tool has", () => {
    expect(assignKeys([null, "1", null, "Q"], ["2"])).toEqual(["3", "1", "4", "q"]);
  });
});

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({ id, keys, title: () => "", group: "", run: () => undefined, ...more });

describe("a key that the author gave to a label", () => {
  const keysAfter = (...commands: Command[]) => asideOfLabels(commands).map((one) => one.keys.join());

  test("sends the tool that had it to the key with Shift, or to the next that is free", () => {
    expect(keysAfter(command("label:car", ["r"], { byAuthor: true }), command("tool:rect", ["r"]), command("tool:move", ["v"]))).toEqual(["r", "shift+r", "v"]);
    expect(keysAfter(command("label:car", ["r"], { byAuthor: true }), command("tool:rect", ["r"]), command("tool:rect-3point", ["shift+r"]))).toEqual(["r", "alt+shift+r", "shift+r"]);
  });

  test("sends a tool that two controls have to one place", () => {
    expect(keysAfter(command("label:car", ["r"], { byAuthor: true }), command("tool:rect", ["r"]), command("tool:rect", ["r"]))).toEqual(["r", "shift+r", "shift+r"]);
  });
});

describe("a press", () => {
  const made = (own: KeyMap = {}) => {
    const keys = new Hotkeys(signal(own));
    const run = vi.fn();
    keys.add({ id: "region:delete", title: () => "", group: "", keys: ["backspace"], run }, { id: "submit", title: () => "", group: "", keys: ["ctrl+enter"], run, always: true });
    return keys;
  };

  test("does nothing while text is typed, unless the command always works", () => {
    const typing = { target: { tagName: "INPUT", type: "text" } as unknown as EventTarget };
    expect(made().find(press("Backspace", typing))).toBeNull();
    expect(made().find(press("Enter", { ctrlKey: true, ...typing }))?.id).toBe("submit");
    expect(made().find(press("Backspace", { target: { tagName: "INPUT", type: "checkbox" } as unknown as EventTarget }))?.id).toBe("region:delete");
  });

  test("does nothing while an input method composes", () => {
    expect(made().find(press("Backspace", { isComposing: true }))).toBeNull();
    expect(made().find(press("Backspace", { keyCode: 229 } as Partial<KeyboardEvent>))).toBeNull();
  });

  test("follows the user's own map", () => {
    const keys = made({ "region:delete": { key: "x" } });
    expect(keys.find(press("Backspace"))).toBeNull();
    expect(keys.find(press("x"))?.id).toBe("region:delete");
    expect(made({ "region:delete": { active: false } }).find(press("Backspace"))).toBeNull();
  });

  test("follows a change of the map at once", () => {
    const own = signal<KeyMap>({});
    const keys = new Hotkeys(own);
    keys.add(command("region:delete", ["backspace"]));
    own.value = { "region:delete": { key: "x" } };
    expect([keys.find(press("Backspace")), keys.find(press("x"))?.id, keys.keyOf("region:delete")]).toEqual([null, "region:delete", "x"]);
  });

  test("in a clash goes to who came last", () => {
    const keys = made();
    keys.add(command("later", ["backspace"]));
    expect(keys.find(press("Backspace"))?.id).toBe("later");
  });

  test("that two parts of the page have is meant for the one that was touched last", () => {
    const keys = made();
    keys.add(command("pages:next", ["alt+right"], { owner: "pages" }), command("film:next", ["alt+right"], { owner: "film" }));
    const touched = (control: string) => keys.touch({ target: { closest: () => ({ dataset: { control } }) } } as unknown as Event);
    touched("pages");
    expect(keys.find(press("ArrowRight", { altKey: true }))?.id).toBe("pages:next");
    touched("film");
    expect(keys.find(press("ArrowRight", { altKey: true }))?.id).toBe("film:next");
  });
});
