/** What the table shows: conditions, a search, an order, columns. Pure; kept as Label Studio keeps its tabs. */

export interface Condition {
  /** `id`, `total_annotations`, `data.text`. */
  column: string;
  operator: string;
  /** Text, a number, true or false, `{min, max}`: as the operator wants it. `null`: not given yet. */
  value: unknown;
}

export interface TaskView {
  /** `null`: shown, but not kept yet. */
  id: number | null;
  title: string;
  conjunction: "and" | "or";
  conditions: Condition[];
  search: string;
  /** Columns, the first counts most; `-` before one turns its order round. */
  ordering: string[];
  /** Columns that are out of sight; `null`: those that are so by default. */
  hidden: string[] | null;
  /** What other programs keep in the tab: handed back as it came. */
  rest: Record<string, unknown>;
}

export interface StoredView {
  id: number;
  data: Record<string, unknown> | null;
}

interface StoredFilter {
  filter: string;
  operator: string;
  type: string;
  value: unknown;
}

const FILTER = "filter:";
const TARGET = "tasks:";

const shortName = (name: string): string => name.replace(/^filter:/, "").replace(/^(-?)tasks:/, "$1");
const longName = (name: string): string => (name.startsWith("-") ? `-${TARGET}${name.slice(1)}` : `${TARGET}${name}`);

export const newView = (title: string): TaskView => ({ id: null, title, conjunction: "and", conditions: [], search: "", ordering: [], hidden: null, rest: {} });

/** Nothing is filtered, ordered or hidden in it: as it came. */
export const isPlain = (view: TaskView): boolean => view.conditions.length === 0 && !view.search && view.ordering.length === 0 && view.hidden === null;

const isFlat = (item: unknown): item is StoredFilter => typeof item === "object" && item !== null && typeof (item as StoredFilter).filter === "string";

export function readView(stored: StoredView): TaskView {
  const { title, filters, ordering, hiddenColumns, search, ...rest } = stored.data ?? {};
  const group = (filters ?? {}) as { conjunction?: string; items?: unknown[] };
  const items = group.items ?? [];
  // Groups inside groups come from scripts: the panel cannot show them, so they are kept and said to be there.
  const nested = items.filter((item) => !isFlat(item) || "child_filter" in item);
  const hidden = (hiddenColumns as { explore?: string[] } | undefined)?.explore;
  return {
    id: stored.id,
    title: typeof title === "string" ? title : "",
    conjunction: group.conjunction === "or" ? "or" : "and",
    conditions: items.filter((item) => !nested.includes(item)).map((item) => {
      const { filter, operator, value } = item as StoredFilter;
      return { column: shortName(filter), operator, value };
    }),
    search: typeof search === "string" ? search : "",
    ordering: Array.isArray(ordering) ? ordering.map((one) => shortName(String(one))) : [],
    hidden: Array.isArray(hidden) ? hidden.map(shortName) : null,
    rest: { ...rest, ...(nested.length > 0 ? { nestedFilters: nested } : {}), ...(hiddenColumns ? { hiddenColumns } : {}) },
  };
}

/** Conditions that lack their value are neither asked for nor kept yet; a range may be open at one end. */
export function isComplete(condition: Condition): boolean {
  const { value } = condition;
  if (value === null || value === undefined || value === "") return false;
  if (typeof value !== "object" || Array.isArray(value)) return true;
  const { min, max } = value as { min?: unknown; max?: unknown };
  return [min, max].some((one) => one !== null && one !== undefined && one !== "");
}

function storedFilters(view: TaskView, typeOf: (column: string) => string): { conjunction: string; items: unknown[] } {
  const nested = (view.rest.nestedFilters ?? []) as unknown[];
  const own = view.conditions.filter(isComplete).map((one) => ({
    filter: `${FILTER}${longName(one.column)}`, operator: one.operator, type: typeOf(one.column), value: one.value,
  }));
  return { conjunction: view.conjunction, items: [...own, ...nested] };
}

/** The tab as it is kept. */
export function storedData(view: TaskView, typeOf: (column: string) => string): Record<string, unknown> {
  const { nestedFilters: _, hiddenColumns, ...rest } = view.rest;
  return {
    type: "list", target: "tasks", ...rest, title: view.title, filters: storedFilters(view, typeOf), ordering: view.ordering.map(longName), search: view.search,
    ...(view.hidden || hiddenColumns ? { hiddenColumns: { labeling: [], ...(hiddenColumns as object), ...(view.hidden ? { explore: view.hidden.map(longName) } : {}) } } : {}),
  };
}

/** What the server is asked for: `null` where the whole project is shown in its own order. */
export function askedFor(view: TaskView, typeOf: (column: string) => string): { filters?: unknown; ordering?: string[]; search?: string } | null {
  const filters = storedFilters(view, typeOf);
  const asked = {
    ...(filters.items.length > 0 ? { filters } : {}),
    ...(view.ordering.length > 0 ? { ordering: view.ordering.map(longName) } : {}),
    ...(view.search.trim() ? { search: view.search.trim() } : {}),
  };
  return Object.keys(asked).length > 0 ? asked : null;
}

/** How many conditions narrow the table. */
export const countConditions = (view: TaskView): number => view.conditions.filter(isComplete).length + ((view.rest.nestedFilters as unknown[] | undefined)?.length ?? 0);

/** The next order of a column: up, down, none. With `add` the other columns' orders stay. */
export function orderedBy(ordering: readonly string[], column: string, add: boolean): string[] {
  const others = add ? ordering.filter((one) => one.replace(/^-/, "") !== column) : [];
  const next = ordering.includes(column) ? [`-${column}`] : ordering.includes(`-${column}`) ? [] : [column];
  return [...others, ...next];
}
