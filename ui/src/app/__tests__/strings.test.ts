import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import zh from "../../i18n/zh.json";
import { stringsOf } from "./strings.ts";

const src = path.resolve(import.meta.dirname, "../..");
const catalogue = zh as Record<string, string>;

const sources = ["app", "api"]
  .flatMap((room) => readdirSync(path.join(src, room), { recursive: true, encoding: "utf8" }).map((name) => path.join(room, name)))
  .filter((name) => /\.tsx?$/.test(name) && !name.includes("__tests__"))
  .map((name) => ({ name, found: stringsOf(readFileSync(path.join(src, name), "utf8")) }));

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();

describe("every text that users read", () => {
  test.each(sources)("$name is in both languages", ({ found }) => {
    expect(found.msgids.filter((msgid) => !catalogue[msgid])).toEqual([]);
  });

  test.each(sources)("$name has no bare text in its markup", ({ found }) => {
    expect(found.bare).toEqual([]);
  });

  test("a translation keeps the parameters of its text", () => {
    const wrong = Object.entries(catalogue).filter(([msgid, text]) => !/^\w+:/.test(msgid) && placeholders(text).join() !== placeholders(msgid).join());
    expect(wrong).toEqual([]);
  });

  test("is found by this test", () => {
    const found = stringsOf('const a = <p title="Bare">{t("Said")} lost {tn("{n} one", "{n} many", 2)}<b>{"too"}</b></p>;');
    expect(found).toEqual({ msgids: ["Said", "{n} many"], bare: ["1: Bare", "1: lost", "1: too"] });
  });
});
