import { describe, expect, test } from "vitest";

import { actual, fitted, held, showing, toPercent, toScreen, zoomed } from "./camera.ts";

const size = { width: 2000, height: 1000 };
const view = { width: 800, height: 600 };
const limits = { min: 0.01, max: 100 };

test("fitted, the whole object is in view and in the middle", () => {
  const camera = fitted(size, view);
  const [from, to] = [toScreen(camera, size, { x: 0, y: 0 }), toScreen(camera, size, { x: 100, y: 100 })];
  expect(from.x).toBeCloseTo(12);
  expect(to.x).toBeCloseTo(788);
  expect(from.y + to.y).toBeCloseTo(view.height);
});

test("screen and object lead back to each other", () => {
  const camera = { scale: 0.73, x: -40, y: 17 };
  const there = toPercent(camera, size, toScreen(camera, size, { x: 31, y: 62 }));
  expect(there.x).toBeCloseTo(31);
  expect(there.y).toBeCloseTo(62);
});

describe("zooming", () => {
  test("leaves the point under the pointer where it is", () => {
    const camera = fitted(size, view);
    const at = { x: 123, y: 456 };
    const before = toPercent(camera, size, at);
    const after = toPercent(zoomed(camera, 3, at, limits), size, at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  test("stops at its limits", () => {
    expect(zoomed({ scale: 1, x: 0, y: 0 }, 1e6, { x: 0, y: 0 }, limits).scale).toBe(100);
    expect(zoomed({ scale: 1, x: 0, y: 0 }, 1e-6, { x: 0, y: 0 }, limits).scale).toBe(0.01);
  });
});

test("the object cannot be lost out of view", () => {
  const far = held({ ...actual(size, view), x: 5000, y: -9000 }, size, view);
  expect(toScreen(far, size, { x: 0, y: 0 }).x).toBeLessThan(view.width);
  expect(toScreen(far, size, { x: 100, y: 100 }).y).toBeGreaterThan(0);
});

describe("showing a region", () => {
  test("changes nothing when it is in view", () => {
    const camera = fitted(size, view);
    expect(showing([10, 10, 40, 40], camera, size, view)).toBe(camera);
  });

  test("brings one that is outside to the middle", () => {
    const camera = showing([90, 90, 95, 95], { scale: 2, x: 0, y: 0 }, size, view);
    const middle = toScreen(camera, size, { x: 92.5, y: 92.5 });
    expect(middle.x).toBeCloseTo(400);
    expect(middle.y).toBeCloseTo(300);
  });
});
