/** What a labelling page consists of behind its views: regions, controls, objects, tools, keys. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type {
  ActiveTool, Change, ConfigNode, ControlTag, Look, ObjectHandle, ObjectTag, Region, RegionType, ResultItem, Size,
} from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { ACTIONS } from "../keys/catalogue.ts";
import { normalised } from "../keys/chords.ts";
import { meet } from "../keys/clashes.ts";
import { keysInForce, keysOf } from "../keys/own.ts";
import { AnswerIndex, type AnswerHost } from "./answers.ts";
import { Announcer } from "./announce.ts";
import { colourFor, withAlpha } from "./colours.ts";
import { expand, tagsByName, targetsOf, walk, type TagInfo } from "./config.ts";
import { Control, giveKeys } from "./control.ts";
import { Drawings } from "./drawing.ts";
import { resolveField } from "./fields.ts";
import { Hand } from "./hand.ts";
import { Hotkeys } from "./hotkeys.ts";
import type { LabelSource } from "./labels.ts";
import { failureOf, isFailure, loadTags, type Failure, type Fetch, type Loaded } from "./loader.ts";
import { translatorOf } from "./messages.ts";
import { presetItems } from "./presets.ts";
import { Relations } from "./relations.ts";
import { keyOf, opsBetween, regionsOf, resultOf, touched, type Op } from "./results.ts";
import { Selection } from "./selection.ts";
import { situationOf, withoutUnmet } from "./situation.ts";
import { Store } from "./store.ts";
import { isVisible, type Situation } from "./visible.ts";

export type Mode = "label" | "preview" | "readonly";

export interface RuntimeOptions {
  tree: ConfigNode;
  tags: readonly TagInfo[];
  task: { id: number | null; project?: number | null; data: Record<string, unknown> };
  annotation?: { result?: readonly ResultItem[] | null } | null;
  mode?: Mode;
  /** The path that we are served under. */
  base?: string;
  fetchModule?: Fetch;
  /** After each finished edit. */
  onChange?: (ops: readonly Op[]) => void;
  /** A tag failed in the browser. */
  onFailure?: (failure: Failure) => void;
}

/** An object of the configuration, and its surface once that is mounted. */
export class ObjectPart {
  readonly state = signal<"loading" | "ready" | "failed">("loading");
  readonly message = signal<string | null>(null);
  /** Where it stands on the page. */
  readonly place = signal<HTMLElement | null>(null);
  /** Of an object that shows one of several items at a time: how many there are, and which is on screen. */
  readonly count = signal(0);
  readonly item = signal(0);
  extra: Record<string, unknown> = {};
  handle: ObjectHandle | null = null;

  constructor(
    readonly node: ConfigNode,
    readonly info: TagInfo,
    readonly tag: ObjectTag | null,
  ) {}

  get name(): string {
    return this.node.name ?? this.node.id;
  }
}

export class Runtime implements AnswerHost {
  readonly store: Store;
  readonly selection: Selection;
  readonly hotkeys = new Hotkeys();
  readonly announcer = new Announcer();
  readonly index: AnswerIndex;
  readonly tree: ConfigNode;
  readonly infos: Map<string, TagInfo>;
  readonly controls = new Map<string, Control>();
  readonly objects = new Map<string, ObjectPart>();
  readonly tools: ActiveTool[] = [];
  readonly hand = new Hand(this);
  readonly drawings = new Drawings(this);
  readonly relations: Relations;
  readonly failures = signal<ReadonlyMap<string, Failure>>(new Map());
  readonly readonly: ReadonlySignal<boolean>;
  readonly abort = new AbortController();
  readonly situation: ReadonlySignal<Situation>;
  /** The part (by its name) that somebody is to be shown: what is folded around it opens. */
  readonly wanted = signal<{ name: string } | null>(null);
  /** Shapes, and what no tag knows: what the list of regions shows. */
  readonly listed: ReadonlySignal<readonly string[]>;
  #mode = signal<Mode>("label");
  #isLoading = false;
  #types = new Map<string, RegionType>();

  static async create(options: RuntimeOptions): Promise<Runtime> {
    const infos = tagsByName(options.tags);
    const used = new Set([...walk(options.tree)].map((node) => infos.get(node.tag)).filter((info) => info !== undefined));
    return new Runtime(options, infos, await loadTags(used, options.base ?? "", options.fetchModule));
  }

  private constructor(
    readonly options: RuntimeOptions,
    infos: Map<string, TagInfo>,
    readonly loaded: Map<string, Loaded>,
  ) {
    this.infos = infos;
    this.#mode.value = options.mode ?? "label";
    this.readonly = computed(() => this.#mode.value === "readonly");
    this.tree = expand(options.tree, options.task.data, infos);
    this.store = new Store((region, value) => this.#reshape(region, value));
    this.selection = new Selection(this.store);
    this.index = new AnswerIndex(this.store);
    this.#findParts();
    this.relations = new Relations(this);
    this.situation = computed(() => situationOf(this));
    this.listed = computed(() => this.store.order.value.filter((id) => isListed(this.store.peek(id), this.controls)));
    this.load(options.annotation?.result ?? []);
    if (!options.annotation && !this.isReadonly()) this.load(presetItems(this));
    this.store.onChange((changes, live) => {
      if (!live && !this.#isLoading) options.onChange?.([...changes.flatMap(([, before, after]) => opsBetween(before, after)), ...this.#orderOf(changes)]);
    });
    effect(() => void this.#dropStaleTool());
    for (const loaded of this.loaded.values()) if (isFailure(loaded)) this.fail(loaded);
  }

  /** Show this result; nothing to undo. */
  load(result: readonly ResultItem[]): void {
    const regions = regionsOf(result, (item) => this.recognise(item));
    this.selection.clear();
    this.relations.forget();
    this.#isLoading = true;
    this.store.load(regions);
    this.#isLoading = false;
    const flagged = (key: string) => new Set(regions.filter((region) => region.items.some((item) => item[key] === true)).map((one) => one.id));
    this.selection.hidden.value = flagged("hidden");
    this.selection.locked.value = flagged("locked");
  }

  /** A region that came back to a place between others: the receiver would put it at the end. */
  #orderOf(changes: readonly Change[]): Op[] {
    const came = new Set(changes.filter(([, before, after]) => before === null && after !== null).map(([id]) => id));
    const isAtEnd = this.store.peekOrder().slice(this.store.peekOrder().length - came.size).every((id) => came.has(id));
    return came.size === 0 || isAtEnd ? [] : [{ op: "order", keys: this.getResult().map(keyOf) }];
  }

  setMode(mode: Mode): void {
    this.#mode.value = mode;
  }

  dispose(): void {
    for (const control of this.controls.values()) this.guard(control.info, () => control.handle?.dispose?.());
    this.abort.abort();
  }

  /* ---------------------------------------------------------------- parts */

  #findParts(): void {
    const nodes = [...walk(this.tree)];
    for (const node of nodes) {
      const info = this.infos.get(node.tag);
      if (info?.kind === "object") this.objects.set(node.name ?? node.id, new ObjectPart(node, info, this.#tagOf<ObjectTag>(info)));
    }
    const names = this.objectNames;
    for (const node of nodes) {
      const info = this.infos.get(node.tag);
      if (info?.kind !== "control" || !node.name) continue;
      const dynamic = resolveField(node.attrs[info.dynamic ?? "value"], this.options.task.data);
      this.controls.set(node.name, new Control(node, info, this.#tagOf<ControlTag>(info), targetsOf(node, names), dynamic));
    }
    this.#findTools();
    const written = nodes.flatMap((node) => (typeof node.attrs.hotkey === "string" ? [normalised(node.attrs.hotkey)] : []));
    giveKeys(this.controls.values(), [...this.#takenKeys(), ...written]);
  }

  /** What controls can point at; an object without a name is only shown. */
  get objectNames(): string[] {
    return [...this.objects.values()].flatMap((part) => part.node.name ?? []);
  }

  #tagOf<T>(info: TagInfo): T | null {
    const loaded = this.loaded.get(info.tag);
    return loaded && !isFailure(loaded) ? (loaded as T) : null;
  }

  #findTools(): void {
    for (const control of this.controls.values()) {
      const region = this.regionTypeFor(control);
      if (!region) continue;
      this.#types.set(region.type, region);
      const tools = control.tag?.region ? control.tag.tools : this.labelledBy(control)?.tools;
      for (const tool of tools ?? []) this.tools.push({ control: control.name, tool, region });
    }
  }

  /** The keys of a tool where nobody changed them: what its plugin declares, else what the tool says. */
  usualKeys({ control, tool }: ActiveTool): readonly string[] {
    const declared = this.controls.get(control)?.info.actions?.find((one) => one.id === `tool:${tool.name}`);
    return declared?.keys ?? [tool.hotkey ?? []].flat();
  }

  /** What labels must not be given: keys of actions, as this person has them. */
  *#takenKeys(): Iterable<string> {
    for (const action of ACTIONS) if (meet(action.scope, "labelling")) yield* keysOf(action);
    for (const one of this.tools) yield* keysInForce(`tool:${one.tool.name}`, this.usualKeys(one).map(normalised));
    for (const tag of this.loaded.keys()) for (const one of this.infos.get(tag)?.actions ?? []) yield* keysInForce(one.id, one.keys.map(normalised));
  }

  labelledBy(control: Control): ObjectTag["labelled"] {
    return control.hasLabels ? this.objects.get(control.toName[0] ?? "")?.tag?.labelled : undefined;
  }

  /** What a control draws: its own shape, or for plain labels the object's. */
  regionTypeFor(control: Control): RegionType | null {
    return control.tag?.region ?? this.labelledBy(control)?.region ?? null;
  }

  regionType(region: Region): RegionType | null {
    return region.type === null ? null : (this.#types.get(region.type) ?? null);
  }

  /** The shape of an item, if a loaded tag knows it. */
  recognise(item: ResultItem): { type: string; value: unknown } | null {
    const control = this.controls.get(item.from_name ?? "");
    if (!control || item.type !== control.resultType || !item.value) return null;
    const type = this.regionTypeFor(control);
    if (!type || this.objects.get(item.to_name ?? "")?.tag?.space !== type.space) return null;
    try {
      return { type: type.type, value: type.fromResult ? type.fromResult(item) : item.value };
    } catch (error) {
      this.fail(failureOf(control.info, error));
      return null;
    }
  }

  #reshape(region: Region, value: unknown): Region {
    const geometry = this.#geometry(region, value);
    return { ...region, value, items: region.items.map((item) => touched({ ...item, value: { ...item.value, ...geometry } })) };
  }

  geometryOf(region: Region): Record<string, unknown> {
    return this.#geometry(region, region.value);
  }

  /** Natural size of the object that a region lies on; a square where it has none. */
  sizeOf(region: Region): Size {
    const extras = this.objects.get(region.object)?.handle?.extras?.() ?? region.items[0] ?? {};
    return { width: Number(extras.original_width) || 100, height: Number(extras.original_height) || 100 };
  }

  toolTitle(one: ActiveTool): string {
    return translatorOf(this.controls.get(one.control)?.info ?? null)(one.tool.title);
  }

  #geometry(region: Region, value: unknown): Record<string, unknown> {
    const type = this.regionType(region);
    return type?.toResult ? type.toResult(value) : (value as Record<string, unknown>);
  }

  /* ---------------------------------------------------------------- labels and looks */

  labelsOf(region: Region): LabelSource[] {
    return region.items.flatMap((item) => {
      const control = this.controls.get(item.from_name ?? "");
      return control?.hasLabels ? control.given(region).map((value) => control.label(value) ?? strange(value)) : [];
    });
  }

  /** What its labels are called in conditions. */
  namesOf(region: Region): string[] {
    return region.items.flatMap((item) => {
      const control = this.controls.get(item.from_name ?? "");
      return control?.hasLabels ? control.spelled(control.said(region)) : [];
    });
  }

  look(region: Region): Look {
    const label = this.labelsOf(region)[0];
    const attrs = this.controls.get(region.items[0]?.from_name ?? "")?.attrs ?? {};
    const stroke = label?.background ?? attrs.strokeColor ?? attrs.strokecolor ?? "#f48a42";
    const opacity = Number(attrs.fillOpacity ?? attrs.fillopacity ?? attrs.opacity ?? 0.2);
    return {
      stroke,
      fill: withAlpha(label?.background ?? attrs.fillColor ?? attrs.fillcolor ?? stroke, Number.isFinite(opacity) ? opacity : 0.2),
      width: Math.max(Number(attrs.strokeWidth ?? attrs.strokewidth ?? 1) || 1, 1) + 0.5,
      text: this.labelsOf(region).map((one) => one.text).join(", "),
      dashed: region.items.some((item) => item.origin === "prediction"),
    };
  }

  describe(region: Region): string {
    const type = this.regionType(region);
    if (!type) return region.items.map((item) => item.type).join(", ");
    try {
      return type.describe(region.value, translatorOf(this.#infoOf(region)));
    } catch (error) {
      const info = this.#infoOf(region);
      if (info) this.fail(failureOf(info, error));
      return type.type;
    }
  }

  #infoOf(region: Region): TagInfo | null {
    return this.controls.get(region.items[0]?.from_name ?? "")?.info ?? null;
  }

  /* ---------------------------------------------------------------- conditions */

  isVisible(node: ConfigNode): boolean {
    if (this.infos.get(node.tag)?.kind === "label" && ![...this.controls.values()].every((control) => control.keeps.value === null || !isWithin(node, control.node) || control.shows(node))) return false;
    const control = this.controls.get(node.name ?? "");
    if (control?.perRegion && (control.isInList || !this.spokenOf(control))) return false;
    return isVisible(node.attrs, this.situation.value);
  }

  spokenOf(control: Control): Region | null {
    const region = this.selection.only.value;
    return region && control.concerns(region, this.namesOf(region)) ? region : null;
  }

  /** The item that an answer is about, where each has one of its own. */
  itemFor(control: Control): number | null {
    const part = control.perItem ? this.objects.get(control.toName[0] ?? "") : undefined;
    return part && part.count.value > 0 ? part.item.value : null;
  }

  isReadonly(): boolean {
    return this.readonly.peek();
  }

  editLabel(control: Control): string {
    return t("Set {name}", { name: control.name });
  }

  /* ---------------------------------------------------------------- regions */

  controlsOn(object: string): Control[] {
    return [...this.controls.values()].filter((control) => control.toName.includes(object));
  }

  chosenFor(object: string): LabelSource[] {
    return this.controlsOn(object).flatMap((control) => control.inHand());
  }

  toolsOn(object: string): ActiveTool[] {
    return this.tools.filter((one) => this.controls.get(one.control)?.toName.includes(object));
  }

  /** A region in words: its labels, then what it is. */
  spoken(region: Region): string {
    const labels = this.labelsOf(region).map((label) => label.text).join(", ");
    return [labels || t("no label"), this.describe(region)].join(", ");
  }

  isLocked(region: Region): boolean {
    return this.isReadonly() || this.selection.locked.peek().has(region.id) || region.items.some((item) => item.readonly === true);
  }

  #dropStaleTool(): void {
    if (this.readonly.value && this.hand.mode.peek() === "draw") this.hand.setTool("select");
  }

  /* ---------------------------------------------------------------- results */

  /** The result as it is saved; `final` leaves out answers whose condition does not hold. */
  getResult(final = false): ResultItem[] {
    const regions = this.store.peekOrder().map((id) => this.store.peek(id)!);
    return final ? withoutUnmet(resultOf(regions), this) : resultOf(regions);
  }

  /* ---------------------------------------------------------------- failures */

  /** Run what a tag wrote; if it throws, name the tag and go on. */
  guard<T>(info: TagInfo, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.fail(failureOf(info, error));
      return undefined;
    }
  }

  fail(failure: Failure): void {
    if (this.failures.peek().has(failure.tag)) return;
    this.failures.value = new Map([...this.failures.peek(), [failure.tag, failure]]);
    this.report(failure);
  }

  /** Tell of an error that leaves the tag on screen. */
  report(failure: Failure): void {
    console.error(`The tag ${failure.tag} of ${failure.plugin} failed: ${failure.message}`, failure.stack);
    this.options.onFailure?.(failure);
  }
}

/** Ids grow from their parents' where elements come with the data. */
const isWithin = (node: ConfigNode, control: ConfigNode): boolean => node.id.startsWith(`${control.id}.`) || [...walk(control)].includes(node);

function strange(value: string): LabelSource {
  return {
    value, text: value, background: colourFor(value), hotkey: null, wantedKey: null, hint: null, maxUsages: null, granularity: null, selected: false,
  };
}

function isListed(region: Region | null, controls: ReadonlyMap<string, Control>): boolean {
  if (!region) return false;
  if (region.type !== null) return true;
  return region.items.some((item) => item.type !== "relation" && !controls.get(item.from_name ?? "")?.tag);
}
