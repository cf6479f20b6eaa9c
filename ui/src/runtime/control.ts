/** One control of the configuration: what it may say, and what it says now. */
import { signal } from "@preact/signals";

import type { ConfigNode, ControlHandle, ControlTag, Region, ResultItem } from "../../sdk/labelwright";
import { isOn, listOf, walk, withDefaults, type TagInfo } from "./config.ts";
import { assignKeys } from "./hotkeys.ts";
import { keyOfPath, labelOfPath, labelsOf, pathOfKey, type LabelSource } from "./labels.ts";

export class Control {
  readonly chosen = signal<ReadonlySet<string>>(new Set());
  readonly problem = signal<string | null>(null);
  /** Which of its labels are to be seen, by their texts; `null` is all. */
  readonly keeps = signal<((text: string) => boolean) | null>(null);
  /** With defaults. */
  readonly attrs: Record<string, any>;
  readonly perRegion: boolean;
  readonly perItem: boolean;
  readonly required: boolean;
  /** Those of a tree are too many for a list: they are made as they are met. */
  readonly labels: readonly LabelSource[];
  readonly #met = new Map<string, LabelSource>();
  readonly resultType: string;
  readonly valueKey: string;
  handle: ControlHandle | null = null;

  constructor(
    readonly node: ConfigNode,
    readonly info: TagInfo,
    readonly tag: ControlTag | null,
    readonly toName: readonly string[],
    readonly dynamicLabels: unknown,
  ) {
    this.attrs = withDefaults(node.attrs, info);
    this.perRegion = isOn(this.attrs.perRegion);
    this.perItem = !this.perRegion && isOn(this.attrs.perItem);
    this.required = isOn(this.attrs.required);
    this.resultType = info.resultType ?? info.tag.toLowerCase();
    this.valueKey = info.valueKey ?? this.resultType;
    this.labels = info.label && !this.isTree ? labelsOf(node, info.label, dynamicLabels) : [];
    if (this.hasLabels) this.chosen.value = new Set(this.preset());
  }

  /** What the author chose for a task that is opened for the first time. */
  preset(): string[] {
    return this.labels.filter((label) => label.selected).map((label) => label.value);
  }

  get name(): string {
    return this.node.name ?? this.node.id;
  }

  /** Whether one of its label elements is to be seen: by its own text, or for the sake of one inside it. */
  shows(node: ConfigNode): boolean {
    const keeps = this.keeps.value;
    if (!keeps || node.tag !== this.info.label) return true;
    return [...walk(node)].some((one) => one.tag === node.tag && keeps(String(one.attrs.value ?? one.text ?? "")));
  }

  /** `to_name` of an answer: its object, or where it compares several its own name. */
  get speaksOf(): string {
    return this.toName.length > 1 ? this.name : (this.toName[0] ?? "");
  }

  get hasLabels(): boolean {
    // Without its module, what the server says: labels that lie on a region, not answers of a list.
    if (!this.tag) return this.info.labels && Boolean(this.info.region);
    return typeof this.tag.labels === "function" ? this.tag.labels(this.attrs) : this.tag.labels === true;
  }

  /** What it says is a list of paths. */
  get isTree(): boolean {
    return this.tag?.tree === true;
  }

  /** It is shown below each region in the list of regions, not where it stands. */
  get isInList(): boolean {
    return this.perRegion && this.attrs.displayMode === "region-list" && this.tag?.rows !== undefined;
  }

  get isMultiple(): boolean {
    return this.isTree || this.attrs.choice === "multiple";
  }

  get allowsEmpty(): boolean {
    return isOn(this.attrs.allowEmpty);
  }

  label(value: string): LabelSource | null {
    if (this.isTree) return this.#ofPath(value);
    return this.labels.find((one) => one.value === value || one.text === value) ?? null;
  }

  #ofPath(key: string): LabelSource {
    let label = this.#met.get(key);
    if (!label) {
      label = labelOfPath(pathOfKey(key), this.node, this.info.label ?? "", this.dynamicLabels);
      this.#met.set(key, label);
    }
    return label;
  }

  /** The labels for what is drawn next. */
  inHand(): LabelSource[] {
    const chosen = this.chosen.value;
    return this.isTree ? [...chosen].map((key) => this.#ofPath(key)) : this.labels.filter((label) => chosen.has(label.value));
  }

  /** Labels as a result stores them. */
  stored(values: readonly string[]): unknown[] {
    return this.isTree ? values.map(pathOfKey) : [...values];
  }

  /** What its item of a region, or its answer, says. */
  said(region: Region | null): unknown {
    const item = region ? this.itemOf(region) : null;
    return item?.value?.[this.valueKey] ?? null;
  }

  /** The facts about what it said. */
  metaOf(region: Region | null): Record<string, unknown> {
    return (region ? this.itemOf(region)?.meta : undefined) ?? {};
  }

  itemOf(region: Region): ResultItem | null {
    return region.items.find((item) => item.from_name === this.name) ?? null;
  }

  /** The labels that it gave to a region. */
  given(region: Region): string[] {
    const said = this.said(region);
    return Array.isArray(said) ? said.map(this.isTree ? keyOfPath : String) : [];
  }

  /** With `whenLabelValue`, only regions with one of these labels are spoken of. */
  concerns(region: Region, labels: readonly string[]): boolean {
    if (!this.toName.includes(region.object) || region.type === null) return false;
    const wanted = listOf(this.attrs.whenLabelValue);
    return wanted.length === 0 || labels.some((label) => wanted.includes(label));
  }

  /** Stored choices with the texts that they stand for: conditions may name either. */
  spelled(stored: unknown): string[] {
    if (!Array.isArray(stored)) return stored === null || stored === undefined ? [] : [String(stored)];
    const plain = stored.map((one) => (Array.isArray(one) ? String(one.at(-1)) : String(one)));
    return plain.flatMap((one) => {
      const child = [...walk(this.node)].find((node) => node.attrs.alias === one);
      return child ? [one, String(child.attrs.value)] : [one];
    });
  }
}

/** Of labels of one set that want the same key, the first has it. Other sets may be shown at other times. */
const firstOnes = (wanted: readonly (string | null)[]): (string | null)[] => wanted.map((key, index) => (wanted.indexOf(key) === index ? key : null));

/** Give each label its key, over all controls: no key is given twice. */
export function giveKeys(controls: Iterable<Control>, taken: Iterable<string>): void {
  const all = [...controls];
  const labels = all.flatMap((control) => control.labels);
  const keys = assignKeys(all.flatMap((control) => firstOnes(control.labels.map((label) => label.wantedKey))), taken);
  labels.forEach((label, index) => (label.hotkey = keys[index] ?? null));
}

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
