/** What a tag is handed: the host's services, narrowed to its own place in the configuration. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import type { ConfigNode, ControlContext, Hotkey, LabelHold, ObjectContext, Region, TagContext } from "../../sdk/labelwright";
import { locale } from "../i18n/index.ts";
import { actionOf } from "../keys/catalogue.ts";
import { answerOf } from "./answers.ts";
import { targetsOf, withDefaults, type TagInfo } from "./config.ts";
import type { Control } from "./control.ts";
import { resolveField } from "./fields.ts";
import type { LabelSource } from "./labels.ts";
import { translatorOf } from "./messages.ts";
import type { ObjectPart, Runtime } from "./runtime.ts";
import { settings } from "./settings.ts";
import { addRules } from "./sheets.ts";

const NOWHERE = signal<HTMLElement | null>(null);

export type DrawChildren = (nodes: readonly ConfigNode[], draw?: (node: ConfigNode) => ComponentChildren) => ComponentChildren;

export function tagContext(runtime: Runtime, node: ConfigNode, info: TagInfo, abort: AbortSignal, draw: DrawChildren): TagContext {
  const t = translatorOf(info);
  return {
    node,
    attrs: withDefaults(node.attrs, info),
    name: node.name ?? node.id,
    toName: targetsOf(node, runtime.objectNames),
    task: { project: null, ...runtime.options.task },
    store: runtime.store,
    selection: runtime.selection,
    readonly: runtime.readonly,
    locale: locale as ReadonlySignal<string>,
    abort,
    t,
    css(rules) {
      abort.addEventListener("abort", addRules(rules), { once: true });
    },
    announce: (words) => runtime.announcer.say(words),
    field: (value) => resolveField(value, runtime.options.task.data),
    mediaUrl: (value) => mediaUrl(value, runtime.options.base ?? ""),
    hotkey: (key) => abort.addEventListener("abort", addHotkey(runtime, node, info, key), { once: true }),
    keyOf: (id) => runtime.hotkeys.keyOf(id),
    wanted: runtime.wanted,
    labelsOf: (name) => labelHold(runtime, name),
    children: (nodes = node.children, replace?: (node: ConfigNode) => ComponentChildren) => draw(nodes, replace),
  };
}

/** What the plugin declares of an action by this name need not be said again; a key of the element itself is the author's. */
function addHotkey(runtime: Runtime, node: ConfigNode, info: TagInfo, key: Hotkey): () => void {
  const declared = info.actions?.find((one) => one.id === key.id) ?? (key.id ? actionOf(key.id) : undefined);
  const title = key.title ?? declared?.title ?? "";
  const name = node.name ?? node.id;
  return runtime.hotkeys.add({
    id: key.id ?? `${name}:${title}`,
    keys: [key.keys ?? declared?.keys ?? []].flat(),
    title: () => translatorOf(info)(title),
    group: node.name ?? node.tag,
    owner: name,
    byAuthor: !declared,
    run: key.run,
  });
}

/** What another tag may do with the labels of a control. */
function labelHold(runtime: Runtime, name: string): LabelHold | null {
  const control = runtime.controls.get(name);
  if (!control) return null;
  return {
    labels: control.labels,
    made: computed(() => (control.hasLabels ? [...control.chosen.value] : runtime.situation.value.choices(name))),
    keep: (keeps) => (control.keeps.value = keeps),
    pick: (label) => (control.hasLabels ? runtime.hand.pressLabel(control, label as LabelSource) : void runtime.guard(control.info, () => control.handle?.pick?.(label))),
  };
}

/** Our own addresses are written from the root: under a sub-path they need its name in front. */
export function mediaUrl(value: string, base: string): string {
  return value.startsWith("/") && !value.startsWith("//") && base && !value.startsWith(`${base}/`) ? base + value : value;
}

export function controlContext(runtime: Runtime, control: Control, abort: AbortSignal, draw: DrawChildren): ControlContext {
  const region = computed(() => (control.perRegion ? runtime.spokenOf(control) : null));
  return {
    ...tagContext(runtime, control.node, control.info, abort, draw),
    toName: control.toName,
    answer: () => answerOf(control, runtime),
    region,
    labels: computed(() => control.labels),
    problem: control.problem,
    placeOf: (name) => runtime.objects.get(name)?.place ?? NOWHERE,
  };
}

export function objectContext(runtime: Runtime, part: ObjectPart, abort: AbortSignal, draw: DrawChildren): ObjectContext {
  const { selection, store } = runtime;
  const name = part.name;
  return {
    ...tagContext(runtime, part.node, part.info, abort, draw),
    regions: computed(() => store.order.value.filter((id) => isOn(store.peek(id), name))),
    hidden: computed(() => (part.count.value > 0 ? new Set([...selection.hidden.value, ...elsewhere(runtime, part)]) : selection.hidden.value)),
    paged(count) {
      part.count.value = count;
      return part.item;
    },
    locked: computed(() => (runtime.readonly.value ? new Set(store.order.value) : selection.locked.value)),
    hovered: selection.hovered,
    mode: runtime.hand.mode,
    tool: computed(() => {
      const tool = runtime.hand.tool.value;
      return tool && runtime.controls.get(tool.control)?.toName.includes(name) ? tool : null;
    }),
    tools: runtime.toolsOn(name),
    setMode: (mode, tool) => runtime.hand.setTool(mode, tool),
    regionType: (one) => runtime.regionType(one),
    look: (one) => runtime.look(one),
    chosen: computed(() => runtime.chosenFor(name)),
    draw: (value, kind) => runtime.drawings.draw(name, value, kind),
    showLabels: computed(() => settings.value.showLabels),
    isLocked: (one) => runtime.isLocked(one),
    toolTitle: (one) => runtime.toolTitle(one),
    attrsOf: (of) => runtime.controls.get(("control" in of ? of.control : of.items[0]?.from_name) ?? "")?.attrs ?? {},
    loaded(extra = {}) {
      part.extra = extra;
      part.state.value = "ready";
    },
    failed(message) {
      part.message.value = message;
      part.state.value = "failed";
    },
  };
}

/** The regions of an object's items that are not on screen. */
function elsewhere(runtime: Runtime, part: ObjectPart): string[] {
  return runtime.store.order.value.filter((id) => {
    const region = runtime.store.peek(id);
    return isOn(region, part.name) && Number(region!.items[0]?.item_index ?? 0) !== part.item.value;
  });
}

const isOn = (region: Region | null, object: string): boolean => region !== null && region.type !== null && region.object === object;
