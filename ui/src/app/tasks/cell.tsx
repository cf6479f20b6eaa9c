import { useState } from "preact/hooks";

import type { TaskRow, UserLite } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { formatAgo, formatDate, formatDuration, formatNumber, t } from "../../i18n/index.ts";
import { Avatar } from "../components/avatar.tsx";
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

/** Whose work it is: as many faces as there is room for. */
function Faces({ ids, people }: { ids: unknown; people: ReadonlyMap<number, UserLite> }) {
  const users = [ids ?? []].flat().map((one) => Number(typeof one === "object" && one ? (one as { user_id: unknown }).user_id : one)).filter((id) => !Number.isNaN(id));
  return (
    <span class="task-faces">
      {users.slice(0, FACES).map((id) => {
        const user = people.get(id);
        return user ? <span key={id} data-tip={nameOf(user)}><Avatar user={user} size={24} /><span class="lw-hidden-visually">{nameOf(user)}</span></span> : <span key={id} class="lw-muted lw-digits">{id}</span>;
      })}
      {users.length > FACES && <span class="lw-muted lw-digits">+{users.length - FACES}</span>}
    </span>
  );
}

/** A share of 1, in figures and at a glance. */
function Percent({ value }: { value: number }) {
  return (
    <span class="task-percent">
      <span class="lw-digits">{formatNumber(value, { style: "percent", maximumFractionDigits: 0 })}</span>
      <span class="task-percent-bar" aria-hidden="true"><span style={{ width: `${Math.round(100 * Math.min(1, Math.max(0, value)))}%` }} /></span>
    </span>
  );
}

const FACES = 4;

export const nameOf = (user: UserLite): string => [user.first_name, user.last_name].filter(Boolean).join(" ") || user.email;

export function Cell({ row, column, people }: { row: TaskRow; column: Column; people: ReadonlyMap<number, UserLite> }) {
  const value = column.field === undefined ? row[column.id] : row.data[column.field];
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
      return <span class="lw-digits">{typeof value === "number" && value > 0 ? formatNumber(value) : "–"}</span>;
    case "people":
      return <Faces ids={value} people={people} />;
    case "percent":
      return typeof value === "number" ? <Percent value={value} /> : null;
    case "flag":
      return value === true ? <Icon name="check" /> : null;
    case "duration":
      return <span class="lw-digits">{typeof value === "number" ? formatDuration(value) : "–"}</span>;
    case "time":
      return typeof value === "string" ? <time class="lw-muted" dateTime={value} data-tip={formatDate(value)}>{formatAgo(value)}</time> : null;
    default:
      return <span class="lw-truncate">{asLine(value)}</span>;
  }
}
