/** The configuration's tree, made ready: repeaters expanded, tags found by name. The browser never parses XML. */
import type { ConfigNode } from "../../sdk/labelwright";
import type { DeclaredAction } from "../keys/catalogue.ts";
import { resolveField } from "./fields.ts";

/** A tag as the server describes it. */
export interface TagInfo {
  tag: string;
  /** `label`: a child that its parent draws. */
  kind: "object" | "control" | "visual" | "label";
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
  /** The attribute that names a field with more labels. */
  dynamic?: string | null;
  /** The element's name of the children that are its labels or choices. */
  label?: string | null;
  perRegion?: boolean;
  region?: string | null;
  /** What its module does at keys that people may change. */
  actions?: readonly DeclaredAction[];
  /** A tag that repeats what is inside it: the attributes with the list and with the sign for the index. */
  repeats?: { over: string; flag: string } | null;
}

/** What an attribute is when the author wrote nothing. */
export function withDefaults(attrs: Record<string, unknown>, info: TagInfo | undefined): Record<string, any> {
  const defaults = Object.entries(info?.attributes ?? {}).filter(([, one]) => one.default !== undefined && one.default !== null);
  return { ...Object.fromEntries(defaults.map(([name, one]) => [name, one.default])), ...attrs };
}

export function* walk(node: ConfigNode): Generator<ConfigNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** Clone what is inside each repeater for every item of its list, with the index put in. */
export function expand(node: ConfigNode, data: Record<string, unknown>, infos: ReadonlyMap<string, TagInfo>): ConfigNode {
  const info = infos.get(node.tag);
  if (!info?.repeats) return { ...node, children: node.children.map((child) => expand(child, data, infos)) };
  const attrs = withDefaults(node.attrs, info);
  const items = resolveField(attrs[info.repeats.over], data);
  const flag = String(attrs[info.repeats.flag] ?? "{{idx}}");
  const count = Array.isArray(items) ? items.length : 0;
  const rounds = Array.from({ length: count }, (_, index) =>
    node.children.map((child) => expand(withIndex(child, flag, String(index)), data, infos)),
  );
  return { ...node, children: rounds.flat() };
}

function withIndex(node: ConfigNode, flag: string, index: string): ConfigNode {
  const put = (value: any): any => (typeof value === "string" ? value.replaceAll(flag, index) : value);
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
