/** The files that somebody drops: what they are, and in which order and groups they are sent. Pure. */

export type FileState = "waiting" | "uploading" | "importing" | "done" | "failed";

export interface FileEntry {
  key: string;
  file: File;
  /** With its folder, where a folder was dropped. */
  name: string;
  state: FileState;
  /** 0..1 while it is sent or read; `null` while that is unknown. */
  progress: number | null;
  tasks: number | null;
  error: string | null;
  /** What stands where in the file: `item 12, field "image"`. */
  place: string | null;
  warnings: string[];
  /** Columns that get another name in the tasks. */
  columns?: Record<string, string>;
  /** Where the list of what was wrong with its items is. */
  report?: string | null;
}

export interface Limits {
  upload_bytes?: number;
  upload_files?: number;
}

/** One file holds many tasks. Everything else is one task a file. */
const HOLDS_TASKS = /\.(json|jsonl|csv|tsv|txt|html?|xml)$/i;

const BATCH_BYTES = 48_000_000;
const BATCH_FILES = 50;

let counter = 0;

export function entryOf(file: File, name = file.name): FileEntry {
  counter += 1;
  return { key: `f${counter}`, file, name, state: "waiting", progress: null, tasks: null, error: null, place: null, warnings: [] };
}

export const holdsTasks = (name: string): boolean => HOLDS_TASKS.test(name);

/** New files beside the old; the same file dropped twice is taken once. */
export function addFiles(old: readonly FileEntry[], added: readonly FileEntry[]): FileEntry[] {
  const identity = (one: FileEntry) => `${one.name}\n${one.file.size}\n${one.file.lastModified}`;
  const known = new Set(old.map(identity));
  return [...old, ...added.filter((one) => !known.has(identity(one)) && known.add(identity(one)))];
}

/** Files that the system puts into folders by itself. */
export const isHiddenFile = (name: string): boolean => /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i.test(name);

/**
 * What is sent in one request: a file of tasks alone, so that its errors are its own; media in bundles, since
 * thousands of requests would be slow.
 */
export function batches(entries: readonly FileEntry[], limits: Limits): FileEntry[][] {
  const mostFiles = Math.min(BATCH_FILES, limits.upload_files ?? BATCH_FILES);
  const mostBytes = Math.min(BATCH_BYTES, limits.upload_bytes ?? BATCH_BYTES);
  const result: FileEntry[][] = [];
  let open: FileEntry[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) result.push(open);
    open = [];
    bytes = 0;
  };
  for (const entry of entries) {
    if (holdsTasks(entry.name)) {
      close();
      result.push([entry]);
      continue;
    }
    if (open.length >= mostFiles || bytes + entry.file.size > mostBytes) close();
    open.push(entry);
    bytes += entry.file.size;
  }
  close();
  return result;
}

/** Every file of a drop, those inside folders too. */
export async function droppedFiles(items: DataTransferItemList): Promise<FileEntry[]> {
  const roots = [...items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...items].map((item) => (item.kind === "file" ? item.getAsFile() : null));
  const found: FileEntry[] = [];
  const read = async (entry: FileSystemEntry): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push(entryOf(file, entry.fullPath.replace(/^\//, "")));
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // A reader gives at most a hundred entries a time.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const one of some) await read(one);
    }
  };
  for (const [index, root] of roots.entries()) {
    if (root) await read(root);
    else if (plain[index]) found.push(entryOf(plain[index]));
  }
  return found.filter((one) => !isHiddenFile(one.name)).sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
