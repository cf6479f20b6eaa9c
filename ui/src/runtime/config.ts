/** The configuration's tree, made ready: repeaters expanded, tags found by name. The browser never parses XML. */
import type { ConfigNode } from "../../sdk/labelwright";
import { resolveField } from "./fields.ts";

/** A tag as the server describes it. */
export interface TagInfo {
  tag: string;
  kind: "object" | "control" | "visual";
  plugin: string;
  resultType: string | null;
  valueKey: string | null;
  space: string | null;
  aliases: string[];
  labels: boolean;
  attributes: Record<string, { type?: string; default?: unknown; choices?: unknown[]; help?: string }>;
  module: string | null;
  capabilities: { provides: string[]; requires: string[] };
  messages: Record<string, Record<string, string>>;
}

export function* walk(node: ConfigNode): Generator<ConfigNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** Clone the children of each Repeater for every item of its list, with the index put in. */
export function expand(node: ConfigNode, data: Record<string, unknown>): ConfigNode {
  if (node.tag !== "Repeater") {
    return { ...node, children: node.children.flatMap((child) => (child.tag === "Repeater" ? [expand(child, data)] : expand(child, data))) };
  }
  const items = resolveField(node.attrs.on, data);
  const flag = String(node.attrs.indexFlag ?? "{{idx}}");
  const count = Array.isArray(items) ? items.length : 0;
  const pages = Array.from({ length: count }, (_, index) =>
    node.children.map((child) => expand(withIndex(child, flag, String(index)), data)),
  );
  return { ...node, children: pages.flat() };
}

function withIndex(node: ConfigNode, flag: string, index: string): ConfigNode {
  const put = <T>(value: T): T => (typeof value === "string" ? (value.replaceAll(flag, index) as T) : value);
  const attrs = Object.fromEntries(Object.entries(node.attrs).map(([name, value]) => [name, put(value)]));
  return {
    ...node,
    id: `${node.id}.${index}`,
    name: put(node.name),
    text: put(node.text),
    attrs,
    children: node.children.map((child) => withIndex(child, flag, index)),
  };
}

/** The tags that a tree uses, by the name in the configuration; aliases lead to their tag. */
export function tagsByName(tags: readonly TagInfo[]): Map<string, TagInfo> {
  const byName = new Map<string, TagInfo>();
  for (const info of tags) for (const name of [...(info.aliases ?? []), info.tag]) byName.set(name, info);
  return byName;
}

/** `toName` as a list; with one object in the whole configuration it may be left out. */
export function targetsOf(node: ConfigNode, objectNames: readonly string[]): string[] {
  const written = String(node.attrs.toName ?? node.attrs.toname ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  return written.length > 0 ? written : objectNames.length === 1 ? [...objectNames] : [];
}

/** A comma-separated attribute. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? value.split(",").map((one) => one.trim()).filter(Boolean) : [];
}

/** A boolean attribute however it is spelled. */
export const isOn = (value: unknown): boolean => value === true || (typeof value === "string" && /^(true|yes|1)$/i.test(value));
