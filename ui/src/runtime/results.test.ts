import { describe, expect, test } from "vitest";

import type { Region, ResultItem } from "../../sdk/labelwright";
import { applied, compacted, opsBetween, regionsOf, resultOf, type Op } from "./results.ts";

const box = (id: string, more: Partial<ResultItem> = {}): ResultItem => ({
  id, from_name: "box", to_name: "image", type: "rectanglelabels", value: { x: 1, y: 2, width: 3, height: 4, rectanglelabels: ["Car"] }, ...more,
});
const choice = (id: string): ResultItem => ({ id, from_name: "kind", to_name: "image", type: "choices", value: { choices: ["A"] } });
const relation: ResultItem = { type: "relation", from_id: "r1", to_id: "r2", direction: "right", labels: ["near"] };
const recognise = (item: ResultItem) => (item.type === "rectanglelabels" ? { type: "rectangle", value: item.value } : null);
const roundTrip = (result: ResultItem[]): ResultItem[] => resultOf(regionsOf(result, recognise));

describe("a result", () => {
  test("comes out as it went in, unknown keys and types and relations too", () => {
    const strange = { id: "r9", type: "cubes", value: { faces: [1, 2] }, custom: { a: null }, from_name: "gone", to_name: "image" };
    const result = [box("r1", { score: 0.5, meta: { text: ["a"] }, extra: 1 }), choice("r1"), box("r2"), relation, strange, choice("whole")];
    expect(roundTrip(result)).toEqual(result);
  });

  test("keeps each item itself, not a copy", () => {
    const result = [box("r1"), relation];
    expect(roundTrip(result)[0]).toBe(result[0]);
  });

  test("has one region for the items that share an id", () => {
    const regions = regionsOf([choice("r1"), box("r1")], recognise);
    expect(regions).toHaveLength(1);
    expect(regions[0]).toMatchObject({ id: "r1", object: "image", type: "rectangle" });
  });

  test("gives an id to an item that has none", () => {
    const [item] = roundTrip([{ ...choice("x"), id: undefined }]);
    expect(item!.id).toMatch(/^[\w-]{10}$/);
  });
});

describe("operations", () => {
  const region = (items: ResultItem[]): Region => ({ id: "r1", object: "image", type: null, value: null, items });

  test("say what changed, item by item", () => {
    const [kept, changed] = [box("r1"), choice("r1")];
    const ops = opsBetween(region([kept, choice("r1"), { ...choice("r1"), from_name: "old" }]), region([kept, changed]));
    expect(ops).toEqual([{ op: "set", key: "r1/kind/choices", value: changed }, { op: "remove", key: "r1/old/choices" }]);
  });

  test("of a region that comes are all set, of one that goes all removed", () => {
    expect(opsBetween(null, region([box("r1")])).map((op) => op.op)).toEqual(["set"]);
    expect(opsBetween(region([box("r1"), choice("r1")]), null).map((op) => op.op)).toEqual(["remove", "remove"]);
  });

  test("applied to the old result give the new one", () => {
    const before = [box("r1"), box("r2"), relation];
    const moved = box("r2", { value: { x: 9 } });
    const ops: Op[] = [{ op: "set", key: "r2/box/rectanglelabels", value: moved }, { op: "remove", key: "relation/r1/r2" }, { op: "set", key: "r3/box/rectanglelabels", value: box("r3") }];
    expect(applied(before, ops)).toEqual([box("r1"), moved, box("r3")]);
    expect(applied(before, [{ op: "order", keys: ["r2/box/rectanglelabels"] }]).map((item) => item.id)).toEqual(["r2", "r1", undefined]);
  });

  test("keep their effect when only the last word of each stays", () => {
    const set = (x: number): Op => ({ op: "set", key: "r1/box/rectanglelabels", value: box("r1", { value: { x } }) });
    const ops: Op[] = [set(1), set(2), { op: "remove", key: "r1/box/rectanglelabels" }, set(3)];
    expect(compacted(ops)).toEqual([set(3)]);
    expect(applied([], compacted(ops))).toEqual(applied([], ops));
  });
});
