/** Edits that the server has not acknowledged yet, kept in the browser. Cleared at log-out. */
import type { Op } from "../runtime/index.ts";

export interface Entry {
  /** Which work it belongs to: user, task, annotation. */
  key: string;
  op: Op;
  id?: number;
}

/** Where the work stands: what the server has, and what was sent last. */
export interface Standing {
  key: string;
  client: string;
  seq: number;
  draft: number | null;
  revision: number;
  /** The last entry of a request whose answer has not come. */
  sentUpTo: number | null;
}

export interface OpLog {
  append(entries: readonly Entry[]): Promise<void>;
  entries(key: string): Promise<Required<Entry>[]>;
  standing(key: string): Promise<Standing | null>;
  write(standing: Standing): Promise<void>;
  /** Forget what was acknowledged. */
  drop(key: string, upTo: number): Promise<void>;
  forget(key: string): Promise<void>;
  clear(): Promise<void>;
}

const NAME = "labelwright-labelling";

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    const entries = request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
    entries.createIndex("key", "key");
    request.result.createObjectStore("standings", { keyPath: "key" });
  };
  return settled(request);
}

/** In IndexedDB: outlives the tab, the network, the server. */
export class StoredLog implements OpLog {
  #database = open();

  async #with<T>(store: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T> | null): Promise<T | null> {
    const transaction = (await this.#database).transaction(store, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error as Error);
    });
    const request = act(transaction.objectStore(store));
    await done;
    return request ? request.result : null;
  }

  async append(entries: readonly Entry[]): Promise<void> {
    await this.#with("entries", "readwrite", (store) => {
      for (const entry of entries) store.add(entry);
      return null;
    });
  }

  async entries(key: string): Promise<Required<Entry>[]> {
    return (await this.#with("entries", "readonly", (store) => store.index("key").getAll(key))) as Required<Entry>[];
  }

  async standing(key: string): Promise<Standing | null> {
    return ((await this.#with("standings", "readonly", (store) => store.get(key))) as Standing | undefined) ?? null;
  }

  async write(standing: Standing): Promise<void> {
    await this.#with("standings", "readwrite", (store) => store.put(standing));
  }

  async drop(key: string, upTo: number): Promise<void> {
    const ids = (await this.entries(key)).map((entry) => entry.id).filter((id) => id <= upTo);
    await this.#with("entries", "readwrite", (store) => {
      for (const id of ids) store.delete(id);
      return null;
    });
  }

  async forget(key: string): Promise<void> {
    await this.drop(key, Infinity);
    await this.#with("standings", "readwrite", (store) => store.delete(key));
  }

  async clear(): Promise<void> {
    await this.#with("entries", "readwrite", (store) => store.clear());
    await this.#with("standings", "readwrite", (store) => store.clear());
  }
}

/** For this page only: where IndexedDB is forbidden, and in tests. */
export class MemoryLog implements OpLog {
  #entries: Required<Entry>[] = [];
  #standings = new Map<string, Standing>();
  #last = 0;

  async append(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) this.#entries.push({ ...entry, id: ++this.#last });
  }

  async entries(key: string): Promise<Required<Entry>[]> {
    return this.#entries.filter((entry) => entry.key === key);
  }

  async standing(key: string): Promise<Standing | null> {
    return this.#standings.get(key) ?? null;
  }

  async write(standing: Standing): Promise<void> {
    this.#standings.set(standing.key, { ...standing });
  }

  async drop(key: string, upTo: number): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.key !== key || entry.id > upTo);
  }

  async forget(key: string): Promise<void> {
    await this.drop(key, Infinity);
    this.#standings.delete(key);
  }

  async clear(): Promise<void> {
    this.#entries = [];
    this.#standings.clear();
  }
}

let shared: Promise<OpLog> | null = null;

/** The browser's log, or one for this page where the browser refuses. */
export function openLog(): Promise<OpLog> {
  shared ??= (async () => {
    try {
      const log = new StoredLog();
      await log.standing("");
      return log;
    } catch {
      return new MemoryLog();
    }
  })();
  return shared;
}

/** At log-out nothing of the work stays in the browser. */
export async function clearLog(): Promise<void> {
  await (await openLog()).clear();
}
