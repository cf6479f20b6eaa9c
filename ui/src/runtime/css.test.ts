import { expect, test } from "vitest";

import { safeRules, safeStyle } from "./css.ts";

test("rules hold inside the labelling area alone", () => {
  expect(safeRules(".big { font-size: 2em }")).toBe("@scope (.lw-lab-main) { .big { font-size: 2em } }");
});

test.each([
  "a { background: url(https://evil.example/x) }", "@import 'https://evil.example/x.css'; a {}", "a { background: u\\72l(https://evil.example) }",
  "a { background: image-set('https://evil.example/a' 1x) }", "@font-face { src: url(https://evil.example/f) }", "a { background: url/**/(https://evil.example) }",
])("%s fetches nothing", (rules) => {
  expect(safeRules(rules)).not.toMatch(/url|image-set|import|font-face|src/i);
});

test("a brace too many does not break out", () => {
  expect(safeRules("} body { display: none } {")).toBe("@scope (.lw-lab-main) {  body { display: none } {} }");
});

test("a style attribute keeps its declarations and fetches nothing", () => {
  expect(safeStyle("color: red; background: url('https://evil.example/x'); width: 50%")).toBe("color: red; background: none; width: 50%");
});
