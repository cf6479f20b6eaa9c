import { describe, expect, test } from "vitest";

import { moved, placesOf, thingsOf } from "./order.ts";

const things = thingsOf([{ id: 1, title: "One" }, { id: "b" }, "plain", { id: 1, title: "again" }]);
const groups = [{ name: "_", title: "" }, { name: "good", title: "Good" }];

describe("things", () => {
  test("have the ids of the task, else their places; each id once", () => {
    expect(things.map((thing) => thing.id)).toEqual([1, "b", "2"]);
    expect(things[2]!.title).toBe("plain");
    expect(thingsOf('[{"id": "x"}]').map((thing) => thing.id)).toEqual(["x"]);
    expect(thingsOf({ no: "list" })).toEqual([]);
  });
});

describe("places", () => {
  test.each([
    [null, { _: ["1", "b", "2"], good: [] }],
    [{ _: ["2"], good: ["b"] }, { _: ["2", "1"], good: ["b"] }],
    [{ good: ["gone", "b", 1, "b"], other: ["2"] }, { _: ["2"], good: ["b", "1"] }],
    [["b", "1", "2"], { _: ["b", "1", "2"], good: [] }],
  ])("of %j", (stored, places) => {
    expect(placesOf(stored, things, groups, "_")).toEqual(places);
  });

  test("after a move, counted without what moves", () => {
    const before = { _: ["1", "b", "2"], good: ["c"] };
    expect(moved(before, "1", "_", 1)).toEqual({ _: ["b", "1", "2"], good: ["c"] });
    expect(moved(before, "b", "good", 0)).toEqual({ _: ["1", "2"], good: ["b", "c"] });
  });
});
