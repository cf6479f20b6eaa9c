import { expect, test } from "vitest";

import { greatest, nameOf, shortName, strength } from "./shares.ts";

test("rare things are seen beside frequent ones", () => {
  expect(strength(100, 100)).toBe(1);
  expect(strength(1, 100)).toBe(0.1);
  expect(strength(0, 0)).toBe(0);
});

test("what is said otherwise is measured apart from what is said alike", () => {
  expect(greatest([[9, 2], [3, 5]])).toEqual({ same: 9, other: 3 });
});

test("somebody is called by name, by address, or by number", () => {
  const ada = { id: 1, first_name: "Ada", last_name: "L", email: "ada@example.org" };
  expect(nameOf(ada, 1)).toBe("Ada L");
  expect(shortName(nameOf({ ...ada, first_name: "", last_name: "" }, 1))).toBe("ada");
  expect(nameOf(undefined, 7)).toBe("#7");
});
