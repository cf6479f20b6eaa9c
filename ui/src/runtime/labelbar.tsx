/** The labels of a control: press one to label what is selected, or to draw with it. */
import { useComputed, useSignal } from "@preact/signals";
import { useContext } from "preact/hooks";

import type { ConfigNode } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { inkOn } from "./colours.ts";
import { isOn } from "./config.ts";
import type { Control } from "./control.ts";
import { shownKeys } from "../keys/chords.ts";
import { icons } from "./icons.ts";
import type { LabelSource } from "./labels.ts";
import { Icon } from "./parts.tsx";
import { RuntimeContext } from "./context.ts";
import type { DrawChildren } from "./contexts.ts";

/** From here on a person searches instead of looking. */
const MANY = 24;

export function LabelBar({ control, drawChildren }: { control: Control; drawChildren: DrawChildren }) {
  const search = useSignal("");
  const inline = control.attrs.showInline === undefined || isOn(control.attrs.showInline);
  const draw = (node: ConfigNode) => {
    if (node.tag !== "Label") return undefined;
    const label = control.label(String(node.attrs.alias ?? node.attrs.value ?? node.text ?? ""));
    if (!label) return null;
    return <LabelButton control={control} label={label} search={search.value} />;
  };
  const inTree = control.node.children.length > 0;
  const fromData = control.labels.filter((label) => !control.node.children.some((child) => holds(child, label)));
  return (
    <div class={`lw-labels${inline ? "" : " lw-labels--column"}`} role="group" aria-label={t("Labels of {name}", { name: control.name })}>
      {control.labels.length > MANY && (
        <label class="lw-search lw-labels-search">
          <Icon path={icons.search} />
          <input class="lw-input lw-input--small" type="search" placeholder={t("Find a label")} aria-label={t("Find a label")}
            onInput={(event) => (search.value = event.currentTarget.value)} />
        </label>
      )}
      {inTree && drawChildren(control.node.children, draw)}
      {fromData.map((label) => <LabelButton key={label.value} control={control} label={label} search={search.value} />)}
    </div>
  );
}

function holds(node: ConfigNode, label: LabelSource): boolean {
  if (node.tag === "Label") return String(node.attrs.alias ?? node.attrs.value ?? node.text ?? "") === label.value;
  return node.children.some((child) => holds(child, label));
}

function LabelButton({ control, label, search }: { control: Control; label: LabelSource; search: string }) {
  const runtime = useContext(RuntimeContext);
  const state = useComputed(() => {
    const targets = runtime.selection.regions.value.filter((region) => control.toName.includes(region.object) && region.type !== null);
    if (targets.length > 0) return targets.every((region) => control.given(region).includes(label.value));
    return control.chosen.value.has(label.value);
  });
  if (control.keeps.value?.(label.text) === false) return null;
  if (search && !label.text.toLowerCase().includes(search.toLowerCase())) return null;
  const colours = { "--label": label.background, "--label-ink": inkOn(label.background) };
  return (
    <button type="button" class="lw-tag" style={colours} aria-pressed={state.value} aria-disabled={runtime.readonly.value ? "true" : undefined}
      title={label.hint ?? undefined} data-label={label.value} aria-keyshortcuts={label.hotkey ?? undefined}
      onClick={() => runtime.hand.pressLabel(control, label)}>
      <span class="lw-tag-text">{label.text}</span>
      {label.hotkey && <kbd>{shownKeys(label.hotkey).join(" ")}</kbd>}
    </button>
  );
}
