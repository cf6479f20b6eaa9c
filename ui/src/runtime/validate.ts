/** What keeps an annotation from being submitted, and where it is to be mended. */
import type { ConfigNode } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { isEmpty, type Control } from "./control.ts";
import type { Runtime } from "./runtime.ts";
import { choiceTest } from "./situation.ts";
import { isVisible } from "./visible.ts";

export interface Problem {
  control: string;
  message: string;
  /** The region that lacks something. */
  region: string | null;
}

/** Check every control that is to be seen; each problem is shown at its place. */
export function validate(runtime: Runtime): Problem[] {
  const isMet = choiceTest(runtime);
  const problems = askedControls(runtime).flatMap(({ control, isShown }) => lackOf(control, runtime, isMet) ?? (isShown ? ownProblemOf(control, runtime) : null) ?? []);
  for (const control of runtime.controls.values()) {
    control.problem.value = problems.find((problem) => problem.control === control.name)?.message ?? null;
  }
  const [first] = problems;
  if (first) {
    const control = runtime.controls.get(first.control)!;
    runtime.wanted.value = { name: first.control };
    showUnanswered(control, runtime);
    // In the list of regions it has no place of its own for a message.
    if (control.isInList) runtime.announcer.say(first.message, true);
  }
  return problems;
}

interface Asked {
  control: Control;
  isShown: boolean;
}

/** Those that are to be seen, and those for regions: they are asked for each region, selected or not. */
function askedControls(runtime: Runtime): Asked[] {
  const found: Asked[] = [];
  const look = (node: ConfigNode, isAround: boolean): void => {
    const control = runtime.controls.get(node.name ?? "");
    const isShown = isAround && isVisible(node.attrs, runtime.situation.peek());
    if (control && (isShown || control.perRegion)) found.push({ control, isShown });
    for (const child of node.children) look(child, isShown);
  };
  look(runtime.tree, true);
  return found;
}

/** A required answer that is not there. */
function lackOf(control: Control, runtime: Runtime, isMet: ReturnType<typeof choiceTest>): Problem | null {
  const message = String(control.node.attrs.requiredMessage ?? "") || t("{name} needs an answer", { name: control.name });
  if (control.required && control.perRegion) {
    const lacking = runtime.listed.peek().find((id) => {
      const region = runtime.store.peek(id)!;
      return isEmpty(control.said(region)) && control.concerns(region, runtime.namesOf(region)) && isMet(control, region);
    });
    if (lacking) return { control: control.name, message, region: lacking };
  } else if (control.required && !isAnswered(control, runtime)) {
    return { control: control.name, message, region: null };
  }
  return null;
}

function ownProblemOf(control: Control, runtime: Runtime): Problem | null {
  const own = runtime.guard(control.info, () => control.handle?.validate?.() ?? null);
  return own ? { control: control.name, message: own, region: null } : null;
}

/** The items of its object, if each is to have an answer of its own. */
function itemsOf(control: Control, runtime: Runtime): number[] {
  const count = control.perItem ? (runtime.objects.get(control.toName[0] ?? "")?.count.peek() ?? 0) : 0;
  return Array.from({ length: count }, (_, item) => item);
}

function lacksItem(control: Control, runtime: Runtime): number | undefined {
  return itemsOf(control, runtime).find((item) => {
    const id = runtime.index.idOf(control.name, item);
    return id === null || isEmpty(control.said(runtime.store.peek(id)));
  });
}

/** Page to the first item without an answer. */
function showUnanswered(control: Control, runtime: Runtime): void {
  const item = control.required ? lacksItem(control, runtime) : undefined;
  if (item !== undefined) runtime.objects.get(control.toName[0] ?? "")!.item.value = item;
}

function isAnswered(control: Control, runtime: Runtime): boolean {
  if (itemsOf(control, runtime).length > 0) return lacksItem(control, runtime) === undefined;
  if (control.hasLabels || control.tag?.region) {
    return runtime.store.peekOrder().some((id) => control.itemOf(runtime.store.peek(id)!) !== null);
  }
  const id = runtime.index.idOf(control.name);
  return id !== null && !isEmpty(control.said(runtime.store.peek(id)));
}
