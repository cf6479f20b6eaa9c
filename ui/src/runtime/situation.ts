/** How things stand for the conditions of a configuration, and what they leave out of a submission. */
import type { ConfigNode, Region, ResultItem } from "../../sdk/labelwright";
import type { Control } from "./control.ts";
import type { Runtime } from "./runtime.ts";
import { isVisible, type Situation } from "./visible.ts";

/** `of`: the region that counts as selected; without it those that are. */
export function situationOf(runtime: Runtime, of?: Region): Situation {
  const only = of ?? runtime.selection.only.value;
  const selected = of ? [of] : runtime.selection.regions.value;
  return {
    selected: selected.filter((region) => region.type !== null).map((region) => ({
      controls: new Map(region.items.map((item) => {
        const control = runtime.controls.get(item.from_name ?? "");
        return [item.from_name ?? "", control?.hasLabels ? control.spelled(control.said(region)) : []] as const;
      })),
    })),
    choices: (name) => {
      const control = runtime.controls.get(name);
      if (!control) return [];
      const id = runtime.index.idOf(name, runtime.itemFor(control));
      const region = control.perRegion ? only : id === null ? null : runtime.store.get(id);
      return control.spelled(control.said(region));
    },
    choosers: [...runtime.controls.values()].filter((control) => !control.hasLabels && !control.tag?.region).map((control) => control.name),
  };
}

/** For each part with a name: itself and what it stands in, as far as choices say whether its answers count. Label Studio asks those around for selected choices alone. */
function conditionsOf(tree: ConfigNode): Map<string, ConfigNode[]> {
  const found = new Map<string, ConfigNode[]>();
  const look = (node: ConfigNode, above: readonly ConfigNode[]): void => {
    const around = node.attrs.visibleWhen === "choice-selected" ? [...above, node] : [...above];
    if (node.name) found.set(node.name, node.attrs.visibleWhen === "choice-unselected" ? [...above, node] : around);
    for (const child of node.children) look(child, around);
  };
  look(tree, []);
  return found;
}

/** Whether a control's conditions on choices hold; of one that speaks of each region: beside the choices for this one. */
export function choiceTest(runtime: Runtime): (control: Control, region: Region | null) => boolean {
  const conditions = conditionsOf(runtime.tree);
  return (control, region) => {
    const chain = conditions.get(control.name) ?? [];
    if (chain.length === 0) return true;
    const now = control.perRegion && region ? situationOf(runtime, region) : runtime.situation.peek();
    return chain.every((node) => isVisible(node.attrs, now));
  };
}

/** The result without the answers of controls whose condition does not hold. */
export function withoutUnmet(result: readonly ResultItem[], runtime: Runtime): ResultItem[] {
  const isMet = choiceTest(runtime);
  return result.filter((item) => {
    const control = runtime.controls.get(item.from_name ?? "");
    if (!control) return true;
    const region = control.perRegion ? runtime.store.peek(item.id ?? "") : null;
    return isMet(control, region) && (region === null || control.concerns(region, runtime.namesOf(region)));
  });
}
