/** Storages and their kinds, as the server tells them. */
import type { Messages } from "../../api/types.ts";
import type { FieldDeclaration, Value } from "../components/declared_field.tsx";

export type { Value };

export type Side = "source" | "target";
export interface StorageField extends FieldDeclaration {
  side: Side | null;
}

export interface StorageKind {
  name: string;
  title: string;
  description: string;
  sides: Side[];
  fields: StorageField[];
  links: boolean;
  folders: boolean;
  filters_names: boolean;
  /** Why none can be set up on this server. */
  unavailable: string;
  messages?: Messages;
}

export interface Storage {
  id: number;
  type: string;
  project: number;
  title: string | null;
  description: string | null;
  synchronizable: boolean;
  status: "initialized" | "queued" | "in_progress" | "failed" | "completed" | "completed_with_errors";
  traceback: string | null;
  last_sync: string | null;
  last_sync_count: number | null;
  last_sync_job: string | null;
  [option: string]: Value;
}

export interface StoredFile {
  key: string | null;
  last_modified: string | null;
  size: number | null;
}

export const pathOf = (side: Side, kind: string): string => `/api/storages/${side === "target" ? "export/" : ""}${kind}`;

export const fieldsOf = (kind: StorageKind, side: Side): StorageField[] => kind.fields.filter((field) => field.side === null || field.side === side);

export const isBusy = (storage: Storage): boolean => storage.status === "queued" || storage.status === "in_progress";
