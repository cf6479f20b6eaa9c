import { expect, test } from "vitest";

import { isKnown, kindOf, read, written } from "./moments.ts";

test("the field is the one for the parts that are asked for", () => {
  expect([[], ["date"], ["time"], ["year"], ["month", "year"], ["date", "time"]].map(kindOf)).toEqual(["datetime-local", "date", "time", "year", "month", "datetime-local"]);
});

test.each([
  ["2026-03-04T15:06", "%d.%m.%Y %H:%M", "04.03.2026 15:06", "datetime-local"],
  ["2026-03-04", "%m/%d/%Y", "03/04/2026", "date"],
  ["15:06", "%I:%M %p", "03:06 PM", "time"],
  ["00:06", "%I:%M %p", "12:06 AM", "time"],
  ["2026", "%Y", "2026", "year"],
  ["2026-03", "%Y (%m) 100%%", "2026 (03) 100%", "month"],
] as const)("%s is %s as %s, and back", (iso, format, stored, kind) => {
  expect(written(iso, format)).toBe(stored);
  expect(read(stored, format, kind)).toBe(iso);
});

test("without a format ISO is read, with its seconds, its blank or only a part", () => {
  expect(read("2026-03-04 15:06", null, "datetime-local")).toBe("2026-03-04T15:06");
  expect(read("2026-03-04T15:06:07Z", null, "date")).toBe("2026-03-04");
  expect(read("15:06", null, "time")).toBe("15:06");
  expect(read("next week", null, "date")).toBe("");
  expect(read("next week", "%Y", "year")).toBe("");
});

test("names of months cannot be read again", () => {
  expect([isKnown("%d %B %Y"), isKnown("%d.%m.%Y")]).toEqual([false, true]);
});
