/** The columns of the task table: what the tasks have, and what we know of each. Pure but for the names. */
import type { Messages, TaskRow } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { isImageAddress } from "../importing/peek.ts";

/** A column as the server's data manager names it. */
export interface ServerColumn {
  id: string;
  title: string;
  type: string;
  parent?: string;
  schema?: { items?: (number | string)[] } | null;
  visibility_defaults?: { explore?: boolean };
  /** A number from 0 to 1, shown as 0 to 100 %. */
  percent?: boolean;
  /** Texts of the plugin that brings the column. */
  messages?: Messages;
}

export interface Column {
  /** `id`, `total_annotations`, `data.text`: what conditions and orders name it by. */
  id: string;
  title: string;
  width: number;
  kind: "id" | "image" | "text" | "number" | "count" | "status" | "time" | "people" | "flag" | "duration" | "percent";
  /** The server's word for what can be asked of it; none for what only we know. */
  type?: string;
  /** Of the task's data. */
  field?: string;
  items?: (number | string)[];
  /** Seen unless somebody hides it: the plugin that brings it wants it so, and there is something to see. */
  seen?: boolean;
}

const WIDTHS: Record<Column["kind"], number> = {
  id: 92, image: 132, text: 300, number: 120, count: 128, status: 132, time: 148, people: 148, flag: 96, duration: 128, percent: 136,
};
const MOST_FIELDS = 40;
const COUNTS = new Set(["total_annotations", "cancelled_annotations", "total_predictions"]);
const PEOPLE = new Set(["annotators", "updated_by"]);
/** Seen unless somebody hides them; the rest is there for whoever wants it. */
const SEEN = new Set(["id", "status", "total_annotations", "updated_at"]);
/** What a row holds only when it is asked for by name. */
const ON_DEMAND = new Set(["completed_at", "avg_lead_time", "draft_exists", "predictions_score"]);
const ALWAYS = ["id", "inner_id", "data", "total_annotations", "cancelled_annotations", "total_predictions", "is_labeled", "created_at", "updated_at"];
const BY_TYPE: Record<string, Column["kind"]> = { Number: "number", Time: "duration", Datetime: "time", Boolean: "flag" };

const TITLES: Record<string, () => string> = {
  id: () => t("ID"), inner_id: () => t("Number"), completed_at: () => t("Completed"), total_annotations: () => t("Annotations"),
  cancelled_annotations: () => t("Skipped"), total_predictions: () => t("Predictions"), annotators: () => t("Annotated by"),
  annotations_results: () => t("Annotation results"), annotations_ids: () => t("Annotation IDs"), predictions_score: () => t("Prediction score"),
  predictions_model_versions: () => t("Model versions"), predictions_results: () => t("Prediction results"), file_upload: () => t("Uploaded file"),
  storage_filename: () => t("File in the storage"), created_at: () => t("Created"), updated_at: () => t("Updated"), updated_by: () => t("Updated by"),
  avg_lead_time: () => t("Average time"), draft_exists: () => t("Drafts"), status: () => t("Status"),
};

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

const dataColumn = (field: string, rows: readonly TaskRow[], type: string): Column => {
  const kind = kindOf(field, rows);
  return { id: `data.${field}`, title: field === "$undefined$" ? t("Data") : field, kind, width: WIDTHS[kind], field, type: kind === "number" ? "Number" : type };
};

function taskColumn({ id, title, type, schema, percent, visibility_defaults, ...own }: ServerColumn, rows: readonly TaskRow[]): Column {
  const kind: Column["kind"] = id === "id" ? "id" : percent ? "percent" : COUNTS.has(id) ? "count" : PEOPLE.has(id) ? "people" : (BY_TYPE[type] ?? "text");
  const column: Column = { id, title: TITLES[id]?.() ?? tOf(own, title), kind, width: WIDTHS[kind], type, items: schema?.items };
  if (!(id in TITLES) && visibility_defaults?.explore) column.seen = rows.some((row) => row[id] !== null && row[id] !== undefined);
  return column;
}

/** All columns of a project in the order of the table: its number, its data, what we know of it. */
export function columnsOf(rows: readonly TaskRow[], server: readonly ServerColumn[] = []): Column[] {
  const declared = server.filter((one) => one.parent === "data").map((one) => one.id);
  const types = new Map(server.filter((one) => one.parent === "data").map((one) => [one.id, one.type]));
  const fields = [...new Set([...declared.filter((one) => one !== "$undefined$"), ...fieldsOf(rows)])].slice(0, MOST_FIELDS);
  const known = server.filter((one) => one.parent !== "data" && one.id !== "data").map((one) => taskColumn(one, rows));
  const first: Column[] = known.filter((one) => one.id === "id");
  const status: Column = { id: "status", title: t("Status"), kind: "status", width: WIDTHS.status };
  return [
    ...(first.length > 0 ? first : [{ id: "id", title: t("ID"), kind: "id" as const, width: WIDTHS.id, type: "Number" }]),
    ...fields.map((field) => dataColumn(field, rows, types.get(field) ?? "String")),
    status,
    ...known.filter((one) => one.id !== "id"),
  ];
}

/** Whether a column is in sight. */
export function isSeen(column: Column, hidden: readonly string[] | null): boolean {
  return hidden ? !hidden.includes(column.id) : column.field !== undefined || column.seen === true || SEEN.has(column.id);
}

/** The columns out of sight after one of them was switched. */
export function withColumn(columns: readonly Column[], hidden: readonly string[] | null, column: Column, seen: boolean): string[] {
  const others = columns.filter((one) => one.id !== column.id && !isSeen(one, hidden)).map((one) => one.id);
  return seen ? others : [...others, column.id];
}

/** The names to ask rows by, where the columns in sight want more than a row holds anyway. */
export function includedFor(columns: readonly Column[]): string[] | null {
  const names = columns.filter((one) => one.field === undefined && one.type !== undefined).map((one) => one.id);
  return names.some((name) => ON_DEMAND.has(name)) ? [...new Set([...ALWAYS, ...names])] : null;
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
