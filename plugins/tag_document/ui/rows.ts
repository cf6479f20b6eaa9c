/** Any JSON as a table: headings, and rows of texts. */
export interface Grid {
  /** `null`: the headings are the tag's own words for names and values. */
  headings: string[] | null;
  rows: string[][];
}

type Named = Record<string, unknown>;

const isObject = (value: unknown): value is Named => typeof value === "object" && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
}

export function gridOf(data: unknown): Grid {
  if (isObject(data)) return { headings: null, rows: Object.entries(data).map(([name, value]) => [name, shown(value)]) };
  if (!Array.isArray(data)) return { headings: [], rows: [[shown(data)]] };
  if (data.length > 0 && data.every(isObject)) {
    const headings = [...new Set(data.flatMap((one) => Object.keys(one)))];
    return { headings, rows: data.map((one) => headings.map((name) => shown(one[name]))) };
  }
  return { headings: [], rows: data.map((one) => (Array.isArray(one) ? one.map(shown) : [shown(one)])) };
}
