/** What the server says of agreement; shares are 0 to 1. */

export interface Param {
  type: "string" | "bool" | "int" | "number" | "choice";
  default: unknown;
  help: string;
  choices?: string[];
  minimum: number | null;
  maximum: number | null;
}

export interface Metric {
  name: string;
  title: string;
  help: string;
  params: Record<string, Param>;
  /** Texts of the plugin that brings it. */
  messages: Record<string, Record<string, string>>;
}

export interface Control {
  name: string;
  tag: string;
  agreement: number | null;
  /** Pairs of answers that were compared. */
  pairs: number;
  /** None: no metric serves it. */
  metric: string | null;
  /** Empty: the best is taken. */
  chosen: string;
  params: Record<string, unknown>;
  weight: number;
  metrics: Metric[];
}

export interface Overview {
  agreement: number | null;
  tasks: number;
  /** Tasks by tenths. */
  histogram: number[];
  controls: Control[];
  users: { id: number }[];
  matrix: (number | null)[][];
  common_tasks: number[][];
  /** Tasks that are still to be compared. */
  waiting: number;
  problems: { control: string; metric: string; error: string }[];
}

export interface TaskPairs {
  task: number;
  agreement: number;
  pairs: { users: [number, number]; agreement: number; controls: Record<string, number> }[];
}

export interface Confusion {
  labels: string[];
  matrix: number[][];
}

export interface Person {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
}
