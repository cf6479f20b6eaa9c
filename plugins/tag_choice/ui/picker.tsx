/** A field that opens a list, or a tree, to choose from: search as one types, by keys, by mouse and by touch. */
import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import { Icon, icons, VirtualRows, type TagContext } from "labelwright";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { isBranch, openRows, search, type Found, type Item, type Tree } from "./tree.ts";

interface PickerProps {
  ctx: TagContext;
  tree: Tree;
  /** The paths that are chosen now. */
  made: ReadonlySignal<readonly (readonly string[])[]>;
  isMultiple: boolean;
  /** Every branch is open from the beginning. */
  isOpen?: boolean;
  mayPick(item: Item): boolean;
  press(item: Item): void;
  /** Without it, what is chosen stays until another is. */
  remove?(path: readonly string[]): void;
  /** What a chosen path is called. */
  nameOf(path: readonly string[]): string;
  colourOf?(path: readonly string[]): string | undefined;
  draw?(item: Item): ComponentChildren;
  /** Fetch what stands inside an item that is not here yet; `null`: the outermost. */
  load?(item: Item | null): void;
  isLoading?(item: Item): boolean;
  /** Below the rows: what failed, what else can be done. `at` is the item that the keys are at. */
  foot?(typed: string, at: Item | null): ComponentChildren;
  /** A typed word that nothing is found for was entered, or with Shift another: an item of one's own, inside `at`. */
  add?(typed: string, at: Item | null): void;
  placeholder: string;
  style?: Record<string, string | undefined>;
  dropWidth?: string;
}

const LEAP = 10;
const GAP_PX = 4;
const LOW_PX = 240;

const rowHeight = (): number => (matchMedia("(pointer: coarse)").matches ? 44 : 32);

function usePicking(props: PickerProps) {
  const { ctx, tree } = props;
  const open = useSignal(false);
  const typed = useSignal("");
  const at = useSignal(0);
  const unfolded = useSignal<ReadonlySet<Item>>(new Set(props.isOpen ? tree.all : []));
  const input = useRef<HTMLInputElement>(null);
  const found = useComputed<Found>(() => {
    void tree.version.value;
    const now = unfolded.value;
    return typed.value.trim() === "" ? { rows: openRows(tree, (item) => now.has(item)), matches: new Set() } : search(tree, typed.value);
  });
  const rows = (): readonly Item[] => found.peek().rows;
  const current = (): Item | null => rows()[at.peek()] ?? null;
  const go = (to: number): void => {
    at.value = Math.max(0, Math.min(rows().length - 1, to));
  };
  const show = (): void => {
    if (open.peek() || ctx.readonly.peek()) return;
    props.load?.(null);
    const chosen = props.made.peek().flatMap((path) => tree.find(path) ?? []);
    const above = chosen.flatMap((item) => parentsOf(item));
    if (above.length > 0) unfolded.value = new Set([...unfolded.peek(), ...above]);
    open.value = true;
    go(chosen[0] ? rows().indexOf(chosen[0]) : 0);
  };
  const hide = (): void => {
    open.value = false;
    typed.value = "";
  };
  const fold = (item: Item, isOpen: boolean): void => {
    if (isOpen && item.isAbsent) props.load?.(item);
    const next = new Set(unfolded.peek());
    if (isOpen) next.add(item);
    else next.delete(item);
    unfolded.value = next;
  };
  const pick = (item: Item): void => {
    if (!props.mayPick(item)) {
      if (isBranch(item) && typed.peek().trim() === "") fold(item, !unfolded.peek().has(item));
      return;
    }
    props.press(item);
    if (!props.isMultiple) hide();
    else if (typed.peek() !== "") input.current?.select();
  };
  const write = (words: string): void => {
    show();
    typed.value = words;
    const { matches } = found.peek();
    go(words.trim() === "" ? 0 : rows().findIndex((item) => matches.has(item)));
  };
  return { open, typed, at, unfolded, found, input, rows, current, go, show, hide, fold, pick, write };
}

type Picking = ReturnType<typeof usePicking>;

function parentsOf(item: Item): Item[] {
  return item.parent ? [item.parent, ...parentsOf(item.parent)] : [];
}

/** The keys of a tree, as far as the field leaves them: its caret comes first. */
function pressed(event: KeyboardEvent & { currentTarget: HTMLInputElement }, picking: Picking, props: PickerProps): boolean {
  const { open, typed, at, rows, current, go } = picking;
  const field = event.currentTarget;
  const item = current();
  if (!open.peek()) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp" || event.key === "Enter") {
      picking.show();
      return true;
    }
    return event.key === "Backspace" && removedLast(props, field);
  }
  const isSearch = typed.peek().trim() !== "";
  switch (event.key) {
    case "ArrowDown": go(at.peek() + 1); return true;
    case "ArrowUp": go(at.peek() - 1); return true;
    case "PageDown": go(at.peek() + LEAP); return true;
    case "PageUp": go(at.peek() - LEAP); return true;
    case "Home": if (field.value === "") go(0); return field.value === "";
    case "End": if (field.value === "") go(rows().length - 1); return field.value === "";
    case "ArrowRight":
      if (isSearch || !item || !isBranch(item)) return false;
      if (picking.unfolded.peek().has(item)) go(at.peek() + 1);
      else picking.fold(item, true);
      return true;
    case "ArrowLeft":
      if (isSearch || !item) return false;
      if (picking.unfolded.peek().has(item)) picking.fold(item, false);
      else if (item.parent) go(rows().indexOf(item.parent));
      return true;
    case "Enter":
      if (props.add && isSearch && (event.shiftKey || !item)) {
        props.add(typed.peek().trim(), item);
        picking.write("");
      } else if (item) {
        picking.pick(item);
      }
      return true;
    case "Escape": picking.hide(); return true;
    case "Backspace": return removedLast(props, field);
    default: return false;
  }
}

function removedLast(props: PickerProps, field: HTMLInputElement): boolean {
  const last = props.made.peek().at(-1);
  if (field.value !== "" || !last || !props.remove) return false;
  props.remove(last);
  return true;
}

export function Picker(props: PickerProps) {
  const { ctx, made } = props;
  const picking = usePicking(props);
  const { open, typed, at, input } = picking;
  const frame = useRef<HTMLDivElement>(null);
  const id = useMemo(() => `lw-pick-${Math.random().toString(36).slice(2)}`, []);
  const isReadonly = ctx.readonly.value;
  const item = open.value ? picking.found.value.rows[at.value] : undefined;
  return (
    <div class="lw-pick" ref={frame} style={props.style} data-open={open.value || undefined}>
      <div class="lw-pick-box" data-readonly={isReadonly || undefined}
        onMouseDown={(event) => {
          if (isReadonly || (event.target as HTMLElement).closest("button")) return;
          if (event.target !== input.current) event.preventDefault();
          input.current?.focus();
          picking.show();
        }}>
        {made.value.map((path) => <Chip key={path.join("\0")} path={path} props={props} />)}
        {!isReadonly && (
          <input ref={input} class="lw-pick-input" type="text" role="combobox" aria-label={ctx.name} aria-haspopup="tree" aria-expanded={open.value} aria-autocomplete="list"
            aria-controls={open.value ? id : undefined} aria-activedescendant={item ? `${id}-${at.value}` : undefined} autocomplete="off" spellcheck={false}
            placeholder={made.value.length === 0 || open.value ? props.placeholder : undefined} value={typed.value}
            onInput={(event) => picking.write(event.currentTarget.value)} onBlur={picking.hide}
            onKeyDown={(event) => {
              if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !pressed(event, picking, props)) return;
              event.preventDefault();
              event.stopPropagation();
            }} />
        )}
        {!isReadonly && (
          <button type="button" class="lw-pick-open" tabIndex={-1} aria-label={open.value ? ctx.t("Close the list") : ctx.t("Open the list")}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              input.current?.focus();
              if (open.peek()) picking.hide();
              else picking.show();
            }}>
            <Icon path={icons.down} size={14} />
          </button>
        )}
      </div>
      {open.value && <Drop id={id} frame={frame} picking={picking} props={props} />}
    </div>
  );
}

function Chip({ path, props }: { path: readonly string[]; props: PickerProps }) {
  const { ctx } = props;
  const name = props.nameOf(path);
  const colour = props.colourOf?.(path);
  return (
    <span class="lw-picked" title={path.length > 1 ? props.tree.wordsOf(path).join(" / ") : undefined}>
      {colour && <i class="lw-pick-dot" style={{ background: colour }} />}
      <span>{name}</span>
      {props.remove && !ctx.readonly.value && (
        <button type="button" tabIndex={-1} aria-label={ctx.t("Remove {name}", { name })} onMouseDown={(event) => event.preventDefault()} onClick={() => props.remove!(path)}>
          <Icon path={icons.close} size={10} />
        </button>
      )}
    </span>
  );
}

/** Below the field, or above where there is more room; over everything else. */
function place(drop: HTMLElement, frame: HTMLElement, width: string | undefined, height: number): void {
  const box = frame.getBoundingClientRect();
  const [below, above] = [innerHeight - box.bottom - 2 * GAP_PX, box.top - 2 * GAP_PX];
  const isAbove = below < Math.min(height, LOW_PX) && above > below;
  drop.style.width = width ?? "";
  drop.style.minWidth = `${Math.min(box.width, innerWidth - 2 * GAP_PX)}px`;
  drop.style.maxHeight = `${Math.max(120, isAbove ? above : below)}px`;
  drop.style.left = `${Math.max(GAP_PX, Math.min(box.left, innerWidth - drop.offsetWidth - GAP_PX))}px`;
  drop.style.top = isAbove ? "auto" : `${box.bottom + GAP_PX}px`;
  drop.style.bottom = isAbove ? `${innerHeight - box.top + GAP_PX}px` : "auto";
}

function Drop({ id, frame, picking, props }: { id: string; frame: { current: HTMLElement | null }; picking: Picking; props: PickerProps }) {
  const { ctx } = props;
  const drop = useRef<HTMLDivElement>(null);
  const height = useMemo(rowHeight, []);
  const { rows } = picking.found.value;
  const shown = Math.min(Math.max(rows.length, 1), Math.floor(352 / height)) * height;
  useLayoutEffect(() => {
    const el = drop.current!;
    el.showPopover();
    const put = (): void => place(el, frame.current!, props.dropWidth, shown);
    const stop = new AbortController();
    addEventListener("scroll", put, { capture: true, passive: true, signal: stop.signal });
    addEventListener("resize", put, { signal: stop.signal });
    return () => stop.abort();
  }, []);
  // The field grows with what is chosen, the list with what is found.
  useLayoutEffect(() => place(drop.current!, frame.current!, props.dropWidth, shown));
  const foot = props.foot?.(picking.typed.value.trim(), rows[picking.at.value] ?? null);
  return (
    <div class="lw-pick-drop" popover="manual" ref={drop} onMouseDown={(event) => event.preventDefault()}>
      <div class="lw-pick-rows" id={id} role="tree" aria-label={ctx.name} aria-multiselectable={props.isMultiple} style={{ height: `${shown}px` }}>
        {rows.length > 0
          ? <VirtualRows count={rows.length} rowHeight={height} focus={picking.at.value} row={(index) => <Row key={rows[index]!.path.join("\0")} id={`${id}-${index}`} item={rows[index]!} index={index} height={height} picking={picking} props={props} />} />
          : <p class="lw-pick-none" role="presentation">{picking.typed.value.trim() === "" ? ctx.t("There is nothing to choose") : ctx.t("Nothing found")}</p>}
      </div>
      {foot && <div class="lw-pick-foot">{foot}</div>}
    </div>
  );
}

function Row({ id, item, index, height, picking, props }: { id: string; item: Item; index: number; height: number; picking: Picking; props: PickerProps }) {
  const { tree } = props;
  const isSearch = picking.typed.value.trim() !== "";
  const hasInside = isBranch(item);
  const isOpen = hasInside && (isSearch ? item.children.length > 0 : picking.unfolded.value.has(item));
  const isMade = props.made.value.some((path) => path.length === item.path.length && path.every((part, at) => part === item.path[at]));
  const mayPick = props.mayPick(item);
  const beside = item.parent?.children ?? tree.roots;
  const colour = typeof item.raw.color === "string" ? item.raw.color : undefined;
  return (
    <div class="lw-pick-row" id={id} role="treeitem" style={{ height: `${height}px`, paddingInlineStart: `${8 + item.depth * 18}px` }}
      aria-level={item.depth + 1} aria-setsize={beside.length} aria-posinset={beside.indexOf(item) + 1} aria-selected={mayPick ? isMade : undefined}
      aria-expanded={hasInside ? isOpen : undefined} aria-disabled={!mayPick && !hasInside ? "true" : undefined} data-active={index === picking.at.value || undefined}
      data-faint={(isSearch && !picking.found.value.matches.has(item)) || undefined} title={typeof item.raw.hint === "string" ? item.raw.hint : undefined}
      onClick={() => {
        picking.at.value = index;
        picking.pick(item);
      }}>
      <span class="lw-pick-fold" data-open={isOpen || undefined}
        onClick={(event) => {
          if (!hasInside || isSearch) return;
          event.stopPropagation();
          picking.at.value = index;
          picking.fold(item, !isOpen);
        }}>
        {props.isLoading?.(item) ? <i class="lw-spinner" /> : hasInside && <Icon path={icons.next} size={12} />}
      </span>
      <span class="lw-pick-mark" data-made={isMade || undefined} data-idle={!mayPick || undefined}>{isMade && <Icon path={icons.check} size={12} />}</span>
      {colour && <i class="lw-pick-dot" style={{ background: colour }} />}
      <span class="lw-pick-words">{props.draw?.(item) ?? item.words}</span>
    </div>
  );
}
