/** A task as the labelling page gets it: Label Studio's names. */
import type { ResultItem } from "../../sdk/labelwright";
import type { ServerDraft } from "./draft.ts";

export interface Annotation {
  id: number;
  result: ResultItem[];
  created_username: string;
  completed_by: number | { id: number } | null;
  was_cancelled: boolean;
  ground_truth: boolean;
  created_at: string;
  updated_at: string;
  lead_time: number | null;
  parent_prediction?: number | null;
}

export interface Prediction {
  id: number;
  result: ResultItem[];
  model_version: string;
  score: number | null;
  created_at: string;
}

export interface LabellingTask {
  id: number;
  inner_id?: number | null;
  data: Record<string, unknown>;
  project: number;
  annotations: Annotation[];
  predictions: Prediction[];
  drafts: ServerDraft[];
  queue?: string | null;
  unique_lock_id?: string | null;
}

/** What is open: a new answer, one that was given, or what a model said. */
export type Tab =
  | { kind: "new"; key: "new"; draft: ServerDraft | null; parent: Prediction | Annotation | null }
  | { kind: "annotation"; key: string; annotation: Annotation; draft: ServerDraft | null }
  | { kind: "prediction"; key: string; prediction: Prediction };
