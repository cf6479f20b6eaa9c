/** What is known of the selected region, editable as numbers and words. */
import { useContext, useEffect, useRef } from "preact/hooks";

import type { Field, Region } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import type { Actions } from "./actions.ts";
import { inkOn } from "./colours.ts";
import { icons } from "./icons.ts";
import { translatorOf } from "./messages.ts";
import { IconButton } from "./parts.tsx";
import { RelationList } from "./relation_list.tsx";
import { RuntimeContext } from "./context.ts";

export function Details({ actions }: { actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const regions = runtime.selection.regions.value;
  if (regions.length === 0) return null;
  return (
    <section class="lw-details" aria-label={t("Selected")}>
      {regions.length === 1 ? <One region={regions[0]!} actions={actions} /> : <Several count={regions.length} actions={actions} />}
    </section>
  );
}

function Several({ count, actions }: { count: number; actions: Actions }) {
  return (
    <div class="lw-details-head">
      <strong>{t("{n} regions selected", { n: count })}</strong>
      <Buttons actions={actions} />
    </div>
  );
}

function Buttons({ actions }: { actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const isReadonly = runtime.readonly.value;
  return (
    <span class="lw-row">
      <IconButton small icon={icons.copy} title={t("Duplicate")} keys={actions.runtime.hotkeys.keyOf("region:duplicate")} disabled={isReadonly} onClick={actions.duplicate} />
      <IconButton small icon={icons.trash} title={t("Delete")} keys={actions.runtime.hotkeys.keyOf("region:delete")} disabled={isReadonly} onClick={() => actions.remove()} />
    </span>
  );
}

function One({ region, actions }: { region: Region; actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const type = runtime.regionType(region);
  const labels = runtime.labelsOf(region);
  const isLocked = runtime.isLocked(region) || runtime.selection.locked.value.has(region.id);
  return (
    <>
      <div class="lw-details-head">
        <span class="lw-details-labels">
          {labels.length === 0 && <span class="lw-chip">{t("No label")}</span>}
          {labels.map((label) => (
            <span key={label.value} class="lw-chip" style={{ background: label.background, color: inkOn(label.background) }}>{label.text}</span>
          ))}
        </span>
        <span class="lw-row">
          {type && <Relate />}
          <Buttons actions={actions} />
        </span>
      </div>
      {type?.fields && <Numbers region={region} fields={type.fields} isLocked={isLocked} />}
      {typeof region.items[0]?.value?.text === "string" && <blockquote class="lw-details-quote">{region.items[0].value.text}</blockquote>}
      {!type && <pre class="lw-details-raw">{JSON.stringify(region.items, null, 1)}</pre>}
      {type && <Note region={region} isLocked={isLocked} actions={actions} />}
      {type && <Related region={region} actions={actions} />}
    </>
  );
}

/** Begin a relation here, or leave it again. */
function Relate() {
  const { relations, readonly, hotkeys } = useContext(RuntimeContext);
  const isWaiting = relations.from.value !== null;
  return (
    <IconButton small icon={icons.link} title={t("Relate the region to another")} keys={hotkeys.keyOf("region:relation")} pressed={isWaiting} disabled={readonly.value}
      onClick={() => (isWaiting ? relations.cancel() : relations.start())} />
  );
}

function Related({ region, actions }: { region: Region; actions: Actions }) {
  const { relations } = useContext(RuntimeContext);
  const ids = relations.of(region.id);
  return ids.length > 0 ? <RelationList ids={ids} actions={actions} /> : null;
}

function Numbers({ region, fields, isLocked }: { region: Region; fields: readonly Field[]; isLocked: boolean }) {
  const runtime = useContext(RuntimeContext);
  const words = translatorOf(runtime.controls.get(region.items[0]?.from_name ?? "")?.info ?? null);
  const write = (field: Field, text: string): void => {
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) return;
    const kept = Math.min(field.max ?? Infinity, Math.max(field.min ?? -Infinity, number));
    runtime.store.edit(t("Change {field}", { field: words(field.label) }), (tx) => tx.setValue(region.id, { ...region.value, [field.key]: kept }));
  };
  return (
    <div class="lw-details-numbers">
      {fields.map((field) => (
        <label key={field.key} class="lw-number">
          <span>{words(field.label)}</span>
          <input type="number" step={field.step ?? "any"} min={field.min} max={field.max} readOnly={isLocked}
            value={rounded(region.value?.[field.key])} onChange={(event) => write(field, event.currentTarget.value)} />
          {field.unit && <span class="lw-number-unit">{field.unit}</span>}
        </label>
      ))}
    </div>
  );
}

const rounded = (value: unknown): number => Math.round(Number(value ?? 0) * 1000) / 1000;

function Note({ region, isLocked, actions }: { region: Region; isLocked: boolean; actions: Actions }) {
  const runtime = useContext(RuntimeContext);
  const field = useRef<HTMLTextAreaElement>(null);
  const now = ((region.items[0]?.meta?.text as string[] | undefined) ?? [])[0] ?? "";
  useEffect(() => {
    actions.focusNote = () => field.current?.focus();
    return () => (actions.focusNote = null);
  }, []);
  const write = (text: string): void => {
    if (text === now) return;
    runtime.store.edit(t("Write a note"), (tx) => {
      const [first, ...others] = region.items;
      const meta: Record<string, unknown> = { ...first!.meta, text: [text] };
      if (!text) delete meta.text;
      tx.set({ ...region, items: [{ ...first!, meta }, ...others] });
    });
  };
  return (
    <label class="lw-details-note">
      <span>{t("Note")}</span>
      <textarea ref={field} class="lw-textarea" rows={1} readOnly={isLocked} value={now} onBlur={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey && !event.isComposing)) event.currentTarget.blur();
        }} />
    </label>
  );
}

