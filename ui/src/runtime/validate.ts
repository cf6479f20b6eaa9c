/** What keeps an annotation from being submitted, and where it is to be mended. */
import type { ConfigNode } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { isEmpty, type Control } from "./control.ts";
import type { Runtime } from "./runtime.ts";
import { isVisible } from "./visible.ts";

export interface Problem {
  control: string;
  message: string;
  /** The region that lacks something. */
  region: string | null;
}

/** Check every control that is to be seen; each problem is shown at its place. */
export function validate(runtime: Runtime): Problem[] {
  const problems = visibleControls(runtime).flatMap((control) => problemOf(control, runtime) ?? []);
  for (const control of runtime.controls.values()) {
    control.problem.value = problems.find((problem) => problem.control === control.name)?.message ?? null;
  }
  if (problems[0]) runtime.wanted.value = { name: problems[0].control };
  return problems;
}

function visibleControls(runtime: Runtime): Control[] {
  const found: Control[] = [];
  const look = (node: ConfigNode): void => {
    const control = runtime.controls.get(node.name ?? "");
    // A control for regions is asked for each region, selected or not.
    if (!isVisible(node.attrs, runtime.situation.peek())) return;
    if (control) found.push(control);
    for (const child of node.children) look(child);
  };
  look(runtime.tree);
  return found;
}

function problemOf(control: Control, runtime: Runtime): Problem | null {
  const message = String(control.node.attrs.requiredMessage ?? "") || t("{name} needs an answer", { name: control.name });
  if (control.required && control.perRegion) {
    const lacking = runtime.listed.peek().find((id) => {
      const region = runtime.store.peek(id)!;
      const labels = runtime.labelsOf(region).map((label) => label.value);
      return control.concerns(region, labels) && isEmpty(control.said(region));
    });
    if (lacking) return { control: control.name, message, region: lacking };
  } else if (control.required && !isAnswered(control, runtime)) {
    return { control: control.name, message, region: null };
  }
  const own = runtime.guard(control.info, () => control.handle?.validate?.() ?? null);
  return own ? { control: control.name, message: own, region: null } : null;
}

function isAnswered(control: Control, runtime: Runtime): boolean {
  if (control.hasLabels || control.tag?.region) {
    return runtime.store.peekOrder().some((id) => control.itemOf(runtime.store.peek(id)!) !== null);
  }
  const id = runtime.index.idOf(control.name);
  return id !== null && !isEmpty(control.said(runtime.store.peek(id)));
}
