import { effect } from "@preact/signals";
import { describe, expect, test } from "vitest";

import type { Region } from "../../sdk/labelwright";
import { Store } from "./store.ts";

const region = (id: string, value: unknown = 0): Region => ({ id, object: "image", type: "box", value, items: [] });
const filled = (...ids: string[]): Store => {
  const store = new Store();
  store.load(ids.map((id) => region(id)));
  return store;
};
const values = (store: Store): unknown[] => store.order.value.map((id) => store.peek(id)!.value);

describe("an edit", () => {
  test("is undone and redone as one step", () => {
    const store = filled("a", "b");
    store.edit("change both", (tx) => {
      tx.set(region("a", 1));
      tx.set(region("b", 2));
    });
    store.undo();
    expect(values(store)).toEqual([0, 0]);
    store.redo();
    expect(values(store)).toEqual([1, 2]);
  });

  test("that changes nothing is not remembered", () => {
    const store = filled("a");
    store.edit("nothing", (tx) => tx.set(store.peek("a")!));
    expect(store.log.value).toEqual([]);
  });

  test("that throws leaves everything as it was", () => {
    const store = filled("a");
    expect(() => store.edit("bad", (tx) => {
      tx.remove("a");
      throw new Error("no");
    })).toThrow("no");
    expect(store.order.value).toEqual(["a"]);
    expect(store.log.value).toEqual([]);
  });

  test("after an undo forgets what was undone", () => {
    const store = filled("a");
    store.edit("one", (tx) => tx.set(region("a", 1)));
    store.undo();
    store.edit("two", (tx) => tx.set(region("a", 2)));
    store.redo();
    expect(values(store)).toEqual([2]);
    expect(store.log.value.map((entry) => entry.label)).toEqual(["two"]);
  });

  test("with the same merge key joins the one before", () => {
    const store = filled("a");
    for (const value of [1, 2, 3]) store.edit("nudge", (tx) => tx.set(region("a", value)), "nudge a");
    store.undo();
    expect(values(store)).toEqual([0]);
  });
});

describe("removed regions", () => {
  test("come back at their places", () => {
    const store = filled("a", "b", "c", "d");
    store.edit("delete", (tx) => {
      tx.remove("b");
      tx.remove("d");
      tx.remove("a");
    });
    expect(store.order.value).toEqual(["c"]);
    store.undo();
    expect(store.order.value).toEqual(["a", "b", "c", "d"]);
    store.redo();
    expect(store.order.value).toEqual(["c"]);
  });
});

describe("an open transaction", () => {
  test("is one undo step, however often it moved", () => {
    const store = filled("a");
    const drag = store.begin("drag");
    for (let step = 1; step <= 50; step++) drag.setValue("a", step);
    drag.commit();
    expect(store.log.value).toHaveLength(1);
    store.undo();
    expect(values(store)).toEqual([0]);
  });

  test("that is cancelled leaves no trace", () => {
    const store = filled("a");
    const tx = store.begin("draw");
    tx.set(region("new"));
    tx.setValue("a", 9);
    tx.cancel();
    expect(store.order.value).toEqual(["a"]);
    expect(values(store)).toEqual([0]);
    expect(store.log.value).toEqual([]);
  });

  test("is taken back by undo", () => {
    const store = filled("a");
    store.begin("draw").set(region("new"));
    store.undo();
    expect(store.order.value).toEqual(["a"]);
  });

  test("is seen while it moves, and told once when it ends", () => {
    const store = filled("a");
    const told: boolean[] = [];
    store.onChange((_changes, live) => told.push(live));
    const drag = store.begin("drag");
    drag.setValue("a", 1);
    drag.setValue("a", 2);
    drag.commit();
    expect(told).toEqual([true, true, false]);
  });
});

test("only who reads a region hears of its change", () => {
  const store = filled("a", "b");
  let runs = 0;
  effect(() => {
    void store.get("b")?.value;
    runs++;
  });
  store.edit("a", (tx) => tx.set(region("a", 1)));
  expect(runs).toBe(1);
});

test("a thousand edits of ten thousand regions and their undoing take no time to speak of", () => {
  const store = filled(...Array.from({ length: 10_000 }, (_, index) => `r${index}`));
  const begun = performance.now();
  for (let index = 0; index < 1000; index++) store.edit("move", (tx) => tx.setValue(`r${index}`, index));
  store.goTo(0);
  expect(performance.now() - begun).toBeLessThan(1500);
  expect(new Set(values(store))).toEqual(new Set([0]));
});
