import { expect, test } from "vitest";

import { dedented } from "./dedented.ts";

test.each([
  ["# One\r\n    two\r\n\r\n      three", "# One\ntwo\n\n  three"],
  ["one\ntwo\n    code", "one\ntwo\n    code"],
  ["   one", "one"],
])("%j", (written, read) => {
  expect(dedented(written)).toBe(read);
});
