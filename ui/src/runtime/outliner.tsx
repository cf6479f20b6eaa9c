/** The list of regions: what a canvas cannot tell a screen reader or a keyboard. */
import { useComputed, useSignal } from "@preact/signals";
import { useContext, useRef } from "preact/hooks";

import type { Region, RowContext } from "../../sdk/labelwright";
import { formatNumber, t } from "../i18n/index.ts";
import type { Actions } from "./actions.ts";
import { withSaid } from "./answers.ts";
import { icons } from "./icons.ts";
import { translatorOf } from "./messages.ts";
import { Icon, IconButton } from "./parts.tsx";
import type { Runtime } from "./runtime.ts";
import { set, settings } from "./settings.ts";
import { RuntimeContext } from "./context.ts";
import { VirtualRows } from "./virtual.tsx";

const ROW = 34;

interface Member {
  id: string;
  number: number;
}

type Line = { kind: "group"; name: string; count: number; colour: string } | ({ kind: "region" } & Member) | { kind: "said"; id: string; control: string; at: number };

/** Regions, each with what controls say of it that are shown in this list. Only where there are such, every region is followed. */
function withRows(runtime: Runtime, members: readonly Member[]): Line[] {
  const shown = [...runtime.controls.values()].filter((control) => control.isInList);
  if (shown.length === 0) return members.map((one) => ({ kind: "region", ...one }));
  return members.flatMap((one): Line[] => {
    const region = runtime.store.get(one.id)!;
    const names = runtime.namesOf(region);
    const rows = shown.filter((control) => control.concerns(region, names)).flatMap((control) =>
      Array.from({ length: control.tag!.rows!.count(control.said(region), control.attrs) }, (_, at): Line => ({ kind: "said", id: one.id, control: control.name, at })),
    );
    return [{ kind: "region", ...one }, ...rows];
  });
}

function linesOf(runtime: Runtime, search: string): Line[] {
  const regions = runtime.listed.value.map((id, index) => ({ id, number: index + 1 }));
  const wanted = search.trim().toLowerCase();
  const found = wanted ? regions.filter((one) => runtime.spoken(runtime.store.get(one.id)!).toLowerCase().includes(wanted)) : regions;
  if (settings.value.groupBy === "none") return withRows(runtime, found);
  const groups = new Map<string, { colour: string; members: typeof regions }>();
  for (const one of found) {
    const region = runtime.store.get(one.id)!;
    const label = runtime.labelsOf(region)[0];
    const name = settings.value.groupBy === "type" ? (region.type ?? region.items[0]?.type ?? "") : (label?.text ?? t("No label"));
    const group = groups.get(name) ?? { colour: label?.background ?? "transparent", members: [] };
    group.members.push(one);
    groups.set(name, group);
  }
  return [...groups].flatMap(([name, { colour, members }]): Line[] => [
    { kind: "group", name, colour, count: members.length },
    ...withRows(runtime, members),
  ]);
}

export function Outliner({ actions }: { actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const search = useSignal("");
  const lines = useComputed(() => linesOf(runtime, search.value));
  const cursor = useComputed(() => lines.value.findIndex((line) => line.kind === "region" && runtime.selection.ids.value.has(line.id)));
  const anchor = useRef<string | null>(null);
  const count = runtime.listed.value.length;

  const go = (event: KeyboardEvent): void => {
    const ids = lines.value.flatMap((line) => (line.kind === "region" ? [line.id] : []));
    const now = ids.findLastIndex((id) => runtime.selection.ids.peek().has(id));
    const steps: Record<string, number> = { ArrowDown: now + 1, ArrowUp: now < 0 ? ids.length - 1 : now - 1, Home: 0, End: ids.length - 1 };
    const next = steps[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const id = ids[Math.max(0, Math.min(ids.length - 1, next))];
    if (!id) return;
    if (event.shiftKey) runtime.selection.select([...runtime.selection.ids.peek(), id]);
    else runtime.selection.select([id]);
    actions.focus(id);
  };

  const choose = (event: MouseEvent, id: string): void => {
    const ids = lines.value.flatMap((line) => (line.kind === "region" ? [line.id] : []));
    if (event.shiftKey && anchor.current) {
      const [from, to] = [ids.indexOf(anchor.current), ids.indexOf(id)].sort((a, b) => a - b) as [number, number];
      runtime.selection.select(ids.slice(from, to + 1));
    } else if (event.ctrlKey || event.metaKey) {
      runtime.selection.toggle(id);
    } else {
      runtime.selection.select([id]);
    }
    if (!event.shiftKey) anchor.current = id;
    actions.focus(id);
  };

  return (
    <section class="lw-outliner" data-regions>
      <div class="lw-outliner-head">
        <select class="lw-select lw-select--small" aria-label={t("Group regions")} value={settings.value.groupBy}
          onChange={(event) => set("groupBy", event.currentTarget.value as "none")}>
          <option value="none">{t("In order")}</option>
          <option value="label">{t("By label")}</option>
          <option value="type">{t("By shape")}</option>
        </select>
        {count > 12 && (
          <input class="lw-input lw-input--small" type="search" placeholder={t("Find a region")} aria-label={t("Find a region")}
            onInput={(event) => (search.value = event.currentTarget.value)} />
        )}
        <span class="lw-grow" />
        <AllButtons actions={actions} />
      </div>
      {count === 0 ? (
        <p class="lw-outliner-empty">{runtime.readonly.value ? t("No regions here.") : t("No regions yet. Choose a label, then mark what it names.")}</p>
      ) : (
        <div class="lw-outliner-list" role="grid" tabIndex={0} aria-label={t("Regions")} aria-rowcount={lines.value.length} aria-multiselectable="true"
          aria-activedescendant={cursor.value >= 0 ? rowId(lines.value[cursor.value]!) : undefined} onKeyDown={go}>
          <VirtualRows count={lines.value.length} rowHeight={ROW} focus={cursor.value}
            row={(index) => {
              const line = lines.value[index];
              if (!line) return null;
              if (line.kind === "said") return <SaidRow key={`${line.id} ${line.control} ${line.at}`} line={line} place={index} />;
              return line.kind === "group" ? (
                <div key={`group ${line.name}`} class="lw-outliner-group" role="row" aria-rowindex={index + 1}>
                  <span role="gridcell">
                    <i class="lw-dot" style={{ background: line.colour }} />
                    {line.name} <small>{formatNumber(line.count)}</small>
                  </span>
                </div>
              ) : <Row key={line.id} line={line} at={index} actions={actions} onChoose={choose} />;
            }} />
        </div>
      )}
    </section>
  );
}

const rowId = (line: Line): string | undefined => (line.kind === "region" ? `lw-row-${line.id}` : undefined);

function AllButtons({ actions }: { actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const listed = runtime.listed.value;
  const hidden = runtime.selection.hidden.value;
  const areHidden = listed.length > 0 && listed.every((id) => hidden.has(id));
  return <IconButton small icon={areHidden ? icons.eyeOff : icons.eye} title={areHidden ? t("Show all") : t("Hide all")} keys={actions.runtime.hotkeys.keyOf("region:visibility-all")} disabled={listed.length === 0} onClick={actions.hideAll} />;
}

interface RowProps {
  line: { id: string; number: number };
  at: number;
  actions: Actions;
  onChoose: (event: MouseEvent, id: string) => void;
}

function Row({ line, at, actions, onChoose }: RowProps) {
  const runtime = useContext(RuntimeContext);
  const { selection } = runtime;
  const region = runtime.store.get(line.id);
  if (!region) return null;
  const isHidden = selection.hidden.value.has(line.id);
  const isLocked = selection.locked.value.has(line.id) || runtime.isLocked(region);
  const isSelected = selection.ids.value.has(line.id);
  const mayEdit = !runtime.readonly.value;
  return (
    <div id={`lw-row-${line.id}`} class="lw-region" role="row" aria-selected={isSelected} aria-rowindex={at + 1} data-hidden={isHidden || undefined}
      data-hovered={selection.hovered.value === line.id || undefined} data-region={line.id}
      onClick={(event) => onChoose(event, line.id)}
      onPointerEnter={() => (selection.hovered.value = line.id)} onPointerLeave={() => (selection.hovered.value = null)}>
      <RowText region={region} number={line.number} />
      <span class="lw-region-buttons" role="gridcell" onClick={(event) => event.stopPropagation()}>
        {mayEdit && <RowButton icon={isLocked ? icons.lock : icons.lockOpen} title={isLocked ? t("Unlock") : t("Lock")} on={isLocked} act={() => actions.lock([line.id])} />}
        <RowButton icon={isHidden ? icons.eyeOff : icons.eye} title={isHidden ? t("Show") : t("Hide")} on={isHidden} act={() => actions.hide([line.id])} />
        {mayEdit && <RowButton icon={icons.trash} title={t("Delete")} act={() => actions.remove([line.id])} />}
      </span>
    </div>
  );
}

/** What a control says of a region, to be changed in the list itself. */
function SaidRow({ line, place }: { line: { id: string; control: string; at: number }; place: number }) {
  const runtime = useContext(RuntimeContext);
  const control = runtime.controls.get(line.control);
  const region = runtime.store.get(line.id);
  if (!control?.tag?.rows || !region) return null;
  const context: RowContext = {
    said: control.said(region), name: control.name, attrs: control.attrs, t: translatorOf(control.info), readonly: runtime.readonly.value || runtime.isLocked(region),
    meta: () => control.metaOf(region),
    say: (value, meta) => runtime.store.edit(runtime.editLabel(control), (tx) => tx.set(withSaid(runtime.store.peek(line.id) ?? region, control, value, runtime.geometryOf(region), meta))),
  };
  return (
    <div class="lw-region-said" role="row" aria-rowindex={place + 1} onKeyDown={(event) => (/^(?:Arrow|Home|End)/.test(event.key) ? event.stopPropagation() : undefined)}
      onFocusIn={() => runtime.selection.select([line.id])}>
      <span role="gridcell">{runtime.guard(control.info, () => control.tag!.rows!.row(context, line.at)) ?? null}</span>
    </div>
  );
}

function RowText({ region, number }: { region: Region; number: number }) {
  const runtime = useContext(RuntimeContext);
  const labels = runtime.labelsOf(region);
  const type = runtime.regionType(region);
  const score = region.items.find((item) => typeof item.score === "number")?.score;
  const note = (region.items[0]?.meta?.text as string[] | undefined)?.[0];
  return (
    <span class="lw-region-text" role="gridcell">
      <small class="lw-region-number">{formatNumber(number)}</small>
      <span class="lw-region-icon" style={{ "--label": labels[0]?.background ?? "var(--lw-text-3)" }}>
        <Icon path={type?.icon ?? icons.info} size={14} />
      </span>
      <span class="lw-region-name">{labels.map((label) => label.text).join(", ") || (type ? t("No label") : t("Unknown: {type}", { type: region.items[0]?.type ?? "" }))}</span>
      <span class="lw-region-what">{note ?? runtime.describe(region)}</span>
      {region.items.some((item) => item.origin === "prediction") && <span class="lw-region-mark" title={t("From a prediction")}><Icon path={icons.spark} size={12} /></span>}
      {typeof score === "number" && <small class="lw-region-score">{formatNumber(score, { maximumFractionDigits: 2 })}</small>}
    </span>
  );
}

function RowButton({ icon, title, on, act }: { icon: string; title: string; on?: boolean; act: () => void }) {
  return (
    <button type="button" class="lw-region-button" title={title} aria-label={title} aria-pressed={on} tabIndex={-1} onClick={act}>
      <Icon path={icon} size={14} />
    </button>
  );
}
