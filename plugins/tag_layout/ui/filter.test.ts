import { expect, test } from "vitest";

import { keeping } from "./filter.tsx";

test.each([
  ["ber", {}, ["Berlin", "Bern"]],
  ["be", {}, null],
  ["be", { minlength: 0 }, ["Berlin", "Bern"]],
  ["ber", { casesensetive: true }, []],
  [" AACH ", {}, ["Aachen"]],
  ["", { minlength: 0 }, null],
])("%j with %j keeps", (typed, attrs, left) => {
  const keeps = keeping(typed, attrs);
  expect(keeps && ["Aachen", "Berlin", "Bern"].filter(keeps)).toEqual(left);
});
