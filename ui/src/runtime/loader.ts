/** Fetches tag modules. A module that fails, or was written for another contract, is named and fenced; the rest goes on. */
import type { AnyTag } from "../../sdk/labelwright";
import { ApiError } from "../api/client.ts";
import type { TagInfo } from "./config.ts";

/** The number of the contract that we speak. */
export const api = 1 as const;

export interface Failure {
  plugin: string;
  tag: string;
  message: string;
  stack: string;
}

export type Loaded = AnyTag | Failure;

export const isFailure = (loaded: Loaded | undefined): loaded is Failure => loaded !== undefined && !("kind" in loaded);

export function failureOf(info: TagInfo, error: unknown): Failure {
  const known = error instanceof Error ? error : new Error(String(error));
  return { plugin: info.plugin, tag: info.tag, message: known.message, stack: known.stack ?? "" };
}

export type Fetch = (address: string) => Promise<{ default?: unknown }>;

const modules = new Map<string, Promise<{ default?: unknown }>>();

/**
 * A module that does not come is its plugin's fault only if the server can be reached; and then it is asked for
 * once more, under another address, because browsers remember what failed.
 */
async function importModule(address: string): Promise<{ default?: unknown }> {
  try {
    return await (import(/* @vite-ignore */ address) as Promise<{ default?: unknown }>);
  } catch (error) {
    const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
    if (!answer || answer.status >= 500) throw new ApiError(answer?.status ?? 0, null, "The server does not answer.");
    if (!(error instanceof TypeError)) throw error;
    return import(/* @vite-ignore */ `${address}${address.includes("?") ? "&" : "?"}again=${Date.now()}`) as Promise<{ default?: unknown }>;
  }
}

function fetchModule(address: string): Promise<{ default?: unknown }> {
  let known = modules.get(address);
  if (!known) {
    known = importModule(address);
    modules.set(address, known);
    known.catch(() => modules.delete(address)); // worth another try later
  }
  return known;
}

/** The tag that a module has under this name; says plainly what is wrong with a module that has none. */
export function tagIn(module: { default?: unknown }, info: TagInfo): AnyTag {
  const found = [module.default].flat() as Partial<AnyTag>[];
  const tag = found.find((one) => one?.tag === info.tag);
  if (!tag) throw new Error(`The module exports no tag ${info.tag} by default.`);
  if (tag.api !== api) throw new Error(`${info.tag} was written for version ${String(tag.api)} of the tag contract; this server speaks ${api}.`);
  if (tag.kind !== info.kind) throw new Error(`${info.tag} calls itself ${String(tag.kind)}, its Python class says ${info.kind}.`);
  if (tag.kind === "object" && typeof tag.mount !== "function") throw new Error(`${info.tag} has no mount(el, ctx).`);
  if (tag.kind === "visual" && typeof tag.setup !== "function") throw new Error(`${info.tag} has no setup(ctx).`);
  return tag as AnyTag;
}

/** The server writes addresses with or without the sub-path that it is served under. */
function addressOf(module: string, base: string): string {
  return /^[a-z]+:/i.test(module) || (base && module.startsWith(`${base}/`)) ? module : base + module;
}

/**
 * Load the tags that are used; the answer has each by its name, or what went wrong with it.
 *
 * @throws ApiError while the server cannot be reached: that is no plugin's fault, and another try will do.
 */
export async function loadTags(infos: Iterable<TagInfo>, base: string, fetch: Fetch = fetchModule): Promise<Map<string, Loaded>> {
  const wanted = [...new Set(infos)].filter((info) => info.module !== null);
  const loaded = await Promise.all(
    wanted.map(async (info): Promise<[string, Loaded]> => {
      try {
        return [info.tag, tagIn(await fetch(addressOf(info.module!, base)), info)];
      } catch (error) {
        if (error instanceof ApiError) throw error;
        return [info.tag, failureOf(info, error)];
      }
    }),
  );
  return new Map(loaded);
}
