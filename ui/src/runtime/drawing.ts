/** From a tool's first touch to a region in the store: one undo step, with the labels in hand and the object's facts. */
import type { Drawing, Region, RegionType, ResultItem } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import type { Control } from "./control.ts";
import { newId } from "./ids.ts";
import type { LabelSource } from "./labels.ts";
import { translatorOf } from "./messages.ts";
import type { Runtime } from "./runtime.ts";
import { settings } from "./settings.ts";

export class Drawings {
  constructor(readonly runtime: Runtime) {}

  /** Start a region of this kind with the labels that are chosen; `null` when a label must be chosen first. */
  draw(object: string, value: unknown, kind?: RegionType): Drawing | null {
    const control = this.#drawingControl(object, kind);
    const type = control && this.runtime.regionTypeFor(control);
    if (!control || !type || this.runtime.isReadonly()) return null;
    if (control.hasLabels && control.chosen.peek().size === 0 && !control.allowsEmpty) {
      this.runtime.announcer.say(t("Choose a label first"), true);
      return null;
    }
    const spent = this.#spentLabel(object);
    if (spent) {
      this.runtime.announcer.say(t("{label} has been used as often as it may", { label: spent }), true);
      return null;
    }
    return this.#open(object, control, type, value);
  }

  #drawingControl(object: string, kind?: RegionType): Control | null {
    if (!kind) return this.runtime.controls.get(this.runtime.hand.tool.peek()?.control ?? "") ?? null;
    const fitting = this.runtime.controlsOn(object).filter((control) => this.runtime.regionTypeFor(control)?.type === kind.type);
    return fitting.find((control) => control.chosen.peek().size > 0) ?? fitting[0] ?? null;
  }

  /** A chosen label that may not be given once more. */
  #spentLabel(object: string): string | null {
    const capped = this.runtime.chosenFor(object).filter((label) => label.maxUsages !== null);
    return capped.find((label) => this.#usesOf(label) >= label.maxUsages!)?.text ?? null;
  }

  #usesOf(label: LabelSource): number {
    let uses = 0;
    for (const id of this.runtime.store.peekOrder()) if (this.runtime.labelsOf(this.runtime.store.peek(id)!).includes(label)) uses++;
    return uses;
  }

  #open(object: string, control: Control, type: RegionType, value: unknown): Drawing {
    const id = newId();
    const tx = this.runtime.store.begin(t("Draw {shape}", { shape: translatorOf(control.info)(type.title) }));
    const region = this.#newRegion(id, object, control, type, value);
    tx.set(region);
    return {
      id,
      update: (next) => tx.setValue(id, next),
      cancel: () => tx.cancel(),
      commit: () => {
        tx.commit();
        this.#drawn(id);
      },
    };
  }

  #newRegion(id: string, object: string, control: Control, type: RegionType, value: unknown): Region {
    const part = this.runtime.objects.get(object);
    const extras = { ...part?.extra, ...part?.handle?.extras?.() };
    const geometry = type.toResult ? type.toResult(value) : (value as Record<string, unknown>);
    const says = this.runtime.controlsOn(object).filter(
      (one) => one !== control && one.hasLabels && one.chosen.peek().size > 0 && !one.tag?.region && !this.runtime.labelledBy(one),
    );
    const items = [control, ...says].map((one): ResultItem => ({
      ...extras,
      id,
      from_name: one.name,
      to_name: object,
      type: one.resultType,
      origin: "manual",
      value: one.hasLabels && one.chosen.peek().size > 0 ? { ...geometry, [one.valueKey]: one.stored([...one.chosen.peek()]) } : geometry,
    }));
    return { id, object, type: type.type, value, items };
  }

  #drawn(id: string): void {
    const region = this.runtime.store.peek(id);
    if (!region) return;
    this.runtime.announcer.say(t("Added: {what}", { what: this.runtime.spoken(region) }));
    if (!settings.peek().keepLabel) this.runtime.hand.letGo();
    if (settings.peek().selectAfterDrawing) this.runtime.selection.select([id]);
  }
}
