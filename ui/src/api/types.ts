/** What the server sends, as far as the screens read it. Names and shapes are Label Studio's where it has them. */

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

export interface UserLite {
  id: number;
  first_name?: string;
  last_name?: string;
  email: string;
  username?: string;
  initials?: string;
  avatar: string | null;
}

export interface User extends UserLite {
  phone?: string;
  last_activity?: string;
  date_joined?: string;
  active_organization?: number | null;
  allow_newsletters?: boolean;
}

export interface Project {
  id: number;
  title: string;
  description: string | null;
  color: string;
  label_config: string;
  expert_instruction: string | null;
  show_instruction: boolean;
  show_skip_button: boolean;
  enable_empty_annotation: boolean;
  maximum_annotations: number;
  sampling: string;
  skip_queue: string;
  show_collab_predictions: boolean;
  is_published: boolean;
  is_draft: boolean;
  pinned_at: string | null;
  created_at: string;
  created_by: UserLite | null;
  task_number: number;
  finished_task_number: number;
  total_annotations_number: number;
  total_predictions_number: number;
  skipped_annotations_number: number;
  num_tasks_with_annotations: number;
}

export interface TaskRow {
  id: number;
  inner_id?: number;
  data: Record<string, unknown>;
  total_annotations: number;
  cancelled_annotations: number;
  total_predictions: number;
  is_labeled: boolean;
  created_at: string;
  updated_at: string;
  /** Further columns of the data manager, where they were asked for. */
  [column: string]: unknown;
}

export interface TaskPage {
  tasks: TaskRow[];
  total: number;
  total_annotations: number;
  total_predictions: number;
}

export interface Job {
  id: string | number;
  kind: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  progress: number | null;
  done: number | null;
  total: number | null;
  message: string | null;
  code: string | null;
  params: Record<string, unknown> | null;
  result: Record<string, unknown> | null;
  project: number | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  error: unknown;
}

export interface Changes {
  cursor: string;
  interval_ms: number;
  jobs: Job[];
  lease: { task: number; expires_at: string } | null;
  presence: unknown[];
}

export interface ConfigNode {
  id: string;
  tag: string;
  name: string | null;
  attrs: Record<string, unknown>;
  children: ConfigNode[];
  text: string | null;
  line: number;
}

export interface Problem {
  level: "error" | "warning";
  line: number;
  tag: string | null;
  attribute: string | null;
  code: string;
  message: string;
  params: Record<string, unknown>;
  remedy: string;
}

export interface TagAttribute {
  type: string;
  default?: unknown;
  choices?: string[];
  help?: string;
  required?: boolean;
  minimum?: number;
  maximum?: number;
  /** What it names elsewhere in the configuration. */
  refers?: "object" | "control" | "label";
  /** The heading under which a form shows it. */
  group?: "answer" | "condition" | "look" | "more";
}

export interface TagInfo {
  tag: string;
  kind: "object" | "control" | "visual" | "label";
  plugin: string;
  resultType: string | null;
  valueKey: string | null;
  space: string | null;
  /** The kind of region that a control draws; `null` where it draws none. */
  region?: string | null;
  help?: string;
  aliases: string[];
  labels: boolean;
  /** It answers a question, which may be asked of each region. */
  perRegion?: boolean;
  /** The name of the elements inside that are its labels. */
  label?: string | null;
  /** Kinds or names of the tags that may stand inside. */
  holds: string[];
  /** What stands inside is markup to show. */
  markup: boolean;
  /** The attributes that name task fields. */
  reads: string[];
  manyTargets: boolean;
  repeats?: { over: string; flag: string } | null;
  attributes: Record<string, TagAttribute>;
  module: string | null;
  capabilities: { provides: string[]; requires: string[] };
  messages: Messages;
}

export interface ConfigCheck {
  tree: ConfigNode | null;
  tags: TagInfo[];
  problems: Problem[];
  sample_task: Record<string, unknown> | null;
  fields: string[];
}

export interface Template {
  name: string;
  title: string;
  type?: string;
  group: string;
  order?: number;
  image?: string;
  image_dark?: string;
  details?: string;
  config: string;
  messages?: Messages;
}

/** Texts of a plugin by language, keyed by their English. */
export type Messages = Record<string, Record<string, string>>;

export interface ImportSummary {
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  duration: number;
  file_upload_ids: number[];
  found_formats: Record<string, number>;
  /** What was changed or left out on the way in, and where. */
  warnings?: (string | { message: string; msgid: string; params: Record<string, unknown> })[];
  data_columns: string[];
}

export interface ExportFormat {
  name: string;
  title: string;
  description: string;
  link?: string;
  tags?: string[];
  disabled?: boolean;
  messages?: Messages;
  /** Switches of this format alone. */
  options?: { name: string; label: string; hint: string; value: boolean }[];
}

export interface PluginReport {
  name: string;
  version: string;
  title: string;
  description: string;
  state: "loaded" | "disabled" | "failed" | "refused";
  reason: string;
  traceback: string;
  api: string;
  kind: string;
  guard: boolean;
  /** `tag:Image`, `export:JSON`: what it is and its name. */
  provides: string[];
  requires: string[];
  third_party: boolean;
  hook_errors: number;
  browser_errors: number;
  browser_reports?: { tag?: string; message?: string; stack?: string; url?: string; count?: number }[];
  messages?: Messages;
}

export interface Membership {
  id: number;
  user: User & { created_projects?: unknown[] };
  created_at?: string;
}

export interface PersonalToken {
  token: string;
  created_at: string;
  expires_at: string | null;
}
