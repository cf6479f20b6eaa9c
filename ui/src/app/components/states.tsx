/** What stands where content will be, is missing, or went wrong. */
import type { ComponentChildren } from "preact";

import { describeError, reportOf } from "../../api/errors.ts";
import { formatPercent, t } from "../../i18n/index.ts";
import { copyText } from "../toasts.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";

/** A grey bar of the size of what will come. */
export function Skeleton({ width = "100%", height = 14 }: { width?: number | string; height?: number }) {
  return <span class="lw-skeleton" style={{ width: typeof width === "number" ? `${width}px` : width, height: `${height}px` }} />;
}

/** What is loading, said once to those who hear the page, with bars for those who see it. */
export function Loading({ children }: { children: ComponentChildren }) {
  return <div role="status" class="app-loading"><span class="lw-hidden-visually">{t("Loading…")}</span>{children}</div>;
}

export function Empty({ icon, title, children, actions }: { icon: IconName; title: string; children?: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <div class="lw-empty">
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div class="lw-empty-actions">{actions}</div>}
    </div>
  );
}

export function Note({ kind = "info", children }: { kind?: "info" | "good" | "warn" | "bad"; children: ComponentChildren }) {
  const icons = { info: "info", good: "check", warn: "warning", bad: "error" } as const;
  return (
    <div class={`lw-note lw-note--${kind}`} role={kind === "bad" ? "alert" : undefined}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
    </div>
  );
}

/** Something failed: what, what can be done, and a report to copy for whoever mends it. */
export function ErrorPanel({ error, title, onRetry }: { error: unknown; title?: string; onRetry?: () => unknown }) {
  return (
    <div class="lw-empty" role="alert">
      <Icon name="warning" size={36} />
      <h2>{title ?? t("This could not be loaded")}</h2>
      <p>{describeError(error)}</p>
      <div class="lw-empty-actions">
        {onRetry && <Button icon="refresh" onClick={onRetry}>{t("Try again")}</Button>}
        <Button kind="quiet" icon="copy" onClick={() => copyText(reportOf(error))}>{t("Copy the report")}</Button>
      </div>
    </div>
  );
}

export function Progress({ value, label, state, showPercent }: { value: number | null; label: string; state?: "done" | "bad"; showPercent?: boolean }) {
  const share = value === null ? null : Math.max(0, Math.min(1, value));
  return (
    <div class="app-progress">
      <div
        class={`lw-progress${share === null ? " lw-progress--open" : ""}${state ? ` lw-progress--${state}` : ""}`}
        role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      {showPercent && share !== null && <span class="lw-tiny lw-muted lw-digits">{formatPercent(share)}</span>}
    </div>
  );
}

export function Badge({ kind, children }: { kind?: "good" | "warn" | "bad" | "accent"; children: ComponentChildren }) {
  return <span class={`lw-badge${kind ? ` lw-badge--${kind}` : ""}`}>{children}</span>;
}
