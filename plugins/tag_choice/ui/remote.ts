/** Levels of trees on servers. Our own server asks others for us: the content policy lets a page reach nobody else. */
import type { TagContext } from "labelwright";

import type { Raw } from "./tree.ts";

const FRESH_MS = 300_000;
/** Levels that came stay for the next tasks. */
const levels = new Map<string, { level: Promise<Raw[]>; since: number }>();

function addressOf(ctx: TagContext, url: string, path: readonly string[]): string {
  const query = new URLSearchParams(path.map((part) => ["path", part]));
  const isOurs = /^\/(?!\/)/.test(url) || url.startsWith(`${location.origin}/`);
  if (isOurs) {
    const address = ctx.mediaUrl(url);
    return path.length > 0 ? `${address}${address.includes("?") ? "&" : "?"}${String(query)}` : address;
  }
  if (ctx.task.project === null) {
    query.set("url", url);
    return ctx.mediaUrl(`/api/taxonomy?${String(query)}`);
  }
  query.set("control", ctx.name);
  return ctx.mediaUrl(`/api/projects/${ctx.task.project}/taxonomy?${String(query)}`);
}

async function fetched(address: string): Promise<Raw[]> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const body = (await answer.json().catch(() => null)) as { detail?: string; items?: unknown } | unknown[] | null;
  if (!answer.ok) throw new Error((!Array.isArray(body) && body?.detail) || String(answer.status));
  const items = Array.isArray(body) ? body : body?.items;
  if (!Array.isArray(items)) throw new Error(String(answer.status));
  return items as Raw[];
}

/** The items inside the one of this path; of no path, the outermost. */
export function level(ctx: TagContext, url: string, path: readonly string[]): Promise<Raw[]> {
  const address = addressOf(ctx, url, path);
  const known = levels.get(address);
  if (known && Date.now() - known.since < FRESH_MS) return known.level;
  const found = fetched(address);
  levels.set(address, { level: found, since: Date.now() });
  found.catch(() => levels.delete(address));
  return found;
}
