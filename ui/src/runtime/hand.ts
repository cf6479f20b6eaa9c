/** What is in hand: the pointer's mode, a tool, the labels for what is drawn next. */
import { signal } from "@preact/signals";

import type { ActiveTool, Region } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { withSaid } from "./answers.ts";
import type { Control } from "./control.ts";
import type { LabelSource } from "./labels.ts";
import type { Runtime } from "./runtime.ts";
import { settings } from "./settings.ts";

export class Hand {
  readonly mode = signal<"select" | "pan" | "draw">("select");
  readonly tool = signal<ActiveTool | null>(null);

  constructor(readonly runtime: Runtime) {}

  setTool(mode: "select" | "pan" | "draw", tool?: ActiveTool): void {
    for (const part of this.runtime.objects.values()) part.handle?.cancel?.();
    this.tool.value = mode === "draw" ? (tool ?? this.tool.peek() ?? this.runtime.tools[0] ?? null) : null;
    this.mode.value = mode === "draw" && !this.tool.peek() ? "select" : mode;
  }

  /** No label and no tool in hand. */
  letGo(): void {
    for (const control of this.runtime.controls.values()) control.chosen.value = new Set();
    this.setTool("select");
  }

  /** A label was pressed: give it to what is selected, or take it in hand for what is drawn next. */
  pressLabel(control: Control, label: LabelSource): void {
    if (this.runtime.isReadonly()) return;
    const targets = this.runtime.selection.regions.peek().filter((region) => this.#mayGive(control, region));
    if (targets.length > 0) this.#relabel(control, label, targets);
    else this.#takeInHand(control, label);
  }

  #mayGive(control: Control, region: Region): boolean {
    if (!control.toName.includes(region.object) || region.type === null || this.runtime.isLocked(region)) return false;
    const own = this.runtime.regionTypeFor(control);
    return control.itemOf(region) !== null || own === null;
  }

  #relabel(control: Control, label: LabelSource, regions: readonly Region[]): void {
    this.runtime.store.edit(t("Label {label}", { label: label.text }), (tx) => {
      for (const region of regions) {
        const now = control.given(region);
        const next = this.#nextLabels(control, label, now);
        if (next.length === 0 && control.itemOf(region) === region.items[0] && !control.allowsEmpty) continue;
        tx.set(withSaid(region, control, control.stored(next), this.runtime.geometryOf(region)));
      }
    });
    this.runtime.announcer.say(t("Labelled {label}", { label: label.text }));
  }

  #nextLabels(control: Control, label: LabelSource, now: readonly string[]): string[] {
    if (control.isMultiple) return now.includes(label.value) ? now.filter((one) => one !== label.value) : [...now, label.value];
    return now.length === 1 && now[0] === label.value && this.runtime.regionTypeFor(control) === null ? [] : [label.value];
  }

  #takeInHand(control: Control, label: LabelSource): void {
    const tool = this.#toolFor(control);
    // Chosen, but put aside for the arrow or the hand: then the press takes it up again.
    const has = control.chosen.peek().has(label.value) && (tool === null || this.mode.peek() === "draw");
    const others = control.isMultiple ? [...control.chosen.peek()].filter((one) => one !== label.value) : [];
    this.runtime.selection.clear();
    for (const other of this.runtime.controls.values()) if (other !== control && this.#excludes(control, other)) other.chosen.value = new Set();
    control.chosen.value = new Set(has ? others : [...others, label.value]);
    if (!has && this.#labelMarked(control)) {
      if (!settings.peek().keepLabel) control.chosen.value = new Set(others);
      return;
    }
    if (control.chosen.peek().size === 0) this.setTool("select");
    else if (tool && this.tool.peek()?.control !== tool.control) this.setTool("draw", tool);
  }

  /** Two label sets that draw shapes on the same object cannot both be in hand. */
  #excludes(one: Control, other: Control): boolean {
    return this.runtime.regionTypeFor(one) !== null && this.runtime.regionTypeFor(other) !== null && one.toName.some((name) => other.toName.includes(name));
  }

  #labelMarked(control: Control): boolean {
    return control.toName.some((name) => this.runtime.objects.get(name)?.handle?.labelMarked?.() === true);
  }

  #toolFor(control: Control): ActiveTool | null {
    const own = this.runtime.tools.find((one) => one.control === control.name);
    if (own || this.runtime.regionTypeFor(control)) return own ?? null;
    return this.runtime.toolsOn(control.toName[0] ?? "").find((one) => !this.runtime.controls.get(one.control)?.hasLabels) ?? null;
  }
}
