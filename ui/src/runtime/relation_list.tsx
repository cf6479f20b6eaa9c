/** Relations in words: which regions, which way, with what labels. All that the lines show can be done here by keys. */
import { useContext } from "preact/hooks";

import { t } from "../i18n/index.ts";
import type { Actions } from "./actions.ts";
import { inkOn } from "./colours.ts";
import { RuntimeContext } from "./context.ts";
import { icons } from "./icons.ts";
import { Icon, IconButton } from "./parts.tsx";
import { endsOf, type Direction } from "./relations.ts";

const WAYS: Record<Direction, { icon: string; title: () => string }> = {
  right: { icon: "M2.5 8h11M9.5 4l4 4-4 4", title: () => t("From the first to the second; press to turn") },
  left: { icon: "M13.5 8h-11M6.5 4l-4 4 4 4", title: () => t("From the second to the first; press to turn") },
  bi: { icon: "M2 8h12M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5", title: () => t("Both ways; press to turn") },
};

/** The tab with all of them. */
export function RelationsPanel({ actions }: { actions: Actions }) {
  const { relations } = useContext(RuntimeContext);
  const { areShown, ids } = relations;
  if (ids.value.length === 0) return <p class="lw-outliner-empty">{t("No relations yet. Select a region, press Alt+R, then choose the other one.")}</p>;
  return (
    <>
      <div class="lw-outliner-head">
        <span class="lw-grow" />
        <IconButton small icon={areShown.value ? icons.eye : icons.eyeOff} title={areShown.value ? t("Hide the lines") : t("Show the lines")}
          onClick={() => (areShown.value = !areShown.peek())} />
      </div>
      <RelationList ids={ids.value} actions={actions} />
    </>
  );
}

export function RelationList({ ids, actions }: { ids: readonly string[]; actions: Actions }) {
  return (
    <ul class="lw-relations" aria-label={t("Relations")}>
      {ids.map((id) => <Row key={id} id={id} actions={actions} />)}
    </ul>
  );
}

function Row({ id, actions }: { id: string; actions: Actions }) {
  const { relations, readonly, store } = useContext(RuntimeContext);
  const relation = store.get(id);
  if (!relation) return null;
  const { from, to, direction, labels } = endsOf(relation);
  const way = WAYS[direction];
  const isCurrent = relations.current.value === id;
  return (
    <li class="lw-relation" data-relation={id} data-current={isCurrent || undefined} onPointerEnter={() => (relations.hovered.value = id)}
      onPointerLeave={() => (relations.hovered.value = null)} onFocusIn={() => (relations.current.value = id)} onClick={() => (relations.current.value = id)}>
      <div class="lw-relation-ends">
        <End id={from} actions={actions} />
        <button type="button" class="lw-region-button lw-relation-way" title={way.title()} aria-label={way.title()} disabled={readonly.value} onClick={() => relations.turn(id)}>
          <Icon path={way.icon} />
        </button>
        <End id={to} actions={actions} />
        {!readonly.value && (
          <button type="button" class="lw-region-button" title={t("Delete the relation")} aria-label={t("Delete the relation")} onClick={() => relations.remove(id)}>
            <Icon path={icons.trash} size={14} />
          </button>
        )}
      </div>
      {(labels.length > 0 || (isCurrent && relations.labels.length > 0)) && <Labels id={id} labels={labels} isOpen={isCurrent && !readonly.value} />}
    </li>
  );
}

/** Those it has; of the one that is looked at, all that it might have. */
function Labels({ id, labels, isOpen }: { id: string; labels: readonly string[]; isOpen: boolean }) {
  const { relations } = useContext(RuntimeContext);
  const strange = labels.filter((value) => !relations.labelNamed(value));
  const offered = [...(isOpen ? relations.labels.map((label) => label.value) : labels.filter((value) => !strange.includes(value))), ...strange];
  return (
    <div class="lw-relation-labels" role="group" aria-label={t("Labels of the relation")}>
      {offered.map((value) => {
        const label = relations.labelNamed(value);
        const colours = { "--label": label?.background ?? "var(--lw-text-3)", "--label-ink": label ? inkOn(label.background) : "var(--lw-surface)" };
        return (
          <button key={value} type="button" class="lw-tag lw-tag--small" style={colours} aria-pressed={labels.includes(value)} disabled={!isOpen}
            onClick={() => relations.label(id, value)}>
            <span class="lw-tag-text">{label?.text ?? value}</span>
          </button>
        );
      })}
    </div>
  );
}

function End({ id, actions }: { id: string; actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const region = runtime.store.get(id);
  if (!region) return <span class="lw-relation-end">{t("A region that is gone")}</span>;
  const label = runtime.labelsOf(region)[0];
  const go = (): void => {
    runtime.selection.select([id]);
    actions.focus(id);
  };
  return (
    <button type="button" class="lw-relation-end" title={runtime.spoken(region)} onClick={go}>
      <i class="lw-dot" style={{ background: label?.background ?? "var(--lw-text-3)" }} />
      {runtime.describe(region) || label?.text}
    </button>
  );
}
