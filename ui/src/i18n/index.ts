/**
 * Translation: the English text is the key, a catalogue per language holds the rest.
 *
 * `t("Delete {name}?", {name})` puts parameters in; numbers are written as the locale writes them. Reading a
 * translation inside a component subscribes it, so that a change of language redraws what is on screen.
 */
import { computed, signal } from "@preact/signals";

import { boot } from "../boot.ts";

export type Locale = "en" | "zh";
export type Params = Record<string, string | number | null | undefined>;
type Catalogue = Record<string, string>;

export const LOCALES: { id: Locale; name: string; short: string }[] = [
  { id: "en", name: "English", short: "EN" },
  { id: "zh", name: "中文", short: "中" },
];

const STORE = "labelwright_locale";
const YEAR_S = 31_536_000;

const loaders: Record<Locale, () => Promise<{ default: Catalogue }>> = {
  en: async () => ({ default: {} }),
  zh: () => import("./zh.json"),
};

const current = signal<Locale>("en");
const catalogues = signal<Partial<Record<Locale, Catalogue>>>({ en: {} });

/** The language on screen; write it by `setLocale`. */
export const locale = computed(() => current.value);

/** The language tag of `locale` for `Intl` and `<html lang>`. */
export const languageTag = computed(() => (current.value === "zh" ? "zh-CN" : "en"));

function stored(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null; // storage may be forbidden
  }
}

function known(tag: string | null | undefined): Locale | null {
  const id = tag?.toLowerCase().split("-")[0];
  return LOCALES.some((one) => one.id === id) ? (id as Locale) : null;
}

/** The language to begin with: the stored choice, the server's, the browser's. */
export function preferredLocale(): Locale {
  if (typeof document === "undefined") return "en";
  const cookie = /(?:^|; )labelwright_locale=([^;]+)/.exec(document.cookie)?.[1];
  return known(cookie) ?? known(stored()) ?? known(boot.locale) ?? known(navigator.language) ?? "en";
}

/** Show this language without keeping the choice. */
export async function loadLocale(id: Locale): Promise<void> {
  const catalogue = (await loaders[id]()).default;
  catalogues.value = { ...catalogues.value, [id]: { ...catalogue, ...catalogues.value[id] } };
  current.value = id;
  if (typeof document !== "undefined") document.documentElement.lang = languageTag.value;
}

/** Show this language and keep the choice for later visits, the server-written pages too. */
export async function setLocale(id: Locale): Promise<void> {
  await loadLocale(id);
  document.cookie = `${STORE}=${id}; path=${boot.base || "/"}; max-age=${YEAR_S}; samesite=lax`;
  try {
    localStorage.setItem(STORE, id);
  } catch {
    // The cookie alone will do.
  }
}

/** Add texts to a catalogue: a plugin brings those of its own tags. What is there already stays. */
export function addMessages(id: Locale, messages: Catalogue): void {
  catalogues.value = { ...catalogues.value, [id]: { ...messages, ...catalogues.value[id] } };
}

function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) return whole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

/** The text in the language on screen; English where a catalogue lacks it. */
export function t(msgid: string, params?: Params): string {
  return fill(catalogues.value[current.value]?.[msgid] ?? msgid, params);
}

/** A text of something that brings its own catalogue, as plugins do. */
export function tOf(source: { messages?: Record<string, Record<string, string>> }, msgid: string, params?: Params): string {
  const own = source.messages?.[current.value]?.[msgid];
  return own === undefined ? t(msgid, params) : fill(own, params);
}

/** Whether the language on screen has a text for this English one. */
export function isTranslated(msgid: string): boolean {
  return current.value === "en" || msgid in (catalogues.value[current.value] ?? {});
}

/** The text for a count: `tn("{n} task", "{n} tasks", count)`. Catalogues are keyed by the plural form. */
export function tn(one: string, other: string, n: number, params?: Params): string {
  const english = new Intl.PluralRules("en").select(n) === "one" ? one : other;
  const text = current.value === "en" ? english : (catalogues.value[current.value]?.[other] ?? english);
  return fill(text, { n, ...params });
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(languageTag.value, options).format(value);
}

export function formatPercent(share: number): string {
  return formatNumber(share, { style: "percent", maximumFractionDigits: 0 });
}

/** A size in bytes in the largest fitting unit, in steps of 1,024 as the server's limits are: `250 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** step;
  return formatNumber(value, {
    style: "unit", unit: units[step], unitDisplay: step > 0 ? "short" : "long", maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  });
}

export function formatDate(value: string | number | Date, style: "date" | "time" | "both" = "both"): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(languageTag.value, {
    dateStyle: style === "time" ? undefined : "medium",
    timeStyle: style === "date" ? undefined : "short",
  }).format(date);
}

const SPANS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

/** How long ago, in words: `3 minutes ago`, `yesterday`. */
export function formatAgo(value: string | number | Date, now: number = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return "";
  const words = new Intl.RelativeTimeFormat(languageTag.value, { numeric: "auto" });
  const span = SPANS.find(([, length]) => Math.abs(seconds) >= length);
  return span ? words.format(Math.round(seconds / span[1]), span[0]) : t("just now");
}

/** A time span in words: `1 min, 20 sec`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [[Math.floor(whole / 3600), "hour"], [Math.floor(whole / 60) % 60, "minute"], [whole % 60, "second"]];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  if (shown.length === 0) shown.push([0, "second"]);
  return shown
    .map(([amount, unit]) => formatNumber(amount, { style: "unit", unit, unitDisplay: "short" }))
    .join(" ");
}
