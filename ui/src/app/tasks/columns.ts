/** The columns of the task table: what the tasks have, and what we know of each. Pure but for the names. */
import type { TaskRow } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { isImageAddress } from "../importing/peek.ts";

export interface Column {
  id: string;
  title: string;
  width: number;
  kind: "id" | "image" | "text" | "number" | "count" | "status" | "time";
  /** Of the task's data. */
  field?: string;
}

const WIDTHS: Record<Column["kind"], number> = { id: 92, image: 132, text: 300, number: 120, count: 116, status: 132, time: 148 };
const MOST_FIELDS = 40;

function kindOf(field: string, rows: readonly TaskRow[]): Column["kind"] {
  const values = rows.map((row) => row.data[field]).filter((value) => value !== null && value !== undefined && value !== "").slice(0, 20);
  if (values.length === 0) return "text";
  if (values.every(isImageAddress)) return "image";
  return values.every((value) => typeof value === "number") ? "number" : "text";
}

/** The fields of these tasks, in the order in which they come. */
export function fieldsOf(rows: readonly TaskRow[]): string[] {
  const fields = new Set<string>();
  for (const row of rows) for (const field of Object.keys(row.data ?? {})) fields.add(field);
  return [...fields].slice(0, MOST_FIELDS);
}

export function columnsOf(rows: readonly TaskRow[]): Column[] {
  const data = fieldsOf(rows).map((field): Column => {
    const kind = kindOf(field, rows);
    return { id: `data.${field}`, title: field === "$undefined$" ? t("Data") : field, kind, width: WIDTHS[kind], field };
  });
  return [
    { id: "id", title: t("ID"), kind: "id", width: WIDTHS.id },
    ...data,
    { id: "status", title: t("Status"), kind: "status", width: WIDTHS.status },
    { id: "annotations", title: t("Annotations"), kind: "count", width: WIDTHS.count },
    { id: "updated", title: t("Updated"), kind: "time", width: WIDTHS.time },
  ];
}

/** A value as one line of text. */
export function asLine(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, 400).replaceAll(/\s+/g, " ").trim();
}

export type Status = "done" | "skipped" | "begun" | "new";

export function statusOf(row: TaskRow): Status {
  if (row.is_labeled) return "done";
  if (row.total_annotations > 0) return "begun";
  return row.cancelled_annotations > 0 ? "skipped" : "new";
}

/** Widen the fields so that the columns fill the room, texts most. */
export function spread(columns: readonly Column[], room: number): Column[] {
  const total = columns.reduce((sum, one) => sum + one.width, 0);
  const stretchy = columns.filter((one) => one.kind === "text");
  if (total >= room || stretchy.length === 0) return [...columns];
  const more = (room - total) / stretchy.length;
  return columns.map((one) => (one.kind === "text" ? { ...one, width: one.width + more } : one));
}
