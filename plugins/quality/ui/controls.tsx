/** How answers are compared: for each control a metric, its parameters and its weight. */
import { useState } from "preact/hooks";
import { Icon, icons, type PageContext } from "labelwright";

import { percent } from "./tables.tsx";
import type { Control, Metric, Overview, Param } from "./types.ts";

interface Draft {
  metric: string;
  params: Record<string, unknown>;
  weight: number | null;
}

const draftOf = (control: Control): Draft => ({ metric: control.metric ?? "", params: control.params, weight: control.weight });

/** A text of a metric, which may be another plugin's. */
const said = (ctx: PageContext, metric: Metric, text: string): string => metric.messages[ctx.locale]?.[text] ?? ctx.t(text);

function ParamField({ words, param, value, onValue }: { words: string; param: Param; value: unknown; onValue: (value: unknown) => void }) {
  if (param.type === "bool") {
    return <label><span class="lw-hint">{words}</span><input class="lw-switch" type="checkbox" role="switch" checked={value === true} aria-checked={value === true} onChange={(event) => onValue(event.currentTarget.checked)} /></label>;
  }
  if (param.choices) {
    return (
      <label><span class="lw-hint">{words}</span>
        <select class="lw-select lw-select--small" value={String(value)} onChange={(event) => onValue(event.currentTarget.value)}>{param.choices.map((one) => <option key={one}>{one}</option>)}</select>
      </label>
    );
  }
  if (param.type === "string") {
    return <label><span class="lw-hint">{words}</span><input class="lw-input" type="text" value={String(value ?? "")} onInput={(event) => onValue(event.currentTarget.value)} /></label>;
  }
  return (
    <label><span class="lw-hint">{words}</span>
      <input
        class="lw-input" type="number" step={param.type === "int" ? 1 : "any"} min={param.minimum ?? undefined} max={param.maximum ?? undefined} value={String(value ?? "")}
        onInput={(event) => onValue(Number.isNaN(event.currentTarget.valueAsNumber) ? "" : event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}

const defaultsOf = (metric: Metric | undefined): Record<string, unknown> => Object.fromEntries(Object.entries(metric?.params ?? {}).map(([name, param]) => [name, param.default]));

function ControlRow({ ctx, control, draft, change }: { ctx: PageContext; control: Control; draft: Draft; change: (changes: Partial<Draft>) => void }) {
  const metric = control.metrics.find((one) => one.name === draft.metric);
  return (
    <tr>
      <td><strong>{control.name}</strong><br /><code class="lw-small lw-muted">{control.tag}</code></td>
      <td>
        {control.metrics.length === 0 ? <span class="lw-muted">{ctx.t("Not compared: no metric serves it")}</span> : (
          <>
            <select
              class="lw-select" aria-label={ctx.t("Metric of {control}", { control: control.name })} value={draft.metric}
              onChange={(event) => { const { value } = event.currentTarget; change({ metric: value, params: defaultsOf(control.metrics.find((one) => one.name === value)) }); }}
            >
              {control.metrics.map((one) => <option key={one.name} value={one.name}>{said(ctx, one, one.title)}</option>)}
            </select>
            {metric && <p class="lw-hint">{said(ctx, metric, metric.help)}</p>}
            {metric && Object.keys(metric.params).length > 0 && (
              <div class="agreement-params">
                {Object.entries(metric.params).map(([name, param]) => (
                  <ParamField key={name} words={param.help ? said(ctx, metric, param.help) : name} param={param} value={draft.params[name] ?? param.default} onValue={(value) => change({ params: { ...draft.params, [name]: value } })} />
                ))}
              </div>
            )}
          </>
        )}
      </td>
      <td>
        <input
          class="lw-input" type="number" min={0} step="any" required aria-label={ctx.t("Weight of {control}", { control: control.name })} value={draft.weight ?? ""} disabled={control.metrics.length === 0}
          onInput={(event) => change({ weight: Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber })}
        />
      </td>
      <td class="lw-digits" title={ctx.t("{n} pairs of answers", { n: ctx.formatNumber(control.pairs) })}>{control.agreement === null ? "–" : percent(ctx, control.agreement)}</td>
    </tr>
  );
}

/** The form. `onSaved` gets what the server says afterwards. */
export function Controls({ ctx, seen, onSaved }: { ctx: PageContext; seen: Overview; onSaved: (seen: Overview) => void }) {
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const of = (control: Control): Draft => drafts[control.name] ?? draftOf(control);
  const changed = seen.controls.filter((one) => JSON.stringify(of(one)) !== JSON.stringify(draftOf(one)));
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const weighed = changed.filter((one) => of(one).weight !== one.weight);
      if (weighed.length > 0) await saveWeights(ctx, Object.fromEntries(weighed.map((one) => [one.name, of(one).weight ?? 1])));
      const controls = Object.fromEntries(changed.map((one) => [one.name, { metric: of(one).metric, params: of(one).params }]));
      const answer = await ctx.api.patch<Overview>(`/api/projects/${ctx.project.id}/agreement`, { controls });
      setDrafts({});
      ctx.toast(ctx.t("Saved. All tasks are compared anew."), "good");
      onSaved(answer);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="app-panel" onSubmit={save} aria-label={ctx.t("How answers are compared")}>
      <header class="app-panel-head"><h2>{ctx.t("How answers are compared")}</h2><p>{ctx.t("Each control counts by its weight; with 0 it does not count.")}</p></header>
      <div class="app-panel-body">
        {error !== null && <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>}
        {seen.controls.length === 0 ? <p class="lw-muted">{ctx.t("The labelling interface asks nothing yet.")}</p> : (
          <div class="lw-table-frame">
            <table class="lw-table agreement-controls">
              <thead><tr><th>{ctx.t("Control")}</th><th>{ctx.t("Metric")}</th><th>{ctx.t("Weight")}</th><th>{ctx.t("Agreement")}</th></tr></thead>
              <tbody>{seen.controls.map((one) => <ControlRow key={one.name} ctx={ctx} control={one} draft={of(one)} change={(changes) => setDrafts((old) => ({ ...old, [one.name]: { ...of(one), ...changes } }))} />)}</tbody>
            </table>
          </div>
        )}
      </div>
      <footer class="app-panel-foot">
        {changed.length > 0 && <button type="button" class="lw-button" onClick={() => setDrafts({})}><span>{ctx.t("Undo changes")}</span></button>}
        <button type="submit" class="lw-button lw-button--primary" data-busy={isBusy ? "" : undefined} disabled={isBusy || changed.length === 0}><span>{ctx.t("Save")}</span>{isBusy && <i class="lw-spinner" />}</button>
      </footer>
    </form>
  );
}

/** Weights are the project's own, under Label Studio's name; those of labels stay as they are. */
async function saveWeights(ctx: PageContext, overall: Record<string, number>): Promise<void> {
  const path = `/api/projects/${ctx.project.id}/`;
  const { control_weights: before } = await ctx.api.get<{ control_weights: Record<string, Record<string, unknown>> | null }>(path);
  const weights = Object.entries(overall).map(([name, weight]) => [name, { ...before?.[name], overall: weight }]);
  await ctx.api.patch(path, { control_weights: { ...before, ...Object.fromEntries(weights) } });
}
