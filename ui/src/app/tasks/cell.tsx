import { useState } from "preact/hooks";

import type { TaskRow } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { formatAgo, formatDate, formatNumber, t } from "../../i18n/index.ts";
import { Icon } from "../components/icons.tsx";
import { Badge } from "../components/states.tsx";
import { asLine, statusOf, type Column, type Status } from "./columns.ts";

const STATUS: Record<Status, { kind?: "good" | "warn" | "accent"; name: () => string }> = {
  done: { kind: "good", name: () => t("Finished") },
  begun: { kind: "accent", name: () => t("Begun") },
  skipped: { kind: "warn", name: () => t("Skipped") },
  new: { name: () => t("Not labelled") },
};

/** Addresses on our own server are given without the sub-path that we are served under. */
export const mediaAddress = (value: string): string => (value.startsWith("/") && !value.startsWith("//") ? url(value) : value);

function Thumb({ address }: { address: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <span class="task-thumb task-thumb--failed" data-tip={address}><Icon name="image" /></span>;
  return <img class="task-thumb" src={mediaAddress(address)} alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" onError={() => setFailed(true)} />;
}

export function Cell({ row, column }: { row: TaskRow; column: Column }) {
  const value = column.field === undefined ? null : row.data[column.field];
  switch (column.kind) {
    case "id":
      return <span class="lw-digits">{row.id}</span>;
    case "image":
      return typeof value === "string" && value ? <Thumb key={value} address={value} /> : null;
    case "number":
      return <span class="lw-digits">{typeof value === "number" ? formatNumber(value, { maximumFractionDigits: 6 }) : asLine(value)}</span>;
    case "status": {
      const status = STATUS[statusOf(row)];
      return <Badge kind={status.kind}>{status.name()}</Badge>;
    }
    case "count":
      return <span class="lw-digits">{row.total_annotations > 0 ? formatNumber(row.total_annotations) : "–"}</span>;
    case "time":
      return <time class="lw-muted" dateTime={row.updated_at} data-tip={formatDate(row.updated_at)}>{formatAgo(row.updated_at)}</time>;
    default:
      return <span class="lw-truncate">{asLine(value)}</span>;
  }
}
