/** A look at the beginning of a file, in the browser: which fields its tasks have, before anything is sent. */
import { holdsTasks, type FileEntry } from "./files.ts";

export interface Peek {
  /** The first task's data; `null` where the file is one task itself. */
  data: Record<string, unknown> | null;
  kind: "tasks" | "image" | "audio" | "video" | "other";
}

const PEEK_BYTES = 262_144;

/** The first complete `{...}` in a text, parsed; braces inside strings do not count. */
export function firstObject(text: string): Record<string, unknown> | null {
  const start = text.indexOf("{");
  if (start < 0) return null;
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (inString) {
      if (sign === "\\") at += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === "{") depth += 1;
    else if (sign === "}" && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, at + 1)) as Record<string, unknown>;
      } catch {
        return null;
      }
    }
  }
  return null;
}

/** The cells of the first record at `from`, quotes undone, and where the next begins. */
export function record(text: string, separator: string, from = 0): { cells: string[]; next: number } {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  let at = from;
  for (; at < text.length; at += 1) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) { cells.push(cell); cell = ""; }
    else if (sign === "\n") break;
    else if (sign !== "\r") cell += sign;
  }
  return { cells: [...cells, cell], next: at + 1 };
}

export function firstRow(text: string, separator?: string): Record<string, unknown> | null {
  const line = text.split("\n", 1)[0] ?? "";
  const sign = separator ?? ((line.match(/;/g)?.length ?? 0) > (line.match(/,/g)?.length ?? 0) ? ";" : ",");
  const head = record(text, sign);
  const row = record(text, sign, head.next);
  if (head.cells.length === 0 || row.cells.join("") === "") return null;
  return Object.fromEntries(head.cells.map((name, index) => [name.trim(), row.cells[index] ?? ""]));
}

/** The data of the first task in a file's text. */
export function peekText(name: string, text: string): Record<string, unknown> | null {
  const clean = text.replace(/^\uFEFF/, "");
  if (/\.csv$/i.test(name)) return firstRow(clean);
  if (/\.tsv$/i.test(name)) return firstRow(clean, "\t");
  if (/\.jsonl?$/i.test(name)) {
    const item = firstObject(clean);
    const data = item?.data;
    return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : item;
  }
  if (/\.txt$/i.test(name)) {
    const line = clean.split("\n").find((one) => one.trim());
    return line ? { text: line.trim() } : null;
  }
  return null;
}

export async function peek(entry: FileEntry): Promise<Peek> {
  const kind = /^(image|audio|video)\//.exec(entry.file.type)?.[1] as Peek["kind"] | undefined;
  if (!holdsTasks(entry.name)) return { kind: kind ?? "other", data: null };
  const text = await entry.file.slice(0, PEEK_BYTES).text();
  return { kind: "tasks", data: peekText(entry.name, text) };
}

/** The fields of the data that a configuration reads. */
export function fieldsOf(config: string): string[] {
  return [...new Set([...config.matchAll(/=\s*["']\$([\p{L}\p{N}_]+)[^"']*["']/gu)].map((match) => match[1]!))];
}

/** A column for each field that the data lack: a likely one, or `""`. Nothing is lacking: an empty object. */
export function guessColumns(fields: readonly string[], data: Record<string, unknown>): Record<string, string> {
  const free = Object.keys(data).filter((name) => !fields.includes(name));
  const guessed: Record<string, string> = {};
  for (const field of fields.filter((one) => !(one in data))) {
    const alike = free.find((name) => name.toLowerCase() === field.toLowerCase());
    const tied = /"\$(.*)"/.exec(tieFields(`value="$${field}"`, Object.fromEntries(free.map((name) => [name, data[name]]))))?.[1];
    const found = alike ?? (tied !== field ? tied : undefined) ?? "";
    guessed[field] = Object.values(guessed).includes(found) ? "" : found;
  }
  return guessed;
}

const IMAGE_ADDRESS = /^(data:image\/|(https?:\/\/|\/)\S+\.(png|jpe?g|gif|webp|bmp|svg|avif)(\?\S*)?$)/i;

export const isImageAddress = (value: unknown): value is string => typeof value === "string" && IMAGE_ADDRESS.test(value);

/**
 * Tie a template to the user's data: `$image` becomes the field that holds an address of an image, `$text` the one
 * with the longest text. A field that the data have is left alone.
 */
export function tieFields(config: string, data: Record<string, unknown> | null): string {
  if (!data) return config;
  const names = Object.keys(data);
  const wanted = [...new Set([...config.matchAll(/["']\$(\w+)["']/g)].map((match) => match[1]!))];
  const image = names.find((name) => isImageAddress(data[name]));
  const texts = names.filter((name) => typeof data[name] === "string" && !isImageAddress(data[name]));
  const text = texts.toSorted((a, b) => String(data[b]).length - String(data[a]).length)[0];
  let tied = config;
  for (const field of wanted) {
    if (field in data) continue;
    const instead = /^(img|image|photo|picture)/i.test(field) ? image : /^(text|content|body)/i.test(field) ? text : undefined;
    if (instead) tied = tied.replaceAll(new RegExp(`(["'])\\$${field}\\1`, "g"), `$1$${"$"}${instead}$1`);
  }
  return tied;
}
