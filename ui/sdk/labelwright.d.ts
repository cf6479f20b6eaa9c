/**
 * What a tag module is written against: `import ... from "labelwright"`.
 *
 * A tag is one Python class (its name, attributes, result schema) and one module like this:
 *
 *     export default { api: 1, tag: "Stars", kind: "control", setup(ctx) { ... return { view } } };
 *
 * or a list of such. With `// @ts-check` and `/** @type {import("labelwright").ControlTag} *\/` an editor helps
 * in a plain JavaScript file too. Everything that ships with Labelwright is built on this page alone.
 */
import type { ComponentChild, ComponentChildren, VNode } from "preact";
import type { ReadonlySignal, Signal } from "@preact/signals";

/* ------------------------------------------------------------------ what is stored */

/** One item of an annotation's `result`, as the API has it. Keys that nobody knows are kept as they came. */
export interface ResultItem {
  id?: string;
  from_name?: string;
  to_name?: string;
  type: string;
  value?: Record<string, unknown>;
  origin?: "manual" | "prediction" | "prediction-changed" | string;
  score?: number | null;
  readonly?: boolean;
  hidden?: boolean;
  locked?: boolean;
  parentID?: string | null;
  meta?: Record<string, unknown>;
  [key: string]: unknown;
}

/** All items that share one id: a shape with its labels and what was said about it. Never changed in place. */
export interface Region<V = any> {
  readonly id: string;
  /** Name of the object that it lies on (`to_name`). */
  readonly object: string;
  /** `RegionType.type`, or `null`: an answer about the whole object, a relation, or what no loaded tag knows. */
  readonly type: string | null;
  /** The geometry, in the region type's own terms. */
  readonly value: V;
  readonly items: readonly ResultItem[];
}

export type Change = readonly [id: string, before: Region | null, after: Region | null];

/** An open edit. What it writes is seen at once; `commit` makes it one undo step, `cancel` takes it all back. */
export interface Transaction {
  set(region: Region): void;
  remove(id: string): void;
  /** Write a region's geometry into every item that repeats it. */
  setValue(id: string, value: unknown): void;
  commit(): void;
  cancel(): void;
}

export interface Store {
  /** Ids in the order of the result. */
  readonly order: ReadonlySignal<readonly string[]>;
  /** The region now; inside an effect or a component it is followed. */
  get(id: string): Region | null;
  /** The region now, without following it. */
  peek(id: string): Region | null;
  /** Do `change` as one undo step. `label` is what the history shows. Edits of the same `merge` join while they follow closely. */
  edit(label: string, change: (tx: Transaction) => void, merge?: string): void;
  begin(label: string): Transaction;
  /** Called after each change; `live` while an open transaction still moves. Returns the way to stop. */
  onChange(listener: (changes: readonly Change[], live: boolean) => void): () => void;
  undo(): void;
  redo(): void;
}

export interface Selection {
  readonly ids: ReadonlySignal<ReadonlySet<string>>;
  select(ids: Iterable<string>): void;
  toggle(id: string): void;
  clear(): void;
}

/* ------------------------------------------------------------------ regions and tools */

/** Percent of the object's width and height, whatever its zoom. */
export interface Point {
  x: number;
  y: number;
}

/** Natural size of a two-dimensional object, in pixels. Needed where angles are: percents are not square. */
export interface Size {
  width: number;
  height: number;
}

export interface View2d {
  readonly size: Size;
  /** Screen pixels for one natural pixel. */
  readonly scale: number;
  toScreen(point: Point): Point;
}

/** How a region is to be drawn: from its label, its control's attributes and its state. */
export interface Look {
  stroke: string;
  fill: string;
  width: number;
  /** Text for a chip beside it. */
  text: string;
  dashed: boolean;
}

export interface Handle {
  id: string;
  at: Point;
  cursor?: string;
  /** `turn` is drawn round and apart. */
  kind?: "corner" | "edge" | "turn" | "point";
}

export interface DragInfo<V> {
  /** The value when the drag began. */
  start: V;
  from: Point;
  size: Size;
  shift: boolean;
  alt: boolean;
  /** Attributes of the region's control. */
  attrs: Record<string, any>;
}

/** A number that the details panel offers for editing. */
export interface Field {
  key: string;
  label: string;
  unit?: string;
  min?: number;
  max?: number;
  step?: number;
}

/**
 * A kind of shape: pure functions over a plain JSON value, without DOM, so that they run in tests.
 * It works on every object of its space. Of `draw` and `trace` one is enough; what can be traced is drawn in batches.
 */
export interface RegionType<V = any> {
  api: 1;
  kind: "region";
  type: string;
  /** `2d`, `text`, `time`, ... */
  space: string;
  /** Path data of a 16x16 icon. */
  icon?: string;
  /** Title of the shape, an English msgid. */
  title: string;
  fromResult?(item: ResultItem): V;
  /** The keys that the geometry has in `value` of a result item. */
  toResult?(value: V): Record<string, unknown>;
  /** `[minX, minY, maxX, maxY]` in percent for `2d`, `[start, end]` for `text` and `time`. */
  bounds(value: V, size: Size): number[];
  /** `tolerance` in natural pixels. */
  hit?(value: V, at: Point, tolerance: number, size: Size): boolean;
  trace?(path: CanvasPath, value: V, view: View2d): void;
  draw?(g: CanvasRenderingContext2D, value: V, view: View2d, look: Look): void;
  /** `attrs` are those of the region's control. */
  handles?(value: V, view: View2d, attrs: Record<string, any>): Handle[];
  dragHandle?(value: V, handle: string, at: Point, drag: DragInfo<V>): V;
  /** Moved by percents, kept on the object. */
  translate?(value: V, dx: number, dy: number, size: Size): V;
  /** A few words for the list and for screen readers. */
  describe(value: V, t: Translate): string;
  fields?: readonly Field[];
}

/** A tool's hold on the host: one open transaction from `begin` to `commit` or `abort`. */
export interface ToolIO<V = any> {
  readonly active: boolean;
  /** Where `begin` was called. */
  readonly origin: Point;
  readonly size: Size;
  /** Percents that one pixel of the screen covers. */
  readonly grain: Size;
  /** Attributes of the control that is drawn with. */
  readonly attrs: Record<string, any>;
  /** The pointer left the spot where it was pressed. */
  readonly dragged: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Anything that the tool wants to remember until it ends. */
  state: any;
  /** Start a shape that is seen but not yet kept. */
  begin(value: V | null): void;
  /** `null`: nothing to see, and nothing is kept if it ends so. */
  update(value: V | null): void;
  commit(): void;
  abort(): void;
}

/** A state machine over `ToolIO`. All its ends are `commit` and `abort`: a drag is one undo step. */
export interface Tool<V = any> {
  kind: "tool";
  name: string;
  /** English msgid. */
  title: string;
  /** Path data of a 16x16 icon. */
  icon?: string;
  /** Where the tag declares no action `tool:<name>`. */
  hotkey?: string;
  space: string;
  cursor?: string;
  down(at: Point, io: ToolIO<V>): void;
  move?(at: Point, io: ToolIO<V>): void;
  up?(at: Point, io: ToolIO<V>): void;
  cancel?(io: ToolIO<V>): void;
}

/* ------------------------------------------------------------------ the configuration */

export interface ConfigNode {
  id: string;
  tag: string;
  name: string | null;
  attrs: Record<string, any>;
  children: ConfigNode[];
  text: string | null;
  line?: number;
}

export interface Label {
  /** What the result stores: the alias where there is one. */
  value: string;
  text: string;
  background: string;
  hotkey: string | null;
  hint: string | null;
  maxUsages: number | null;
  granularity: string | null;
}

/* ------------------------------------------------------------------ the context of a tag */

export type Translate = (msgid: string, params?: Record<string, unknown>) => string;

/** A value that is stored in the annotation. Reading follows it; writing is undoable; `null` takes it away. */
export interface Answer<T> {
  value: T | null;
  peek(): T | null;
  /** The facts about it that are stored in `meta` of the result. */
  meta(): Readonly<Record<string, unknown>>;
  /** Write it with more such facts, which are kept beside those that are there. */
  say(value: T | null, meta?: Record<string, unknown>): void;
}

export interface Hotkey {
  /** What a person's own map of keys calls it: `repeater:next-page`. What the tag declares of an action by this name need not be said again. */
  id?: string;
  keys?: string | string[];
  /** English msgid for the sheet of keys and the palette. */
  title?: string;
  run(event: KeyboardEvent | null): void;
}

export interface TagContext {
  readonly node: ConfigNode;
  readonly attrs: Record<string, any>;
  readonly name: string;
  readonly toName: readonly string[];
  /** In a preview neither it nor its project is there yet. */
  readonly task: { id: number | null; project: number | null; data: Record<string, any> };
  readonly store: Store;
  readonly selection: Selection;
  readonly readonly: ReadonlySignal<boolean>;
  readonly locale: ReadonlySignal<string>;
  /** Aborted when the tag leaves the page: let go of everything then. */
  readonly abort: AbortSignal;
  /** Words in the user's language, from the plugin's own catalogue. */
  t: Translate;
  /** Add rules to the page (a constructed style sheet; `<style>` is refused by the content policy). */
  css(rules: string): void;
  /** Tell a screen reader. */
  announce(words: string): void;
  /** `$image`, `$a.b[0]`, or text with such parts, looked up in the task's data. Other values come back as they are. */
  field(value: unknown): any;
  /** Where the browser fetches a data value from. */
  mediaUrl(value: string): string;
  hotkey(key: Hotkey): void;
  /** The key that an action has for this person now, for a tooltip; reading it in a view follows it. */
  keyOf(id: string): string | undefined;
  /** The part of this name is to be shown to somebody: what folds or pages its children shows it. */
  readonly wanted: ReadonlySignal<{ readonly name: string } | null>;
  /** The labels or choices of a control, to search in them. */
  labelsOf(control: string): LabelHold | null;
  /** Draw the nodes inside this tag. `draw` is asked first for every node below; `undefined` leaves it to the host. */
  children(nodes?: readonly ConfigNode[], draw?: (node: ConfigNode) => ComponentChildren): ComponentChildren;
}

/** A hold on the labels of another tag. */
export interface LabelHold {
  readonly labels: readonly Label[];
  /** Those that are chosen now. */
  readonly made: ReadonlySignal<readonly string[]>;
  /** Hide those whose text is not kept; `null` shows all. */
  keep(keeps: ((text: string) => boolean) | null): void;
  /** As if it had been pressed. */
  pick(label: Label): void;
}

export interface ControlContext extends TagContext {
  /** The answer that this control gives: on the whole object, or with `perRegion` on the selected region. */
  answer<T = any>(): Answer<T>;
  /** With `perRegion`: the region that is spoken of. */
  readonly region: ReadonlySignal<Region | null>;
  /** What is inside it to be chosen from, with the keys that the host gave out. */
  readonly labels: ReadonlySignal<readonly Label[]>;
  /** A message shown at the control until its answer changes. */
  readonly problem: ReadonlySignal<string | null>;
  /** Where an object of this name stands on the page, while it does. */
  placeOf(object: string): ReadonlySignal<HTMLElement | null>;
}

export interface ActiveTool {
  control: string;
  tool: Tool;
  region: RegionType;
}

export interface ObjectContext extends TagContext {
  /** Ids of this object's shapes, in order. */
  readonly regions: ReadonlySignal<readonly string[]>;
  readonly hidden: ReadonlySignal<ReadonlySet<string>>;
  readonly locked: ReadonlySignal<ReadonlySet<string>>;
  /** The region under the pointer, here or in the list of regions. */
  readonly hovered: Signal<string | null>;
  /** What the pointer does: choose and change, move the view, or draw with `tool`. */
  readonly mode: ReadonlySignal<"select" | "pan" | "draw">;
  readonly tool: ReadonlySignal<ActiveTool | null>;
  readonly tools: readonly ActiveTool[];
  setMode(mode: "select" | "pan" | "draw", tool?: ActiveTool): void;
  regionType(region: Region): RegionType | null;
  look(region: Region): Look;
  /** Labels chosen for the next region. */
  readonly chosen: ReadonlySignal<readonly Label[]>;
  /** Start a region of the active tool's kind (or of `kind`), with the chosen labels. `null` when a label must be chosen first. */
  draw(value: unknown, kind?: RegionType): Drawing | null;
  readonly showLabels: ReadonlySignal<boolean>;
  isLocked(region: Region): boolean;
  toolTitle(tool: ActiveTool): string;
  /** Attributes of the control that made a region, or that a tool belongs to. */
  attrsOf(of: Region | ActiveTool): Record<string, any>;
  /** It shows `count` items, one at a time: the signal says which (0 is the first). Regions of the others are hidden. */
  paged(count: number): Signal<number>;
  /** The object is ready to be seen (`size` where it has one), or could not be loaded. */
  loaded(extra?: Record<string, unknown>): void;
  failed(message: string): void;
}

/** A region being drawn: one undo step. */
export interface Drawing {
  readonly id: string;
  update(value: unknown): void;
  commit(): void;
  cancel(): void;
}

/* ------------------------------------------------------------------ tags */

interface Tag {
  api: 1;
  /** The element's name in the configuration. */
  tag: string;
}

export interface ObjectHandle {
  /** Show a region and put the keyboard's focus near it. */
  focus(id: string): void;
  /** Where a region is on the screen (its first line, for text): lines between regions begin and end there. */
  boxOf?(id: string): DOMRect | null;
  /** Keys that every result item on this object carries, such as `original_width`. */
  extras?(): Record<string, unknown>;
  /** A label was pressed while something is marked: make a region of it. Says whether it did. */
  labelMarked?(): boolean;
  /** Stop what is being drawn; says whether there was anything. */
  cancel?(): boolean;
  /** Arrow keys: `dx`, `dy` in steps. */
  nudge?(dx: number, dy: number): void;
  dispose(): void;
}

export interface ObjectTag extends Tag {
  kind: "object";
  space: string;
  /** What a plain `<Labels>` makes on it. */
  labelled?: { region: RegionType; tools?: readonly Tool[] };
  mount(el: HTMLElement, ctx: ObjectContext): ObjectHandle;
}

export interface ControlHandle {
  view?(): ComponentChild;
  /** What is wrong with the answer, in the user's language, or `null`. `required` is checked by the host. */
  validate?(): string | null;
  /** The annotation is being submitted: what stands in a field without having been entered counts now. */
  settle?(): void;
  /** The key of one of its labels (or choices) was pressed. */
  pick?(label: Label): void;
  /** `{"1-5": key => ...}`: single keys, or a range of digits. */
  hotkeys?: Record<string, (key: string) => void>;
  dispose?(): void;
}

/** What a control says of one region, in the list of regions. */
export interface RowContext<T = any> {
  readonly said: T | null;
  /** As those of an `Answer`. */
  meta(): Readonly<Record<string, unknown>>;
  say(value: T | null, meta?: Record<string, unknown>): void;
  readonly name: string;
  readonly attrs: Record<string, any>;
  readonly readonly: boolean;
  t: Translate;
}

/** Rows below each region in the list of regions; all of one height, of which only those in view exist. */
export interface RegionRows<T = any> {
  /** How many rows there are for what is said. */
  count(said: T | null, attrs: Record<string, any>): number;
  row(ctx: RowContext<T>, at: number): ComponentChild;
}

export interface ControlTag extends Tag {
  kind: "control";
  /** Has `<Label>` children; the host shows them, gives them keys and puts them on regions. A function: with these attributes. */
  labels?: boolean | ((attrs: Record<string, any>) => boolean);
  /** What it says is a list of paths through a tree, which it shows itself: the host makes no list of all items. */
  tree?: boolean;
  region?: RegionType;
  tools?: readonly Tool[];
  /** What a new annotation says before anybody has answered; `null` for nothing. */
  initial?(of: Pick<ControlContext, "node" | "attrs" | "field">): unknown;
  /** With `perRegion` and `displayMode="region-list"` it is shown so, and not by its `view`. */
  rows?: RegionRows;
  setup?(ctx: ControlContext): ControlHandle;
}

export interface VisualTag extends Tag {
  kind: "visual";
  setup(ctx: TagContext): { view(): ComponentChild; dispose?(): void };
}

export type AnyTag = ObjectTag | ControlTag | VisualTag;

/* ------------------------------------------------------------------ pages */

/** The server's answer was a refusal, or there was none (`status` 0). */
export interface RequestError extends Error {
  readonly status: number;
  /** Kebab-case name of the reason. */
  readonly code: string;
  readonly detail: string;
  /** Messages by input field. */
  readonly fields: Record<string, string[]>;
}

type Parameters = Record<string, string | number | boolean | null | undefined | (string | number)[]>;

interface RequestSettings {
  query?: Parameters;
  signal?: AbortSignal;
}

/** What a page that a plugin brings is given. */
export interface PageContext {
  readonly project: { readonly id: number; readonly title: string };
  readonly locale: "en" | "zh";
  /** Aborted when the page is left. */
  readonly signal: AbortSignal;
  /** Requests to the server as the person who looks; a refusal is thrown as a `RequestError`. */
  readonly api: {
    get<T = unknown>(path: string, options?: RequestSettings): Promise<T>;
    post<T = unknown>(path: string, body?: unknown, options?: RequestSettings): Promise<T>;
    patch<T = unknown>(path: string, body?: unknown, options?: RequestSettings): Promise<T>;
    delete<T = unknown>(path: string, body?: unknown, options?: RequestSettings): Promise<T>;
  };
  /** A text in the reader's language: from the plugin's own `locale/<language>.json`, else from ours. */
  t(msgid: string, params?: Record<string, string | number | null | undefined>): string;
  formatDate(value: string | number | Date, style?: "date" | "time" | "both"): string;
  /** `3 minutes ago`. */
  formatAgo(value: string | number | Date): string;
  formatNumber(value: number, options?: Intl.NumberFormatOptions): string;
  /** The address of a path of this server, for a link: `url("/projects/3/data")`. */
  url(path: string): string;
  /** What went wrong, in the reader's language. */
  describe(error: unknown): string;
  /** What a refusal says about one input field. */
  fieldErrors(error: unknown, field: string): string[];
  toast(text: string, kind?: "info" | "good" | "bad"): void;
  /** Ask before something is done that cannot be taken back. `action` is the deed, not "OK". */
  confirm(question: { title: string; body?: string; action: string; danger?: boolean }): Promise<boolean>;
}

/** A topic among a project's settings; `page` is the `name` of the Python `Page`. */
export interface PageModule {
  api: 1;
  kind: "page";
  page: string;
  mount(el: HTMLElement, ctx: PageContext): { dispose?(): void } | void | Promise<{ dispose?(): void } | void>;
}

/* ------------------------------------------------------------------ functions of the module */

/** The contract's number; a module says which one it was written for. */
export declare const api: 1;

/** A 16x16 icon from path data, in the colour of the text. */
export declare function Icon(props: { path: string; size?: number; class?: string }): VNode;

/** `Ctrl+Z` as the user's keyboard has it. */
export declare function Keys(props: { keys: string }): VNode;

/** A button that is only an icon, named by its tooltip. */
export declare function IconButton(props: {
  icon: string;
  title: string;
  keys?: string;
  pressed?: boolean;
  disabled?: boolean;
  small?: boolean;
  onClick: (event: MouseEvent) => void;
}): VNode;

/** Path data of the host's own icons. */
export declare const icons: Readonly<Record<
  | "move" | "hand" | "rectangle" | "text" | "zoomIn" | "zoomOut" | "fit" | "actual" | "undo" | "redo" | "eye" | "eyeOff" | "lock" | "lockOpen"
  | "trash" | "copy" | "plus" | "close" | "check" | "next" | "previous" | "down" | "warning" | "info" | "search" | "star",
  string
>>;

/** A new id as results have them: ten letters and digits. */
export declare function newId(): string;

/** Number of Unicode code points before `offset` (in UTF-16 units), as Python counts. */
export declare function codePointsBefore(text: string, offset: number): number;
/** The other way round. */
export declare function utf16Offset(text: string, codePoints: number): number;

/** Black or white, whichever is read better on `background`. */
export declare function inkOn(background: string): string;
/** A colour with this opacity, as `rgb(r g b / a)`. */
export declare function withAlpha(colour: string, alpha: number): string;

/** CSS of a configuration, which must not fetch anything: declarations of a `style` attribute ... */
export declare function safeStyle(declarations: string): string;
/** ... and rules, which hold inside the labelling area alone. */
export declare function safeRules(rules: string): string;

export interface CleanWishes {
  /** Links may be followed, in another tab; without it they are words like others. */
  links?: boolean;
  /** It will stand in a shadow tree: classes, ids and its own rules are kept. */
  alone?: boolean;
}

export interface CleanHtml {
  nodes: DocumentFragment;
  /** Its rules, for a constructed style sheet of the shadow tree. */
  rules: string;
}

/** HTML of a task, made harmless: no scripts, frames or forms are left. Never show such HTML in any other way. */
export declare function cleanHtml(html: string, wishes?: CleanWishes): Promise<CleanHtml>;

/** A list of rows of one height, of which only those in view exist; it fills the box around it. */
export declare function VirtualRows(props: {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** This row is kept in view when it changes; -1 for none. */
  focus: number;
}): VNode;

/** Whether letters pressed now are text: a field has the focus, or an input method is composing. */
export declare function isTyping(event: KeyboardEvent): boolean;
