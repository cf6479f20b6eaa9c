import { describe, expect, test } from "vitest";

import { bounds, boxBetween, corners, handles, isInside, resized, snapped, squared, translated, turnedTo, type Box } from "./box.ts";

const wide = { width: 2000, height: 1000 };
const free = { shift: false, alt: false };
const box = (more: Partial<Box> = {}): Box => ({ x: 10, y: 20, width: 30, height: 40, rotation: 0, ...more });
const near = (one: object, other: object): void => {
  for (const [key, value] of Object.entries(other)) expect((one as Record<string, number>)[key], key).toBeCloseTo(value as number, 6);
};

describe("a box between two points", () => {
  test("is the same from whichever corner it was drawn", () => {
    const [a, b] = [{ x: 10, y: 20 }, { x: 40, y: 60 }];
    expect(boxBetween(a, b, { width: 1, height: 1 })).toEqual(boxBetween(b, a, { width: 1, height: 1 }));
    expect(boxBetween(a, b, { width: 1, height: 1 })).toEqual(box());
  });

  test("is none when it is too small to see", () => {
    expect(boxBetween({ x: 1, y: 1 }, { x: 1.5, y: 9 }, { width: 1, height: 1 })).toBeNull();
  });

  test("with shift is square on the screen, not in percents", () => {
    near(squared({ x: 10, y: 10 }, { x: 30, y: 20 }, wide), { x: 30, y: 50 });
  });
});

describe("a turned box", () => {
  test("turns clockwise about its top left corner", () => {
    const [first, second] = corners(box({ rotation: 90 }), wide);
    near(first, { x: 10, y: 20 });
    // 30 % of 2000 px along the top now point down: 600 of 1000 px.
    near(second, { x: 10, y: 80 });
  });

  test("has bounds that hold all its corners", () => {
    const [minX, minY, maxX, maxY] = bounds(box({ rotation: 90 }), wide);
    near({ minX, minY, maxX, maxY }, { minX: -10, minY: 20, maxX: 10, maxY: 80 });
  });

  test("is hit where it is, not where it was", () => {
    const turned = box({ rotation: 90 });
    expect(isInside(turned, { x: 5, y: 70 }, 0, wide)).toBe(true);
    expect(isInside(turned, { x: 35, y: 30 }, 0, wide)).toBe(false);
  });

  test("forgives a miss by the tolerance, in natural pixels", () => {
    expect(isInside(box(), { x: 9.9, y: 30 }, 1, wide)).toBe(false);
    expect(isInside(box(), { x: 9.9, y: 30 }, 3, wide)).toBe(true);
  });
});

describe("a dragged corner", () => {
  test("leaves the opposite one where it is", () => {
    near(resized(box(), "se", { x: 60, y: 70 }, wide, free), box({ width: 50, height: 50 }));
    near(resized(box(), "nw", { x: 5, y: 10 }, wide, free), box({ x: 5, y: 10, width: 35, height: 50 }));
  });

  test("may pass the opposite one", () => {
    near(resized(box(), "e", { x: 4, y: 0 }, wide, free), box({ x: 4, width: 6 }));
  });

  test("stays on the object", () => {
    near(resized(box(), "se", { x: 140, y: 170 }, wide, free), box({ width: 90, height: 80 }));
  });

  test("of a turned box leaves the opposite one where it is, too", () => {
    const start = box({ rotation: 30 });
    const after = resized(start, "nw", { x: 14, y: 30 }, wide, free);
    near(corners(after, wide)[2], corners(start, wide)[2]);
    near(corners(after, wide)[0], { x: 14, y: 30 });
    expect(after.rotation).toBe(30);
  });

  test("with shift keeps the proportions, with alt the middle", () => {
    const kept = resized(box(), "se", { x: 70, y: 62 }, wide, { shift: true, alt: false });
    expect(kept.width / kept.height).toBeCloseTo(30 / 40);
    const centred = resized(box(), "e", { x: 45, y: 0 }, wide, { shift: false, alt: true });
    near(centred, box({ x: 5, width: 40 }));
  });
});

describe("turning", () => {
  test("keeps the middle where it is", () => {
    const middle = (one: Box) => {
      const [a, , c] = corners(one, wide);
      return { x: (a.x + c.x) / 2, y: (a.y + c.y) / 2 };
    };
    const after = turnedTo(box(), { x: 60, y: 41 }, wide, false);
    near(middle(after), middle(box()));
    expect(after.rotation).toBeGreaterThan(80);
    expect(after.rotation).toBeLessThan(100);
  });

  test("with shift goes in steps of fifteen degrees, and never below zero", () => {
    expect(turnedTo(box(), { x: 60, y: 42 }, wide, true).rotation).toBe(90);
    expect(turnedTo(box(), { x: 24, y: 0 }, wide, true).rotation).toBe(0);
  });
});

test("moving stops at the edges, turned or not", () => {
  near(translated(box(), -50, 90, wide), box({ x: 0, y: 60 }));
  const turned = translated(box({ rotation: 90 }), -50, 0, wide);
  expect(bounds(turned, wide)[0]).toBeGreaterThanOrEqual(-10.000001);
});

test("snapping goes to whole natural pixels", () => {
  near(snapped({ x: 10.03, y: 20.06 }, wide), { x: 10.05, y: 20.1 });
});

test("a small box has handles at its corners only, and none to turn by where that is off", () => {
  expect(handles(box(), wide, 1, true)).toHaveLength(9);
  expect(handles(box({ width: 0.5, height: 1 }), wide, 1, false).map((one) => one.id)).toEqual(["nw", "ne", "se", "sw"]);
});
