/** Draws the configuration's tree: each tag by its module, each inside a fence. */
import { useComputed } from "@preact/signals";
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import type { ConfigNode, VisualTag } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { Fence, FailureCard } from "./card.tsx";
import type { TagInfo } from "./config.ts";
import { RuntimeContext } from "./context.ts";
import { controlContext, objectContext, tagContext, type DrawChildren } from "./contexts.ts";
import type { Control } from "./control.ts";
import { icons } from "./icons.ts";
import { LabelBar } from "./labelbar.tsx";
import { failureOf, isFailure } from "./loader.ts";
import { Icon } from "./parts.tsx";
import type { ObjectPart, Runtime } from "./runtime.ts";

type Draw = (node: ConfigNode) => ComponentChildren;
const DrawContext = createContext<Draw | null>(null);

/** Children of a tag; `replace` lets it draw some of them itself, however deep. */
export const drawChildren: DrawChildren = (nodes, replace) => {
  const drawn = nodes.map((node) => <Node key={node.id} node={node} />);
  return replace ? <DrawContext.Provider value={replace}>{drawn}</DrawContext.Provider> : drawn;
};

export function Node({ node }: { node: ConfigNode }) {
  const runtime = useContext(RuntimeContext);
  const replace = useContext(DrawContext);
  const shown = useComputed(() => runtime.isVisible(node));
  if (!shown.value) return null;
  const own = replace?.(node);
  return own === undefined ? <Tag node={node} runtime={runtime} /> : <>{own}</>;
}

function Tag({ node, runtime }: { node: ConfigNode; runtime: Runtime }) {
  const info = runtime.infos.get(node.tag);
  if (!info) return <Unknown node={node} />;
  const failure = runtime.failures.value.get(info.tag);
  if (failure) return <FailureCard failure={failure} />;
  return (
    <Fence onError={(error) => runtime.fail(failureOf(info, error))} fallback={() => <Failed tag={info.tag} runtime={runtime} />}>
      <Known node={node} info={info} runtime={runtime} />
    </Fence>
  );
}

function Failed({ tag, runtime }: { tag: string; runtime: Runtime }) {
  const failure = runtime.failures.value.get(tag);
  return failure ? <FailureCard failure={failure} /> : null;
}

function Known({ node, info, runtime }: { node: ConfigNode; info: TagInfo; runtime: Runtime }) {
  const object = runtime.objects.get(node.name ?? node.id);
  if (object?.node === node) return object.tag ? <ObjectHost part={object} runtime={runtime} /> : <NoModule info={info} />;
  const control = runtime.controls.get(node.name ?? "");
  if (control?.node === node) return <ControlHost control={control} runtime={runtime} />;
  const loaded = runtime.loaded.get(info.tag);
  if (loaded && !isFailure(loaded) && loaded.kind === "visual") return <VisualHost node={node} info={info} tag={loaded} runtime={runtime} />;
  if (info.kind === "label") return null; // its parent draws it
  return info.kind === "visual" ? <>{drawChildren(node.children)}</> : <NoModule info={info} />;
}

function useAbort(): AbortSignal {
  const abort = useMemo(() => new AbortController(), []);
  useEffect(() => () => abort.abort(), [abort]);
  return abort.signal;
}

function VisualHost({ node, info, tag, runtime }: { node: ConfigNode; info: TagInfo; tag: VisualTag; runtime: Runtime }) {
  const abort = useAbort();
  const handle = useMemo(() => tag.setup(tagContext(runtime, node, info, abort, drawChildren)), []);
  useEffect(() => () => void runtime.guard(info, () => handle.dispose?.()), []);
  return <View draw={handle.view} />;
}

/** A tag's view as a component, so that the signals it reads redraw it alone. */
function View({ draw }: { draw: () => ComponentChildren }) {
  return <>{draw()}</>;
}

function ControlHost({ control, runtime }: { control: Control; runtime: Runtime }) {
  const abort = useAbort();
  const handle = useMemo(() => {
    const made = control.tag?.setup?.(controlContext(runtime, control, abort, drawChildren)) ?? {};
    control.handle = made;
    return made;
  }, []);
  useLayoutEffect(() => {
    const keys = runtime.hotkeys.add(...commandsOf(control, runtime));
    return keys;
  }, []);
  if (!control.tag) return <NoModule info={control.info} />;
  const view = handle.view ?? (control.hasLabels ? () => <LabelBar control={control} drawChildren={drawChildren} /> : null);
  if (!view) return null;
  return (
    <div class="lw-control" data-control={control.name}>
      <View draw={view} />
      <ProblemLine control={control} />
    </div>
  );
}

/** `"1-5"` is a key for each digit; other keys are as they are written. Keys of labels go first: beside them it is with Alt. */
export function commandsOf(control: Control, runtime: Runtime) {
  const taken = new Set([...runtime.controls.values()].flatMap((one) => one.labels.map((label) => label.hotkey)));
  return Object.entries(control.handle?.hotkeys ?? {}).flatMap(([keys, act]) => {
    const all = digitsIn(keys);
    const held = all.some((key) => taken.has(key)) ? "alt+" : "";
    return all.map((key) => ({
      id: `${control.name}:${key}`, keys: [held + key], group: control.name, owner: control.name, quiet: true, title: () => `${control.name} ${key}`,
      when: () => !runtime.readonly.peek() && runtime.isVisible(control.node),
      run: () => void runtime.guard(control.info, () => act(key)),
    }));
  });
}

function digitsIn(keys: string): string[] {
  const range = /^(\d)-(\d)$/.exec(keys);
  if (!range) return [keys];
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

function ProblemLine({ control }: { control: Control }) {
  const problem = control.problem.value;
  return problem ? (
    <p class="lw-field-error" role="alert">
      <Icon path={icons.warning} />
      {problem}
    </p>
  ) : null;
}

function ObjectHost({ part, runtime }: { part: ObjectPart; runtime: Runtime }) {
  const [frame, place] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const abort = useAbort();
  useLayoutEffect(() => {
    const context = objectContext(runtime, part, abort, drawChildren);
    part.handle = runtime.guard(part.info, () => part.tag!.mount(place.current!, context)) ?? null;
    part.place.value = frame.current;
    return () => {
      const { handle } = part;
      part.place.value = null;
      part.handle = null;
      runtime.guard(part.info, () => handle?.dispose());
    };
  }, []);
  return (
    <div class={`lw-object lw-object--${part.tag?.space ?? "none"}`} data-object={part.name} data-state={part.state.value} ref={frame}>
      <div class="lw-object-place" ref={place} />
      {part.state.value === "failed" && (
        <div class="lw-object-failed" role="alert">
          <Icon path={icons.warning} size={24} />
          <p>{part.message.value}</p>
        </div>
      )}
    </div>
  );
}

function Unknown({ node }: { node: ConfigNode }) {
  return (
    <div class="lw-note lw-note--warn" data-unknown-tag={node.tag}>
      <Icon path={icons.warning} />
      <div>
        <strong>{t("No plugin knows the tag {tag}", { tag: node.tag })}</strong>
        <p>{t("What was labelled with it is kept as it is.")}</p>
        {node.children.length > 0 && drawChildren(node.children)}
      </div>
    </div>
  );
}

function NoModule({ info }: { info: TagInfo }) {
  return <FailureCard failure={{ plugin: info.plugin, tag: info.tag, message: t("The plugin brings no browser module for this tag."), stack: "" }} />;
}
