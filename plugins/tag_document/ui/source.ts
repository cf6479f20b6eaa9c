/** Where a document comes from: the task itself, or an address; plain or in base64. */
import type { ObjectContext } from "labelwright";

export function decoded(text: string, encoding: string): string {
  if (encoding === "none" || !encoding) return text;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return encoding === "base64" ? String.fromCharCode(...bytes) : new TextDecoder().decode(bytes);
}

function held(ctx: ObjectContext): unknown {
  const value: unknown = ctx.field(ctx.attrs.value);
  if (value === undefined || value === null) throw new Error(ctx.t("This task has nothing in {field}.", { field: String(ctx.attrs.value) }));
  return value;
}

/** The HTML to show, what stands inside the element before all else; an error's message is for the user. */
export async function htmlOf(ctx: ObjectContext): Promise<string> {
  if (ctx.node.text) return ctx.node.text;
  const value = held(ctx);
  const raw = ctx.attrs.valueType === "url" ? await fetched(ctx, String(value)) : String(value);
  try {
    return decoded(raw, String(ctx.attrs.encoding ?? "none"));
  } catch {
    throw new Error(ctx.t("The page is not encoded as {encoding}.", { encoding: String(ctx.attrs.encoding) }));
  }
}

/** The data to show as a table: a text is read as JSON. */
export async function dataOf(ctx: ObjectContext): Promise<unknown> {
  const value = held(ctx);
  const raw = ctx.attrs.valueType === "url" && typeof value === "string" ? await fetched(ctx, value) : value;
  if (typeof raw !== "string") return raw;
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}

async function fetched(ctx: ObjectContext, address: string): Promise<string> {
  try {
    const answer = await fetch(ctx.mediaUrl(address), { credentials: "same-origin", signal: ctx.abort });
    if (answer.ok) return await answer.text();
  } catch {
    // Told below.
  }
  throw new Error(ctx.t("It could not be loaded: {url}", { url: address }));
}
