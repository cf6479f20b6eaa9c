import { describe, expect, test } from "vitest";

import { lineBetween } from "./relation_paths.ts";

const box = (left: number, top: number, width = 40, height = 20) => ({ left, top, width, height });

describe("a line between two regions", () => {
  test.each([
    ["words of one row: over what stands between", box(0, 100), box(200, 104), /^M20 100C/],
    ["beside each other: from side to side", box(0, 0), box(300, 100), /^M40 10C.* 300 110$/],
    ["the other way round", box(300, 100), box(0, 0), /^M300 110C.* 40 10$/],
    ["above each other: from edge to edge", box(0, 0), box(10, 200), /^M20 20C.* 30 200$/],
  ])("%s", (_, from, to, path) => {
    expect(lineBetween(from, to).path).toMatch(path);
  });

  test("has the place of its label between both", () => {
    expect(lineBetween(box(0, 0), box(300, 100)).middle).toEqual({ x: 170, y: 60 });
  });
});
