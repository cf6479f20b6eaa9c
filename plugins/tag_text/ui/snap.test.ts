import { describe, expect, test } from "vitest";

import { deepened } from "./marks.ts";
import { cuts, normalised } from "./page.ts";
import { snap, type Granularity } from "./snap.ts";

const text = "Ada wrote it. She did!\nNext line.";
const snapped = (words: string, from: string, to: string, granularity: Granularity): string => {
  const start = words.indexOf(from);
  const [a, b] = snap(words, start, words.indexOf(to, start) + to.length, granularity);
  return words.slice(a, b);
};

describe("a selection", () => {
  test.each([
    ["symbol", "da wro"], ["word", "Ada wrote"], ["sentence", "Ada wrote it."], ["paragraph", "Ada wrote it. She did!"],
  ] as const)("snaps to the %s", (granularity, found) => {
    expect(snapped(text, "da", "wro", granularity)).toBe(found);
  });

  test("knows Chinese words", () => {
    expect(["伦敦", "出生于伦敦"]).toContain(snapped("她出生于伦敦。", "敦", "敦", "word"));
  });

  test("of symbols never cuts a pair, and drops line ends at its edges", () => {
    expect(snap("a😀b", 2, 3, "symbol")).toEqual([1, 3]);
    expect(snap("one\ntwo", 0, 4, "symbol")).toEqual([0, 3]);
  });

  test("of words leaves out the dot", () => {
    expect(snapped("He went. Home", "wen", "wen", "word")).toBe("went");
  });
});

test("line ends count as one", () => {
  expect(normalised("a\r\nb\rc\nd")).toBe("a\nb\nc\nd");
});

test("a long line is cut at spaces, and nothing of it is lost", () => {
  const line = "word ".repeat(2000) + "😀".repeat(2000);
  const pieces = cuts(line, 100);
  expect(pieces.join("")).toBe(line);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(101);
  expect(pieces.every((piece) => !/^[\udc00-\udfff]/.test(piece))).toBe(true);
});

test("overlapping parts lie at different depths, others at the first", () => {
  const depths = deepened([{ start: 0, end: 10 }, { start: 2, end: 5 }, { start: 4, end: 8 }, { start: 10, end: 12 }]).map((mark) => mark.depth);
  expect(depths).toEqual([0, 1, 2, 0]);
});
