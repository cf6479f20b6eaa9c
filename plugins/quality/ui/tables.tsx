/** The tables of the agreement page: who agrees with whom, what is taken for what, and about which tasks least. */
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, icons, type PageContext } from "labelwright";

import { colourOf, greatest, nameOf, shortName, strength } from "./shares.ts";
import type { Confusion, Control, Overview, Person, TaskPairs } from "./types.ts";

export type People = ReadonlyMap<number, Person>;

export const percent = (ctx: PageContext, share: number): string => ctx.formatNumber(share, { style: "percent", maximumFractionDigits: 0 });

/** Who agrees how far with whom. A pair can be chosen, to see what the two call differently. */
export function PeopleTable({ ctx, seen, people, pair, onPair }: { ctx: PageContext; seen: Overview; people: People; pair: readonly [number, number] | null; onPair: (pair: [number, number] | null) => void }) {
  const names = seen.users.map((user) => nameOf(people.get(user.id), user.id));
  return (
    <div class="lw-table-frame">
      <table class="lw-table agreement-matrix">
        <thead><tr><td><span class="lw-hidden-visually">{ctx.t("Person")}</span></td>{names.map((name, at) => <th key={at} scope="col" title={name}>{shortName(name)}</th>)}</tr></thead>
        <tbody>
          {seen.users.map((one, i) => (
            <tr key={one.id}>
              <th scope="row" title={names[i]}>{shortName(names[i]!)}</th>
              {seen.users.map((other, j) => {
                const share = seen.matrix[i]?.[j] ?? null;
                const n = seen.common_tasks[i]?.[j] ?? 0;
                if (i === j || share === null) return <td key={other.id} class="lw-muted">{i === j ? "" : "–"}</td>;
                const words = ctx.t("{one} and {other}: {share} over {n} tasks", { one: names[i]!, other: names[j]!, share: percent(ctx, share), n });
                const isChosen = pair?.[0] === one.id && pair[1] === other.id;
                return (
                  <td key={other.id} style={{ background: colourOf(share) }}>
                    <button type="button" class="agreement-cell lw-digits" aria-pressed={isChosen} aria-label={words} title={words} onClick={() => onPair(isChosen ? null : [one.id, other.id])}>{percent(ctx, share)}</button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is taken for what, of one control; by all, or by two people. */
export function LabelTable({ ctx, seen, people, pair }: { ctx: PageContext; seen: Overview; people: People; pair: readonly [number, number] | null }) {
  const controls = seen.controls.filter((one) => one.pairs > 0);
  const [control, setControl] = useState(controls[0]?.name ?? "");
  const [found, setFound] = useState<Confusion | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const query = { from_name: control, ...(pair ? { users: pair.join(",") } : {}) };
    ctx.api.get<Confusion>(`/api/projects/${ctx.project.id}/analytics/data-quality/agreement-analysis/confusion-matrix`, { query, signal: ctx.signal })
      .then((table) => { setFound(table); setError(null); }, (problem) => { if (!ctx.signal.aborted) setError(problem); });
  }, [control, pair?.join(), seen]);
  const [rows, columns] = pair ? pair.map((id) => nameOf(people.get(id), id)) : [];
  return (
    <>
      <div class="lw-row lw-row--wrap">
        {controls.length > 1 && (
          <label class="lw-row"><span class="lw-label">{ctx.t("Control")}</span>
            <select class="lw-select lw-select--small" value={control} onChange={(event) => setControl(event.currentTarget.value)}>{controls.map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}</select>
          </label>
        )}
        <p class="lw-small lw-muted">{pair ? ctx.t("Rows: {rows}. Columns: {columns}.", { rows, columns }) : ctx.t("All pairs of people together. Choose a pair above to see theirs.")}</p>
      </div>
      {error !== null && <p class="lw-field-error" role="alert">{ctx.describe(error)}</p>}
      {found && (found.labels.length === 0 ? <p class="lw-muted">{ctx.t("Answers to this control have no labels to compare.")}</p> : <Labels ctx={ctx} found={found} />)}
    </>
  );
}

function Labels({ ctx, found }: { ctx: PageContext; found: Confusion }) {
  const most = greatest(found.matrix);
  const said = (label: string) => label || ctx.t("(nothing)");
  return (
    <div class="lw-table-frame">
      <table class="lw-table agreement-matrix">
        <thead><tr><td><span class="lw-hidden-visually">{ctx.t("Label")}</span></td>{found.labels.map((label) => <th key={label} scope="col" title={said(label)}>{said(label)}</th>)}</tr></thead>
        <tbody>
          {found.labels.map((label, i) => (
            <tr key={label}>
              <th scope="row" title={said(label)}>{said(label)}</th>
              {found.matrix[i]!.map((n, j) => {
                const depth = Math.round(30 * (i === j ? strength(n, most.same) : strength(n, most.other)));
                const colour = i === j ? "--lw-good" : "--lw-bad";
                return <td key={j} class="lw-digits" style={n ? { background: `color-mix(in oklab, var(${colour}) ${depth}%, var(--lw-surface))` } : undefined}>{n ? ctx.formatNumber(n) : <span class="lw-muted">·</span>}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The tasks that people agree least about. */
export function TaskTable({ ctx, tasks, people, controls }: { ctx: PageContext; tasks: readonly TaskPairs[]; people: People; controls: readonly Control[] }) {
  const shown = controls.filter((one) => one.pairs > 0);
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div class="lw-table-frame">
      <table class="lw-table">
        <thead><tr><th>{ctx.t("Task")}</th><th>{ctx.t("Agreement")}</th><th>{ctx.t("Pairs")}</th></tr></thead>
        <tbody>
          {tasks.map((one) => (
            <Fragment key={one.task}>
              <tr>
                <td><a href={ctx.url(`/projects/${ctx.project.id}/data?task=${one.task}`)}>{one.task}</a></td>
                <td class="lw-digits">{percent(ctx, one.agreement)}</td>
                <td><button type="button" class="lw-button lw-button--quiet lw-button--small" aria-expanded={open === one.task} aria-label={ctx.t("{n} pairs of task {task}", { n: ctx.formatNumber(one.pairs.length), task: one.task })} onClick={() => setOpen(open === one.task ? null : one.task)}><span>{ctx.formatNumber(one.pairs.length)}</span><Icon path={icons.down} /></button></td>
              </tr>
              {open === one.task && (
                <tr><td colSpan={3}>
                  <ul class="agreement-pairs">
                    {one.pairs.map(({ users: [a, b], agreement, controls: shares }) => (
                      <li key={`${a}-${b}`}>
                        <span>{nameOf(people.get(a), a)} · {nameOf(people.get(b), b)}</span>
                        <strong class="lw-digits">{percent(ctx, agreement)}</strong>
                        {shown.length > 1 && <span class="lw-muted lw-small">{Object.entries(shares).map(([name, share]) => `${name} ${percent(ctx, share)}`).join(" · ")}</span>}
                      </li>
                    ))}
                  </ul>
                </td></tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
