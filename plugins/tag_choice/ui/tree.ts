/** Trees of items to choose from: from the configuration, from the task, or level by level from a server. */
import { signal } from "@preact/signals";
import type { ConfigNode } from "labelwright";

import { text } from "./attributes.ts";

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

export interface Item {
  readonly raw: Raw;
  /** As the result stores it, from the outermost item. */
  readonly path: readonly string[];
  readonly words: string;
  /** All that it stands in and itself, as a search compares it. */
  readonly folded: string;
  readonly parent: Item | null;
  readonly depth: number;
  children: Item[];
  /** It has others inside that are not here yet. */
  isAbsent: boolean;
}

export const keyOf = (path: readonly string[]): string => path.join("\0");

export const fold = (words: string): string => words.normalize("NFKC").toLowerCase();

/** Only these are items; what arranges them is looked through. */
export function rawsOf(nodes: readonly ConfigNode[], element = "Choice"): Raw[] {
  return nodes.flatMap((node): Raw[] => {
    const inside = rawsOf(node.children, element);
    return node.tag === element ? [{ value: node.text, ...node.attrs, children: inside }] : inside;
  });
}

/** What a person may know an item by. */
const spoken = (raw: Raw, words: string): string => `${words} ${text(raw.html).replace(/<[^<>]*>/g, " ")}`;

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
      const words = text(raw.value);
      const path = [...(parent?.path ?? []), text(raw.alias) || words];
      if (path.at(-1) === "" || this.#byKey.has(keyOf(path))) continue;
      const children = Array.isArray(raw.children) && raw.children.length > 0;
      const item: Item = {
        raw, path, words, parent, depth: parent ? parent.depth + 1 : 0, children: [], isAbsent: raw.isLeaf === false && !children,
        folded: `${parent ? `${parent.folded} ` : ""}${fold(spoken(raw, words))}`,
      };
      this.#byKey.set(keyOf(path), item);
      if (children) item.children = this.#made(item, raw.children);
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
    const own = fold(spoken(item.raw, item.words));
    if (!words.some((word) => own.includes(word))) continue;
    matches.add(item);
    for (let above: Item | null = item; above && !shown.has(above); above = above.parent) shown.add(above);
  }
  return { rows: tree.all.filter((item) => shown.has(item)), matches };
}
