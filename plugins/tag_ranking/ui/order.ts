/** Where things lie: groups of ids, and what the result makes of them. */
export interface Thing {
  /** As the task has it: a text or a number. */
  id: string | number;
  title: string;
  body: string;
  html: string;
}

export interface Group {
  name: string;
  /** Without one it is the list's own. */
  title?: string;
}

/** What is in no group yet; the name it has in results. */
export const REST = "_";

export type Places = Record<string, readonly string[]>;

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** The things of a task; what is no object is its own title. */
export function thingsOf(data: unknown): Thing[] {
  const list = typeof data === "string" ? parsed(data) : data;
  if (!Array.isArray(list)) return [];
  const seen = new Set<string>();
  return list.flatMap((one: unknown, at): Thing[] => {
    const raw = typeof one === "object" && one !== null ? (one as Record<string, unknown>) : { title: one };
    const id = typeof raw.id === "string" || typeof raw.id === "number" ? raw.id : String(at);
    if (seen.has(String(id))) return [];
    seen.add(String(id));
    return [{ id, title: text(raw.title), body: text(raw.body), html: text(raw.html) }];
  });
}

function parsed(words: string): unknown {
  try {
    return JSON.parse(words) as unknown;
  } catch {
    return null;
  }
}

/** Where everything lies by what is stored: ids that nobody knows are left out, new ones go where all begin. */
export function placesOf(stored: unknown, things: readonly Thing[], groups: readonly Group[], first: string): Places {
  const left = new Set(things.map((thing) => String(thing.id)));
  const given = Array.isArray(stored) ? { [first]: stored } : ((stored ?? {}) as Record<string, unknown>);
  const places = groups.map(({ name }): [string, string[]] => [name, [given[name] ?? []].flat().map(String).filter((id) => left.delete(id))]);
  for (const [name, ids] of places) if (name === first) ids.push(...left);
  return Object.fromEntries(places);
}

/** The same after one thing went to a place of a group (counted without it). */
export function moved(places: Places, id: string, group: string, at: number): Places {
  const without = Object.fromEntries(Object.entries(places).map(([name, ids]) => [name, ids.filter((one) => one !== id)]));
  const target = without[group] ?? [];
  return { ...without, [group]: [...target.slice(0, at), id, ...target.slice(at)] };
}
