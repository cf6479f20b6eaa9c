/** Answers that nobody gave by hand: what the author chose for the beginning, and what counts when it is left as it is. */
import type { ResultItem } from "../../sdk/labelwright";
import { resolveField } from "./fields.ts";
import { newId } from "./ids.ts";
import { isEmpty } from "./control.ts";
import type { Runtime } from "./runtime.ts";

/** The answers that a new annotation begins with. */
export function presetItems(runtime: Runtime): ResultItem[] {
  const { data } = runtime.options.task;
  const asked = [...runtime.controls.values()].filter((control) => !control.hasLabels && !control.perRegion && !control.perItem);
  return asked.flatMap((control): ResultItem[] => {
    const { node, attrs, tag, info, speaksOf } = control;
    const said = runtime.guard(info, () => (tag?.initial ? tag.initial({ node, attrs, field: (value) => resolveField(value, data) }) : control.preset()));
    if (isEmpty(said)) return [];
    return [{ id: newId(), from_name: control.name, to_name: speaksOf, type: control.resultType, origin: "manual", value: { [control.valueKey]: said } }];
  });
}

/** Somebody submits: what stands in the fields counts. */
export function settle(runtime: Runtime): void {
  for (const control of runtime.controls.values()) {
    if (runtime.isVisible(control.node)) runtime.guard(control.info, () => control.handle?.settle?.());
  }
}
