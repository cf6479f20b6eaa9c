/** `<Taxonomy>`: places in a tree. With `labeling` they are the labels of what is marked on the object. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { Keys, type ControlContext, type ControlTag, type Label } from "labelwright";

import { add, recall } from "./additions.ts";
import { isOn, number, text } from "./attributes.ts";
import { MarkedText } from "./marked.ts";
import { Picker } from "./picker.tsx";
import rules from "./picker.css?inline";
import { level } from "./remote.ts";
import { isBranch, keyOf, presetsIn, rawsOf, Tree, type Item } from "./tree.ts";

type Path = readonly string[];

/** Stored paths; a flat one is what a careless program wrote. */
const pathsIn = (said: unknown): Path[] => (Array.isArray(said) ? said.map((one) => [one].flat().map(String)) : []);

const same = (one: Path, other: Path): boolean => keyOf(one) === keyOf(other);

/** A length as CSS has it; a bare number is pixels. */
function length(value: unknown): string | undefined {
  const written = text(value).trim();
  return /^[\d.]+$/.test(written) ? `${written}px` : written || undefined;
}

/** What the field says and changes: an answer, or the labels in hand and on what is selected. */
interface Saying {
  made: ReadonlySignal<readonly Path[]>;
  press(path: Path): void;
}

function answering(ctx: ControlContext): Saying {
  const answer = ctx.answer<Path[]>();
  const made = computed(() => pathsIn(answer.value));
  return {
    made,
    press(path) {
      const now = made.peek();
      const next = now.some((one) => same(one, path)) ? now.filter((one) => !same(one, path)) : [...now, path];
      answer.value = next.length > 0 ? next : null;
    },
  };
}

function labelling(ctx: ControlContext): Saying {
  const hold = ctx.labelsOf(ctx.name)!;
  const given = (id: string): Path[] | null => {
    const item = ctx.store.get(id)?.items.find((one) => one.from_name === ctx.name);
    return item ? pathsIn(item.value?.taxonomy) : null;
  };
  const made = computed((): readonly Path[] => {
    const [first, ...others] = [...ctx.selection.ids.value].map(given).filter((paths) => paths !== null);
    if (first) return first.filter((path) => others.every((paths) => paths.some((one) => same(one, path))));
    return hold.made.value.map((key) => JSON.parse(key) as Path);
  });
  const marked = new MarkedText(ctx, () => document.activeElement?.closest(`[data-control="${CSS.escape(ctx.name)}"]`) !== null);
  return {
    made,
    press: (path) => marked.whileMarked(() => hold.pick({ value: JSON.stringify(path), text: path.at(-1) ?? "" } as Label)),
  };
}

/** What comes from `apiUrl`, level by level; nothing without it. */
function loading(ctx: ControlContext, tree: Tree) {
  const url = text(ctx.attrs.apiUrl).trim();
  const pending = signal<ReadonlySet<Item | null>>(new Set());
  const problem = signal<{ item: Item | null; reason: string } | null>(null);
  let isRooted = url === "";
  const load = async (item: Item | null): Promise<void> => {
    if (pending.peek().has(item) || (item ? !item.isAbsent : isRooted)) return;
    pending.value = new Set([...pending.peek(), item]);
    problem.value = null;
    try {
      const raws = await level(ctx, url, item?.path ?? []);
      isRooted = true;
      tree.put(item, raws);
    } catch (error) {
      problem.value = { item, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      pending.value = new Set([...pending.peek()].filter((one) => one !== item));
    }
  };
  /** Go down to stored paths, so that they are called by their words. */
  const reach = async (paths: readonly Path[]): Promise<void> => {
    await load(null);
    for (const path of paths) {
      for (let deep = 1; deep < path.length && !ctx.abort.aborted; deep++) {
        const item = tree.find(path.slice(0, deep));
        if (!item) break;
        await load(item);
      }
    }
  };
  return { url, pending, problem, load, reach };
}

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const { attrs } = ctx;
  const tree = new Tree(rawsOf(ctx.node.children));
  tree.put(null, ctx.field(attrs.value));
  const remote = loading(ctx, tree);
  const saying = isOn(attrs.labeling) ? labelling(ctx) : answering(ctx);
  if (remote.url) void remote.reach(saying.made.peek());
  const takesOwn = isOn(attrs.legacy);
  if (takesOwn) void recall(ctx, tree).catch(() => undefined);
  const most = number(attrs.maxUsages) ?? Infinity;
  const separator = attrs.pathSeparator === undefined ? " / " : String(attrs.pathSeparator);
  const nameOf = (path: Path): string => {
    void tree.version.value;
    const words = tree.wordsOf(path);
    return isOn(attrs.showFullPath) ? words.join(separator) : (words.at(-1) ?? "");
  };
  /** Its own, or that of the innermost item around it that has one. */
  const colourOf = (path: Path): string | undefined => {
    for (let item = tree.find(path); item; item = item.parent) if (text(item.raw.color)) return text(item.raw.color);
    return undefined;
  };
  const press = (item: Item): void => {
    const now = saying.made.peek();
    if (!now.some((path) => same(path, item.path)) && now.length >= most) {
      if (most > 1) return ctx.announce(ctx.t("No more than {most} can be chosen", { most }));
      for (const path of now) saying.press(path);
    }
    saying.press(item.path);
  };
  const addOwn = (typed: string, at: Item | null): void => {
    const item = add(ctx, tree, at, typed);
    if (item) press(item);
  };
  for (const item of tree.all) if (text(item.raw.hotkey)) ctx.hotkey({ id: `${ctx.name}:${keyOf(item.path)}`, keys: text(item.raw.hotkey), title: item.words, run: () => press(item) });

  const Foot = ({ typed, at }: { typed: string; at: Item | null }) => {
    const problem = remote.problem.value;
    const isAtLimit = saying.made.value.length >= most && most > 1;
    return (
      <>
        {problem && (
          <div class="lw-row" role="alert">
            <span class="lw-grow">{ctx.t("This part of the tree could not be loaded: {reason}", { reason: problem.reason })}</span>
            <button type="button" class="lw-button lw-button--small" onClick={() => void remote.load(problem.item)}>{ctx.t("Try again")}</button>
          </div>
        )}
        {remote.pending.value.has(null) && <span role="status">{ctx.t("Loading…")}</span>}
        {typed && tree.all.some((item) => item.isAbsent) && <span>{ctx.t("Only what has been opened is searched.")}</span>}
        {isAtLimit && <span>{ctx.t("No more than {most} can be chosen", { most })}</span>}
        {takesOwn && typed && (
          <button type="button" class="lw-button lw-button--small" onClick={() => addOwn(typed, at)}>
            {at ? ctx.t("Add “{words}” inside “{parent}”", { words: typed, parent: at.words }) : ctx.t("Add “{words}”", { words: typed })}
            <Keys keys={at ? "shift+enter" : "enter"} />
          </button>
        )}
      </>
    );
  };
  const hasFoot = (typed: string): boolean =>
    remote.problem.value !== null || remote.pending.value.has(null) || (typed !== "" && (takesOwn || tree.all.some((item) => item.isAbsent)))
    || (most > 1 && saying.made.value.length >= most);

  return {
    validate: () => (saying.made.peek().length > most && !isOn(attrs.labeling) ? ctx.t("No more than {most} can be chosen", { most }) : null),
    view: () => (
      <Picker ctx={ctx} tree={tree} made={saying.made} isMultiple mayPick={(item) => !isOn(attrs.leafsOnly) || !isBranch(item)} press={press} remove={saying.press} nameOf={nameOf} colourOf={colourOf}
        load={(item) => void remote.load(item)} isLoading={(item) => remote.pending.value.has(item)} foot={(typed, at) => (hasFoot(typed) ? <Foot typed={typed} at={at} /> : null)}
        add={takesOwn ? addOwn : undefined} placeholder={text(attrs.placeholder) || ctx.t("Search or choose…")}
        style={{ maxWidth: length(attrs.maxWidth), minWidth: length(attrs.minWidth) }} dropWidth={length(attrs.dropdownWidth)} />
    ),
  };
}

/** What the author has chosen before. */
const initial = ({ node, attrs, field }: Pick<ControlContext, "node" | "attrs" | "field">): Path[] => [...presetsIn(rawsOf(node.children)), ...presetsIn(field(attrs.value))];

const taxonomy: ControlTag = { api: 1, tag: "Taxonomy", kind: "control", tree: true, labels: (attrs) => isOn(attrs.labeling), initial, setup };

export default taxonomy;
