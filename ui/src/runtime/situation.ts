/** How things stand for the conditions of a configuration, and what they leave out of a submission. */
import type { ConfigNode, ResultItem } from "../../sdk/labelwright";
import type { Runtime } from "./runtime.ts";
import { isVisible, type Situation } from "./visible.ts";

export function situationOf(runtime: Runtime): Situation {
  const only = runtime.selection.only.value;
  return {
    selected: runtime.selection.regions.value.filter((region) => region.type !== null).map((region) => ({
      controls: new Map(region.items.map((item) => {
        const control = runtime.controls.get(item.from_name ?? "");
        return [item.from_name ?? "", control?.hasLabels ? control.given(region) : []] as const;
      })),
    })),
    choices: (name) => {
      const control = runtime.controls.get(name);
      if (!control) return [];
      const id = runtime.index.idOf(name);
      const region = control.perRegion ? only : id === null ? null : runtime.store.get(id);
      return control.spelled(control.said(region));
    },
    choosers: [...runtime.controls.values()].filter((control) => !control.hasLabels && !control.tag?.region).map((control) => control.name),
  };
}

/** The result without the answers of controls whose condition does not hold. */
export function withoutUnmet(result: readonly ResultItem[], runtime: Runtime): ResultItem[] {
  const unmet = new Set<string>();
  const look = (node: ConfigNode, isMet: boolean): void => {
    const isConditional = node.attrs.visibleWhen === "choice-selected" || node.attrs.visibleWhen === "choice-unselected";
    const met = isMet && (!isConditional || isVisible(node.attrs, runtime.situation.peek()));
    if (!met && node.name) unmet.add(node.name);
    for (const child of node.children) look(child, met);
  };
  look(runtime.tree, true);
  return result.filter((item) => {
    const control = runtime.controls.get(item.from_name ?? "");
    if (!control) return true;
    if (!control.perRegion) return !unmet.has(control.name);
    const region = runtime.store.peek(item.id ?? "");
    return !region || control.concerns(region, runtime.labelsOf(region).map((label) => label.value));
  });
}
