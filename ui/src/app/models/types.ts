/** Connected models and their kinds, as the server tells them. */
import type { Messages } from "../../api/types.ts";
import type { FieldDeclaration, Value } from "../components/declared_field.tsx";

export interface ModelKind {
  kind: string;
  title: string;
  description: string;
  fields: FieldDeclaration[];
  trains: boolean;
  messages?: Messages;
}

export interface Model {
  id: number;
  kind: string;
  project: number;
  title: string | null;
  state: "CO" | "DI" | "ER" | "TR" | "PR";
  error_message: string | null;
  model_version: string | null;
  is_interactive: boolean;
  timeout: number;
  [option: string]: unknown;
}

export interface Tried {
  task: { id: number };
  predictions: { result: unknown; score: number | null }[];
}

export type Draft = Record<string, Value>;

/** What is filled in already, as the form holds it: JSON as its text. */
export function draftOf(kind: ModelKind, model: Model | null): Draft {
  const own = kind.fields.map((field) => {
    if (field.kind === "secret") return [field.name, ""] as const;
    const kept = model ? model[field.name] : field.default;
    return [field.name, field.kind === "json" ? asText(kept) : (kept as Value)] as const;
  });
  return { title: model?.title ?? "", is_interactive: model?.is_interactive ?? false, timeout: model?.timeout ?? 100, ...Object.fromEntries(own) };
}

/** The body of a request: JSON that can be read goes as what it says, other text as text. */
export function bodyOf(kind: ModelKind, draft: Draft): Record<string, unknown> {
  const parsed = kind.fields.filter((field) => field.kind === "json").map((field) => [field.name, asJson(String(draft[field.name] ?? ""))] as const);
  return { ...draft, ...Object.fromEntries(parsed) };
}

function asText(value: unknown): string {
  return value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

function asJson(text: string): unknown {
  if (!text.trim()) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
