import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

import { loadLocale } from "../../i18n/index.ts";
import zh from "../../i18n/zh.json";
import { problemText } from "../interface/check.ts";

const catalogue = zh as Record<string, string>;
const folder = path.resolve(import.meta.dirname, "../../../../core/labelwright");
const sources = [...readdirSync(path.join(folder, "label_config")).map((name) => `label_config/${name}`), "tags/attributes.py"]
  .filter((name) => name.endsWith(".py"))
  .map((name) => readFileSync(path.join(folder, name), "utf8"));

const CODES = [
  /Problem\(\s*"(?:error|warning)",\s*"([a-z-]+)"/g, /_warn(?:ing)?\(\s*(?:node,\s*)?"([a-z-]+)"/g, /(?:refusal|_too_many)\(\s*"([a-z-]+)"/g,
  /BadAttribute\(\s*f?"[^"]+",\s*"([a-z-]+)"/g, /code = "([a-z-]+)" if like else "(?:[a-z-]+)"/g, /code = "(?:[a-z-]+)" if like else "([a-z-]+)"/g,
];

const codes = [...new Set(sources.flatMap((source) => CODES.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1]!))))].sort();

test("the codes of configuration problems are found in the sources", () => {
  expect(codes.length).toBeGreaterThan(15);
});

test.each(codes)("a configuration problem %s is said in Chinese, with its remedy", (code) => {
  expect(catalogue[`problem:${code}`], "problem").toBeTruthy();
  expect(catalogue[`remedy:${code}`], "remedy").toBeTruthy();
});

const causes = [.../_CAUSES = \{([\s\S]*?)\n\}/.exec(readFileSync(path.join(folder, "label_config/xml.py"), "utf8"))![1]!.matchAll(/\("([a-z-]+)"/g)].map((match) => match[1]!);

test("every cause of broken XML that the server names is said in both languages, not in the parser's words", async () => {
  const said = "Opening and ending tag mismatch";
  expect(causes.length).toBeGreaterThan(10);
  for (const language of ["en", "zh"] as const) {
    await loadLocale(language);
    for (const cause of [...causes, "ampersand"]) {
      const params = { cause, detail: said, name: "Text", other: "View", opened: "2" };
      const text = problemText({ level: "error", code: "xml-syntax", message: said, remedy: "", line: 3, params } as unknown as Parameters<typeof problemText>[0]);
      expect(text, cause).not.toContain(said);
      expect(/[\u4e00-\u9fff]/.test(text), cause).toBe(language === "zh");
    }
  }
  await loadLocale("en");
});
