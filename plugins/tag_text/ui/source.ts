/** Where a text comes from: the task itself, or an address on our server; plain or in base64. */
import type { ObjectContext } from "labelwright";

import { normalised } from "./page.ts";

export function decoded(text: string, encoding: string): string {
  if (encoding === "none" || !encoding) return text;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return encoding === "base64" ? String.fromCharCode(...bytes) : new TextDecoder().decode(bytes);
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => plain(one)).join("\n");
  return typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
}

/** The text to show; an error's message is for the user. */
export async function textOf(ctx: ObjectContext): Promise<string> {
  const value: unknown = ctx.field(ctx.attrs.value);
  if (value === undefined || value === null) throw new Error(ctx.t("This task has no text in {field}.", { field: String(ctx.attrs.value) }));
  const isAddress = ctx.attrs.valueType === "url";
  const raw = isAddress ? await fetched(ctx, String(value)) : plain(value);
  try {
    return normalised(decoded(raw, String(ctx.attrs.encoding ?? "none")));
  } catch {
    throw new Error(ctx.t("The text is not encoded as {encoding}.", { encoding: String(ctx.attrs.encoding) }));
  }
}

async function fetched(ctx: ObjectContext, address: string): Promise<string> {
  try {
    const answer = await fetch(ctx.mediaUrl(address), { credentials: "same-origin", signal: ctx.abort });
    if (answer.ok) return await answer.text();
  } catch {
    // Told below.
  }
  throw new Error(ctx.t("The text could not be loaded: {url}", { url: address }));
}
