/** The topic "Agreement" of a project's settings: how far people agree, and where they do not. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, icons, type PageContext, type PageModule } from "labelwright";

import rules from "./agreement.css?inline";
import { Controls } from "./controls.tsx";
import { LabelTable, PeopleTable, percent, TaskTable, type People } from "./tables.tsx";
import type { Overview, Person, TaskPairs } from "./types.ts";

const ASK_AGAIN_MS = 1500;
/** So long after something was asked for, its job may not have begun. */
const BEGINS_MS = 10_000;

function Bands({ ctx, counts }: { ctx: PageContext; counts: number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <ul class="agreement-bands" aria-label={ctx.t("Tasks by agreement")}>
      {counts.map((n, at) => {
        const words = ctx.t("{from} to {to}: {n} tasks", { from: percent(ctx, at / 10), to: percent(ctx, (at + 1) / 10), n: ctx.formatNumber(n) });
        return <li key={at} title={words} aria-label={words} data-empty={n === 0 ? "" : undefined}><i style={{ height: `${Math.round((100 * n) / most)}%` }} /><span aria-hidden="true">{at * 10}</span></li>;
      })}
    </ul>
  );
}

function Whole({ ctx, seen, onRecompute }: { ctx: PageContext; seen: Overview; onRecompute: () => void }) {
  return (
    <section class="app-panel" aria-label={ctx.t("Agreement")}>
      <header class="app-panel-head"><h2>{ctx.t("Agreement")}</h2><p>{ctx.t("How alike the answers are that several people gave to the same task, in the mean of all pairs of people. Skipped tasks do not count.")}</p></header>
      <div class="app-panel-body">
        {seen.problems.map((one) => (
          <div key={one.control} class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.t("{control} is not compared: the metric {metric} failed ({error}). The Plugins page says more.", { ...one })}</div></div>
        ))}
        {seen.agreement === null ? <Nothing ctx={ctx} /> : (
          <div class="agreement-sum">
            <div class="agreement-whole"><strong>{percent(ctx, seen.agreement)}</strong><span class="lw-muted lw-small">{ctx.t("over {n} tasks", { n: ctx.formatNumber(seen.tasks) })}</span></div>
            <Bands ctx={ctx} counts={seen.histogram} />
          </div>
        )}
      </div>
      <footer class="app-panel-foot">
        <span class="lw-small lw-muted lw-grow" role="status">{seen.waiting > 0 ? ctx.t("{n} tasks are still to be compared", { n: ctx.formatNumber(seen.waiting) }) : ""}</span>
        <button type="button" class="lw-button" onClick={onRecompute}><span>{ctx.t("Compare all tasks anew")}</span></button>
      </footer>
    </section>
  );
}

function Nothing({ ctx }: { ctx: PageContext }) {
  return (
    <div class="agreement-none">
      <p>{ctx.t("No task has been answered by two people yet.")}</p>
      <p class="lw-muted">{ctx.t("Let each task be labelled by two people or more: the number stands under Annotation.")}</p>
      <div><a class="lw-button lw-button--small" href={ctx.url(`/projects/${ctx.project.id}/settings/annotation`)}><span>{ctx.t("Annotations per task")}</span></a></div>
    </div>
  );
}

function Agreement({ ctx }: { ctx: PageContext }) {
  const path = `/api/projects/${ctx.project.id}/agreement`;
  const [seen, setSeen] = useState<Overview | null>(null);
  const [tasks, setTasks] = useState<TaskPairs[]>([]);
  const [people, setPeople] = useState<People>(new Map());
  const [pair, setPair] = useState<[number, number] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isAsked, setAsked] = useState(false);
  const load = async () => {
    try {
      const [overview, least] = await Promise.all([ctx.api.get<Overview>(path, { signal: ctx.signal }), ctx.api.get<TaskPairs[]>(`${path}/tasks`, { signal: ctx.signal })]);
      setSeen(overview);
      setTasks(least);
      setError(null);
    } catch (problem) {
      if (!ctx.signal.aborted) setError(problem);
    }
  };
  useEffect(() => {
    void load();
    ctx.api.get<Person[]>("/api/users/", { signal: ctx.signal }).then((users) => setPeople(new Map(users.map((user) => [user.id, user]))), () => undefined);
  }, []);
  // While tasks are being compared, the figures move.
  const isWaiting = isAsked || (seen?.waiting ?? 0) > 0;
  useEffect(() => {
    if (!isAsked) return;
    const timer = setTimeout(() => setAsked(false), BEGINS_MS);
    return () => clearTimeout(timer);
  }, [isAsked]);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void load(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  const recompute = async () => {
    try {
      await ctx.api.post(`${path}/recompute`);
      ctx.toast(ctx.t("All tasks are compared anew."));
      setAsked(true);
    } catch (problem) {
      setError(problem);
    }
  };
  if (seen === null) return error === null ? <p class="lw-muted" role="status">{ctx.t("Loading…")}</p> : <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>;
  return (
    <div class="lw-stack lw-stack--loose">
      {error !== null && <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>}
      <Whole ctx={ctx} seen={seen} onRecompute={() => void recompute()} />
      {seen.users.length > 0 && (
        <section class="app-panel" aria-label={ctx.t("Who agrees with whom")}>
          <header class="app-panel-head"><h2>{ctx.t("Who agrees with whom")}</h2></header>
          <div class="app-panel-body"><PeopleTable ctx={ctx} seen={seen} people={people} pair={pair} onPair={setPair} /></div>
        </section>
      )}
      {seen.controls.some((one) => one.pairs > 0) && (
        <section class="app-panel" aria-label={ctx.t("What is taken for what")}>
          <header class="app-panel-head"><h2>{ctx.t("What is taken for what")}</h2></header>
          <div class="app-panel-body"><LabelTable ctx={ctx} seen={seen} people={people} pair={pair} /></div>
        </section>
      )}
      {tasks.length > 0 && (
        <section class="app-panel" aria-label={ctx.t("Least agreed on")}>
          <header class="app-panel-head"><h2>{ctx.t("Least agreed on")}</h2></header>
          <div class="app-panel-body"><TaskTable ctx={ctx} tasks={tasks} people={people} controls={seen.controls} /></div>
        </section>
      )}
      <Controls ctx={ctx} seen={seen} onSaved={(answer) => { setSeen(answer); setAsked(true); }} />
    </div>
  );
}

export default {
  api: 1,
  kind: "page",
  page: "agreement",
  mount(el: HTMLElement, ctx: PageContext) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
    render(<Agreement ctx={ctx} />, el);
    return {
      dispose() {
        render(null, el);
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      },
    };
  },
} satisfies PageModule;
