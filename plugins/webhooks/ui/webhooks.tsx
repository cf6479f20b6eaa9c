/** The topic "Webhooks" of a project's settings: who is told, of what, and what became of it. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, icons, type PageContext, type PageModule } from "labelwright";

interface Webhook {
  id: number;
  project: number | null;
  url: string;
  send_payload: boolean;
  send_for_all_actions: boolean;
  headers: Record<string, string>;
  is_active: boolean;
  actions: string[];
}

interface Action {
  name: string;
  "organization-only": boolean;
}

interface Delivery {
  id: number;
  action: string;
  status: "pending" | "delivered" | "failed" | "skipped";
  attempts: number;
  response_code: number | null;
  error: string;
  duration_ms: number | null;
  created_at: string;
}

interface Draft {
  url: string;
  is_active: boolean;
  send_payload: boolean;
  send_for_all_actions: boolean;
  actions: string[];
  headers: [name: string, value: string][];
  secret: string;
}

const PATH = "/api/webhooks/";
const PER_PAGE = 20;
const ASK_AGAIN_MS = 1500;

const draftOf = (hook: Webhook | null): Draft => ({
  url: hook?.url ?? "", is_active: hook?.is_active ?? true, send_payload: hook?.send_payload ?? true, send_for_all_actions: hook?.send_for_all_actions ?? true,
  actions: hook?.actions ?? [], headers: Object.entries(hook?.headers ?? {}), secret: "",
});

function Problem({ texts }: { texts: string[] }) {
  return texts.length > 0 ? <p class="lw-field-error" role="alert">{texts.join(" ")}</p> : null;
}

function Switch({ label, hint, checked, onValue }: { label: string; hint?: string; checked: boolean; onValue: (checked: boolean) => void }) {
  return (
    <label class="app-switch-row">
      <span class="lw-check-text"><span class="lw-label">{label}</span>{hint && <span class="lw-hint">{hint}</span>}</span>
      <input class="lw-switch" type="checkbox" role="switch" checked={checked} aria-checked={checked} onChange={(event) => onValue(event.currentTarget.checked)} />
    </label>
  );
}

function Headers({ ctx, draft, change }: { ctx: PageContext; draft: Draft; change: (changes: Partial<Draft>) => void }) {
  const put = (at: number, row: [string, string]) => change({ headers: draft.headers.with(at, row) });
  return (
    <fieldset class="lw-field">
      <legend class="lw-label">{ctx.t("Headers")}</legend>
      {draft.headers.map(([name, value], at) => (
        <div key={at} class="lw-row">
          <input class="lw-input" aria-label={ctx.t("Name of header {n}", { n: at + 1 })} value={name} autocomplete="off" spellcheck={false} onInput={(event) => put(at, [event.currentTarget.value, value])} />
          <input class="lw-input" aria-label={ctx.t("Value of header {n}", { n: at + 1 })} value={value} autocomplete="off" spellcheck={false} onInput={(event) => put(at, [name, event.currentTarget.value])} />
          <button type="button" class="lw-button lw-button--quiet lw-button--small lw-button--icon" aria-label={ctx.t("Remove header {n}", { n: at + 1 })} onClick={() => change({ headers: draft.headers.toSpliced(at, 1) })}><Icon path={icons.close} /></button>
        </div>
      ))}
      <div><button type="button" class="lw-button lw-button--small" disabled={draft.headers.length >= 10} onClick={() => change({ headers: [...draft.headers, ["", ""]] })}><Icon path={icons.plus} /><span>{ctx.t("Add a header")}</span></button></div>
    </fieldset>
  );
}

/** One receiver's settings: of a new one (`hook` is null) or one that is there. */
function Form({ ctx, hook, onDone, onCancel }: { ctx: PageContext; hook: Webhook | null; onDone: () => void; onCancel: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(hook));
  const [actions, setActions] = useState<[string, Action][]>([]);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    ctx.api.get<Record<string, Action>>(`${PATH}info/`, { query: { "organization-only": false }, signal: ctx.signal }).then((all) => setActions(Object.entries(all)), setError);
  }, []);
  const change = (changes: Partial<Draft>) => setDraft((old) => ({ ...old, ...changes }));
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const { secret, headers, ...rest } = draft;
    const body = { ...rest, headers: Object.fromEntries(headers.filter(([name]) => name.trim())), ...(secret ? { secret } : {}) };
    try {
      if (hook) await ctx.api.patch(`${PATH}${hook.id}/`, body);
      else await ctx.api.post(PATH, { ...body, project: ctx.project.id });
      onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const known = ["url", "headers", "actions", "secret"];
  const isShownAtField = error !== null && known.some((field) => ctx.fieldErrors(error, field).length > 0);
  return (
    <form class="app-panel" onSubmit={save}>
      <header class="app-panel-head"><h2>{hook ? ctx.t("Change the webhook") : ctx.t("New webhook")}</h2></header>
      <div class="app-panel-body">
        {error !== null && !isShownAtField && <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>}
        <label class="lw-field">
          <span class="lw-label">{ctx.t("Address")}</span>
          <input class="lw-input" type="url" required autofocus placeholder="https://" value={draft.url} onInput={(event) => change({ url: event.currentTarget.value })} aria-invalid={ctx.fieldErrors(error, "url").length > 0 || undefined} />
          <Problem texts={ctx.fieldErrors(error, "url")} />
          <span class="lw-hint">{ctx.t("Each event is sent there by POST, as JSON.")}</span>
        </label>
        <Switch label={ctx.t("At work")} checked={draft.is_active} onValue={(is_active) => change({ is_active })} />
        <Switch label={ctx.t("Send the data too")} hint={ctx.t("Otherwise only the name of what happened is sent.")} checked={draft.send_payload} onValue={(send_payload) => change({ send_payload })} />
        <Switch label={ctx.t("Tell of everything")} checked={draft.send_for_all_actions} onValue={(send_for_all_actions) => change({ send_for_all_actions })} />
        {!draft.send_for_all_actions && (
          <fieldset class="lw-field">
            <legend class="lw-label">{ctx.t("Tell of")}</legend>
            {actions.map(([id, action]) => (
              <label key={id} class="lw-check">
                <input
                  type="checkbox" checked={draft.actions.includes(id)}
                  onChange={(event) => change({ actions: event.currentTarget.checked ? [...draft.actions, id] : draft.actions.filter((one) => one !== id) })}
                />
                <span>{ctx.t(action.name)}</span>
              </label>
            ))}
            <Problem texts={ctx.fieldErrors(error, "actions")} />
          </fieldset>
        )}
        <Headers ctx={ctx} draft={draft} change={change} />
        <Problem texts={ctx.fieldErrors(error, "headers")} />
        <label class="lw-field">
          <span class="lw-label">{ctx.t("Secret")}</span>
          <input class="lw-input" type="password" autocomplete="new-password" value={draft.secret} onInput={(event) => change({ secret: event.currentTarget.value })} />
          <span class="lw-hint">{hook ? ctx.t("Left empty, the one of before stays. Each delivery is signed with it.") : ctx.t("Each delivery is signed with it, so that the receiver knows it is ours.")}</span>
          <Problem texts={ctx.fieldErrors(error, "secret")} />
        </label>
      </div>
      <footer class="app-panel-foot">
        <button type="button" class="lw-button" onClick={onCancel}><span>{ctx.t("Cancel")}</span></button>
        <button type="submit" class="lw-button lw-button--primary" data-busy={isBusy ? "" : undefined} disabled={isBusy}><span>{ctx.t("Save")}</span>{isBusy && <i class="lw-spinner" />}</button>
      </footer>
    </form>
  );
}

function Status({ ctx, delivery }: { ctx: PageContext; delivery: Delivery }) {
  const kinds = { delivered: "good", failed: "bad", pending: "accent", skipped: "warn" } as const;
  const names = { delivered: ctx.t("Delivered"), failed: ctx.t("Failed"), pending: ctx.t("Waiting"), skipped: ctx.t("Skipped") };
  return <span class={`lw-badge lw-badge--${kinds[delivery.status]}`}>{names[delivery.status]}</span>;
}

function Log({ ctx, hook, onClose }: { ctx: PageContext; hook: Webhook; onClose: () => void }) {
  const [rows, setRows] = useState<Delivery[] | null>(null);
  const [page, setPage] = useState(1);
  const [count, setCount] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const ask = async () => {
    try {
      const answer = await ctx.api.get<{ count: number; results: Delivery[] }>(`${PATH}${hook.id}/deliveries`, { query: { page, page_size: PER_PAGE }, signal: ctx.signal });
      setRows(answer.results);
      setCount(answer.count);
      setError(null);
    } catch (problem) {
      if (!ctx.signal.aborted) setError(problem);
    }
  };
  const isWaiting = rows?.some((one) => one.status === "pending") ?? false;
  useEffect(() => { void ask(); }, [page]);
  // While something is on its way, its fate is of interest.
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting, page]);
  const act = async (path: string) => {
    try {
      await ctx.api.post(`${PATH}${hook.id}/${path}`);
      if (page === 1) await ask();
      else setPage(1);
    } catch (problem) {
      setError(problem);
    }
  };
  const last = Math.max(1, Math.ceil(count / PER_PAGE));
  return (
    <section class="app-panel" aria-label={ctx.t("Deliveries")}>
      <header class="app-panel-head"><h2>{ctx.t("Deliveries")}</h2><p class="lw-truncate">{hook.url}</p></header>
      <div class="app-panel-body">
        {error !== null && <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>}
        {rows?.length === 0 && <p class="lw-muted">{ctx.t("Nothing has been sent yet.")}</p>}
        {rows && rows.length > 0 && (
          <div class="lw-table-frame">
            <table class="lw-table">
              <thead><tr><th>{ctx.t("What happened")}</th><th>{ctx.t("State")}</th><th>{ctx.t("Answer")}</th><th>{ctx.t("When")}</th><th><span class="lw-hidden-visually">{ctx.t("Again")}</span></th></tr></thead>
              <tbody>
                {rows.map((one) => (
                  <tr key={one.id}>
                    <td>{one.action}</td>
                    <td><Status ctx={ctx} delivery={one} /></td>
                    <td class="lw-digits" title={one.error || undefined}>{one.response_code ?? (one.error || "–")}{one.duration_ms !== null && <span class="lw-muted"> · {ctx.formatNumber(one.duration_ms, { style: "unit", unit: "millisecond" })}</span>}</td>
                    <td class="lw-muted"><time dateTime={one.created_at} title={ctx.formatDate(one.created_at)}>{ctx.formatAgo(one.created_at)}</time></td>
                    <td class="cell-actions"><button type="button" aria-label={ctx.t("Send {action} again", { action: one.action })} class="lw-button lw-button--quiet lw-button--small" disabled={one.status === "pending"} onClick={() => void act(`deliveries/${one.id}/redeliver`)}><span>{ctx.t("Send again")}</span></button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {last > 1 && (
          <div class="lw-row">
            <button type="button" class="lw-button lw-button--small" disabled={page <= 1} onClick={() => setPage(page - 1)}><span>{ctx.t("Previous page")}</span></button>
            <span class="lw-small lw-digits">{ctx.t("{page} of {last}", { page, last })}</span>
            <button type="button" class="lw-button lw-button--small" disabled={page >= last} onClick={() => setPage(page + 1)}><span>{ctx.t("Next page")}</span></button>
          </div>
        )}
      </div>
      <footer class="app-panel-foot">
        <button type="button" class="lw-button" onClick={() => void act("test")}><span>{ctx.t("Send a test")}</span></button>
        <button type="button" class="lw-button" onClick={onClose}><span>{ctx.t("Close")}</span></button>
      </footer>
    </section>
  );
}

type Open = { what: "form"; hook: Webhook | null } | { what: "log"; hook: Webhook } | null;

function Webhooks({ ctx }: { ctx: PageContext }) {
  const [hooks, setHooks] = useState<Webhook[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [open, setOpen] = useState<Open>(null);
  const load = async () => {
    try {
      setHooks(await ctx.api.get<Webhook[]>(PATH, { query: { project: ctx.project.id }, signal: ctx.signal }));
      setError(null);
    } catch (problem) {
      if (!ctx.signal.aborted) setError(problem);
    }
  };
  useEffect(() => { void load(); }, []);
  const done = () => {
    setOpen(null);
    ctx.toast(ctx.t("Saved"), "good");
    void load();
  };
  const remove = async (hook: Webhook) => {
    const isSure = await ctx.confirm({ title: ctx.t("Delete this webhook?"), body: ctx.t("{url} is told of nothing more, and its log goes.", { url: hook.url }), action: ctx.t("Delete"), danger: true });
    if (!isSure) return;
    try {
      await ctx.api.delete(`${PATH}${hook.id}/`);
      await load();
    } catch (problem) {
      setError(problem);
    }
  };
  if (open?.what === "form") return <Form ctx={ctx} hook={open.hook} onDone={done} onCancel={() => setOpen(null)} />;
  if (open?.what === "log") return <Log ctx={ctx} hook={open.hook} onClose={() => setOpen(null)} />;
  return (
    <section class="app-panel" aria-label={ctx.t("Webhooks")}>
      <header class="app-panel-head"><h2>{ctx.t("Webhooks")}</h2><p>{ctx.t("Other programs that are told by HTTP what happens in this project: tasks, annotations, settings.")}</p></header>
      <div class="app-panel-body">
        {error !== null && <div class="lw-note lw-note--bad" role="alert"><Icon path={icons.warning} /><div>{ctx.describe(error)}</div></div>}
        {hooks?.length === 0 && <p class="lw-muted">{ctx.t("Nobody is told yet.")}</p>}
        {hooks?.map((hook) => (
          <div key={hook.id} class="lw-spread webhook">
            <div class="lw-stack lw-stack--tight lw-grow">
              <strong class="lw-truncate">{hook.url}</strong>
              <span class="lw-row lw-small lw-muted">
                <span class={`lw-badge${hook.is_active ? " lw-badge--good" : ""}`}>{hook.is_active ? ctx.t("At work") : ctx.t("Switched off")}</span>
                {hook.send_for_all_actions ? ctx.t("Tells of everything") : ctx.t("Tells of {n} kinds of events", { n: hook.actions.length })}
              </span>
            </div>
            <div class="lw-row">
              <button type="button" class="lw-button lw-button--small" onClick={() => setOpen({ what: "log", hook })}><span>{ctx.t("Deliveries")}</span></button>
              <button type="button" class="lw-button lw-button--small" onClick={() => setOpen({ what: "form", hook })}><span>{ctx.t("Change")}</span></button>
              <button type="button" class="lw-button lw-button--quiet lw-button--small lw-button--icon" aria-label={ctx.t("Delete {url}", { url: hook.url })} onClick={() => void remove(hook)}><Icon path={icons.trash} /></button>
            </div>
          </div>
        ))}
      </div>
      <footer class="app-panel-foot"><button type="button" class="lw-button lw-button--primary" onClick={() => setOpen({ what: "form", hook: null })}><Icon path={icons.plus} /><span>{ctx.t("Add a webhook")}</span></button></footer>
    </section>
  );
}

export default {
  api: 1,
  kind: "page",
  page: "webhooks",
  mount(el: HTMLElement, ctx: PageContext) {
    render(<Webhooks ctx={ctx} />, el);
    return { dispose: () => render(null, el) };
  },
} satisfies PageModule;
