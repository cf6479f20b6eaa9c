/** Words of plugins: their own catalogue first, then the application's. */
import type { Translate } from "../../sdk/labelwright";
import { addMessages, locale, t } from "../i18n/index.ts";
import type { TagInfo } from "./config.ts";

const known = new Map<string, { info: TagInfo; translate: Translate }>();

function filled(text: string, params?: Record<string, unknown>): string {
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text;
}

export function translatorOf(info: TagInfo | null): Translate {
  if (!info) return t as Translate;
  const found = known.get(info.tag);
  if (found?.info === info) return found.translate;
  const translate: Translate = (msgid, params) => {
    const own = info.messages?.[locale.value]?.[msgid];
    return own === undefined ? t(msgid, params as Parameters<typeof t>[1]) : filled(own, params);
  };
  known.set(info.tag, { info, translate });
  return translate;
}

let fetched: Promise<void> | null = null;

/** The runtime's own words, beside the application's. */
export function loadMessages(): Promise<void> {
  fetched ??= import("../i18n/zh.runtime.json").then((module) => addMessages("zh", module.default));
  return fetched;
}

/** Marks a msgid that is translated where it is shown. */
export const m = (msgid: string): string => msgid;
