/** Trees of items to choose from: from the configuration, from the task, or level by level from a server. */
import { signal } from "@preact/signals";
import type { ConfigNode } from "labelwright";

import { isOn, text } from "./attributes.ts";

/** An item as the configuration's nodes, a task's data and servers write it. */
export interface Raw {
  value?: unknown;
  alias?: unknown;
  hint?: unknown;
  color?: unknown;
  html?: unknown;
  style?: unknown;
  hotkey?: unknown;
  selected?: unknown;
  isLeaf?: unknown;
  children?: unknown;
}

export class Item {
  /** It has others inside that are not here yet. */
  isAbsent: boolean;
  children: Item[] = [];
  readonly words: string;
  readonly depth: number;
  #own: string | null = null;
  #folded: string | null = null;

  /** `path` as the result stores it, from the outermost item. */
  constructor(readonly raw: Raw, readonly path: readonly string[], readonly parent: Item | null) {
    this.words = text(raw.value);
    this.depth = parent ? parent.depth + 1 : 0;
    this.isAbsent = raw.isLeaf === false && !hasChildren(raw);
  }

  /** What a person may know it by, as a search compares it. */
  get own(): string {
    this.#own ??= fold(`${this.words} ${text(this.raw.html).replace(/<[^<>]*>/g, " ")}`);
    return this.#own;
  }

  /** The same with all that it stands in. */
  get folded(): string {
    this.#folded ??= this.parent ? `${this.parent.folded} ${this.own}` : this.own;
    return this.#folded;
  }
}

const hasChildren = (raw: Raw): boolean => Array.isArray(raw.children) && raw.children.length > 0;

export const keyOf = (path: readonly string[]): string => path.join("\0");

export const fold = (words: string): string => words.normalize("NFKC").toLowerCase();

/** The paths of items that the author has chosen before. */
export function presetsIn(raws: unknown, above: readonly string[] = []): (readonly string[])[] {
  return (Array.isArray(raws) ? (raws as unknown[]) : []).flatMap((one) => {
    if (typeof one !== "object" || one === null) return [];
    const raw = one as Raw;
    const path = [...above, text(raw.alias) || text(raw.value)];
    return [...(isOn(raw.selected) ? [path] : []), ...presetsIn(raw.children, path)];
  });
}

/** Only these are items; what arranges them is looked through. */
export function rawsOf(nodes: readonly ConfigNode[], element = "Choice"): Raw[] {
  return nodes.flatMap((node): Raw[] => {
    const inside = rawsOf(node.children, element);
    return node.tag === element ? [{ value: node.text, ...node.attrs, children: inside }] : inside;
  });
}

export class Tree {
  roots: Item[] = [];
  /** Every item, each before those inside it. */
  all: Item[] = [];
  /** Grows when items came. */
  readonly version = signal(0);
  #byKey = new Map<string, Item>();

  constructor(raws: unknown) {
    this.put(null, raws);
  }

  /** These items stand inside `parent` from now on, behind those that do already. */
  put(parent: Item | null, raws: unknown): void {
    const fresh = this.#made(parent, raws);
    if (parent) {
      parent.children = [...parent.children, ...fresh];
      parent.isAbsent = false;
    } else {
      this.roots = [...this.roots, ...fresh];
    }
    this.all = [...flat(this.roots)];
    this.version.value++;
  }

  #made(parent: Item | null, raws: unknown): Item[] {
    const items: Item[] = [];
    for (const one of Array.isArray(raws) ? (raws as unknown[]) : []) {
      const raw: Raw = typeof one === "object" && one !== null ? one : { value: one };
      const path = [...(parent?.path ?? []), text(raw.alias) || text(raw.value)];
      if (path.at(-1) === "" || this.#byKey.has(keyOf(path))) continue;
      const item = new Item(raw, path, parent);
      this.#byKey.set(keyOf(path), item);
      item.children = this.#made(item, raw.children);
      items.push(item);
    }
    return items;
  }

  find(path: readonly string[]): Item | null {
    return this.#byKey.get(keyOf(path)) ?? null;
  }

  /** The words of a stored path; what is not in the tree is called as it is stored. */
  wordsOf(path: readonly string[]): string[] {
    return path.map((part, at) => this.find(path.slice(0, at + 1))?.words ?? part);
  }
}

function* flat(items: readonly Item[]): Generator<Item> {
  for (const item of items) {
    yield item;
    yield* flat(item.children);
  }
}

export const isBranch = (item: Item): boolean => item.isAbsent || item.children.length > 0;

/** The items on screen: those in open branches, in order. */
export function openRows(tree: Tree, isOpen: (item: Item) => boolean): Item[] {
  const rows: Item[] = [];
  const look = (items: readonly Item[]): void => {
    for (const item of items) {
      rows.push(item);
      if (item.children.length > 0 && isOpen(item)) look(item.children);
    }
  };
  look(tree.roots);
  return rows;
}

export interface Found {
  rows: Item[];
  /** Those that match themselves; the others are shown for what is inside them. */
  matches: ReadonlySet<Item>;
}

/** The items that a search finds, with all that they stand in. Every word must be in the path, one of them in the item itself. */
export function search(tree: Tree, typed: string): Found {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const matches = new Set<Item>();
  const shown = new Set<Item>();
  for (const item of tree.all) {
    if (!words.every((word) => item.folded.includes(word))) continue;
    if (!words.some((word) => item.own.includes(word))) continue;
    matches.add(item);
    for (let above: Item | null = item; above && !shown.has(above); above = above.parent) shown.add(above);
  }
  return { rows: tree.all.filter((item) => shown.has(item)), matches };
}
