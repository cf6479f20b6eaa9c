import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import application from "../i18n/zh.json";
import own from "../i18n/zh.runtime.json";
import { stringsOf } from "../app/__tests__/strings.ts";

const ui = path.resolve(import.meta.dirname, "../..");
const plugins = path.resolve(ui, "../plugins");
const runtime: Record<string, string> = { ...application, ...own };

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
    .map((name) => readFileSync(path.join(folder, name), "utf8"));

/** Titles in declarations are translated where they are shown. */
const declared = (source: string): string[] => [...source.matchAll(/\b(?:title|label): "([^"]+)"/g)].map((match) => match[1]!);
const marked = (source: string): string[] => [...source.matchAll(/\bm\("([^"]+)"\)/g)].map((match) => match[1]!);

function missing(sources: readonly string[], catalogue: Record<string, string>): string[] {
  const msgids = sources.flatMap((source) => [...stringsOf(source).msgids, ...declared(source), ...marked(source)]);
  return [...new Set(msgids)].filter((msgid) => !(msgid in catalogue)).sort();
}

describe("every text that a labeller reads", () => {
  test.each(["runtime", "labelling"])("of ui/src/%s is in Chinese", (room) => {
    expect(missing(sourcesIn(path.join(ui, "src", room)), runtime)).toEqual([]);
  });

  test.each(["runtime", "labelling"])("of ui/src/%s is translatable", (room) => {
    expect(sourcesIn(path.join(ui, "src", room)).flatMap((source) => stringsOf(source).bare)).toEqual([]);
  });

  const withUi = readdirSync(plugins).filter((name) => existsSync(path.join(plugins, name, "ui")));
  test.each(withUi)("of the plugin %s is in Chinese", (name) => {
    const catalogue = JSON.parse(readFileSync(path.join(plugins, name, `labelwright_${name}`, "locale/zh.json"), "utf8")) as Record<string, string>;
    expect(missing(sourcesIn(path.join(plugins, name, "ui")), { ...runtime, ...catalogue })).toEqual([]);
  });

  test("the runtime's catalogue is sorted", () => {
    const msgids = Object.keys(own);
    expect(msgids).toEqual([...msgids].sort());
  });
});
