/** Refusals in the user's language: by the server's code where we know it, by its English sentence where we do not. */
import { isTranslated, t, type Params } from "../i18n/index.ts";
import { ApiError } from "./client.ts";

/** Where our words help more than the server's, which must be Label Studio's. */
const OUR_WORDS: Record<string, () => string> = {
  "no-connection": () => t("The server does not answer. Check the connection; what you typed is still here."),
  "not-authenticated": () => t("You are signed out. Log in again."),
  "not-found": () => t("This does not exist any more, or you may not see it."),
  unavailable: () => t("A service that the server needs does not answer. Nothing was saved; try again in a moment."),
  "out-of-space": () => t("The server's disk is full. Nothing was saved."),
  "http-500": () => t("The server failed. Nothing you did is wrong; copy the report for whoever runs the server."),
  "http-502": () => t("The server is not reachable at the moment. Try again in a moment."),
  "http-503": () => t("The server is not reachable at the moment. Try again in a moment."),
  "http-504": () => t("The server took too long to answer. Try again in a moment."),
};

/** Where the server's sentence says more, but may not be in the user's language. */
const OTHERWISE: Record<string, () => string> = {
  "not-allowed": () => t("You may not do this. Ask the owner of the organization."),
  conflict: () => t("Somebody changed this meanwhile. Load it again and repeat your change."),
  "too-large": () => t("This is larger than the server accepts."),
  "unsupported-media": () => t("The server does not read files of this type."),
  "too-many-requests": () => t("Too many requests. Wait a moment, then try again."),
};

function asParams(params: Record<string, unknown>): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/**
 * The server's English text in the user's language: its exact sentence, else what its code says (`error:<code>` in
 * the catalogue, with the refusal's params), else as it is.
 */
export function translateServerText(text: string, code = "", params: Record<string, unknown> = {}, kind = "error"): string {
  if (isTranslated(text)) return t(text);
  const byCode = `${kind}:${code}`;
  return isTranslated(byCode) ? t(byCode, asParams(params)) : text;
}

/** One sentence, or a few, about what went wrong. */
export function describeError(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error && error.message ? error.message : t("Something went wrong.");
  const fields = Object.values(error.fields).flat();
  if (fields.length > 0) return fields.slice(0, 3).map((text) => translateServerText(text, error.code, error.params)).join(" ");
  const ours = OUR_WORDS[error.code];
  if (ours) return ours();
  const theirs = translateServerText(error.detail, error.code, error.params);
  const isUnderstood = theirs !== error.detail || isTranslated(error.detail);
  return isUnderstood ? theirs : (OTHERWISE[error.code]?.() ?? theirs);
}

/** The messages of one input field, in the user's language. */
export function fieldErrors(error: unknown, field: string): string[] {
  if (!(error instanceof ApiError)) return [];
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
