import { describe, expect, test, vi } from "vitest";

import { assignKeys, Hotkeys, LABEL_KEYS, normalised, spellings } from "./hotkeys.ts";

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

describe("a combination", () => {
  test("has one spelling", () => {
    expect(normalised("Shift+CTRL+z")).toBe("ctrl+shift+z");
    expect(normalised("ctrl++")).toBe("ctrl+plus");
    expect(normalised("command+Return")).toBe("ctrl+enter");
  });

  test("is found by the letter and by the place on the keyboard", () => {
    expect(spellings(press("я", { code: "KeyZ", ctrlKey: true }))).toContain("ctrl+z");
    expect(spellings(press("!", { code: "Digit1", shiftKey: true }))).toContain("shift+1");
    expect(spellings(press("?", { code: "Slash", shiftKey: true }))).toContain("?");
    expect(spellings(press("=", { code: "Equal", ctrlKey: true }))).toContain("ctrl+plus");
  });
});

describe("a press", () => {
  const made = (own = {}) => {
    const keys = new Hotkeys(own);
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

  test("in a clash goes to who came last", () => {
    const keys = made();
    keys.add({ id: "later", title: () => "", group: "", keys: ["backspace"], run: () => undefined });
    expect(keys.find(press("Backspace"))?.id).toBe("later");
  });
});
