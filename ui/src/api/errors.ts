/** Refusals in the user's language, and reports of them for whoever mends what is broken. */
import { isTranslated, t, type Params } from "../i18n/index.ts";
import { ApiError } from "./client.ts";
import { REFUSALS, wordsInstead, wordsOfStatus } from "./refusals.ts";

/** A refusal as it comes in an answer's body or in a job. */
export interface Refusal {
  code?: string | null;
  params?: Record<string, unknown> | null;
  detail?: string;
  validation_errors?: Record<string, unknown>;
}

export function asParams(params: Record<string, unknown> | null | undefined): Params {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name, typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/**
 * A sentence of the server's in the user's language: by the exact sentence, else by its code (`<kind>:<code>` in the
 * catalogue, filled with its params), else as it is.
 */
export function translateServerText(text: string, code = "", params: Record<string, unknown> | null = {}, kind = "error"): string {
  if (isTranslated(text)) return t(text, asParams(params));
  // Limits are written into Label Studio's sentences: "at least 3 characters".
  const number = /\d+/.exec(text)?.[0];
  const general = number ? text.replace(number, "{n}") : text;
  if (number && isTranslated(general)) return t(general, { n: Number(number) });
  const byCode = `${kind}:${code}`;
  return isTranslated(byCode) ? t(byCode, asParams(params)) : text;
}

const fieldTexts = (refusal: Refusal): string[] =>
  Object.values(refusal.validation_errors ?? {}).flat().filter((text): text is string => typeof text === "string");

/** One sentence, or a few, about a refusal. */
export function describeRefusal(refusal: Refusal): string {
  const code = refusal.code ?? "";
  const ours = REFUSALS[code];
  // Lists in params are for the words that name them; the others take texts and numbers.
  if (ours) return ours((refusal.params ?? {}) as Params);
  const texts = fieldTexts(refusal);
  const said = texts.length > 0 ? texts.slice(0, 3) : refusal.detail ? [refusal.detail] : [];
  return said.map((text) => translateServerText(text, code, refusal.params)).join(" ");
}

export function describeError(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error && error.message ? error.message : t("Something went wrong.");
  const refusal: Refusal = { code: error.code, params: error.params, detail: error.detail, validation_errors: error.fields };
  const hasWords = error.code in REFUSALS || Object.keys(error.fields).length > 0;
  const byStatus = hasWords ? null : wordsOfStatus(error.status);
  if (byStatus) return byStatus;
  const said = describeRefusal(refusal);
  const isUnderstood = hasWords || said !== error.detail || isTranslated(error.detail);
  return isUnderstood && said ? said : (wordsInstead(error.status) ?? said) || t("Something went wrong.");
}

/** The messages of one input field, in the user's language. */
export function fieldErrors(error: unknown, field: string): string[] {
  if (!(error instanceof ApiError)) return [];
  const ours = Object.keys(error.fields).length === 1 && field in error.fields ? REFUSALS[error.code] : undefined;
  if (ours) return [ours(error.params as Params)];
  return (error.fields[field] ?? []).map((text) => translateServerText(text, error.code, error.params));
}

/** Everything that whoever mends it needs, as text. */
export function reportOf(error: unknown): string {
  const where = typeof location === "undefined" ? "" : `page: ${location.pathname}${location.search}\n`;
  const when = `time: ${new Date().toISOString()}\n`;
  if (error instanceof ApiError) {
    return `${where}${when}status: ${error.status}\ncode: ${error.code}\ndetail: ${error.detail}\nbody: ${JSON.stringify(error.body, null, 1)}`;
  }
  return `${where}${when}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
