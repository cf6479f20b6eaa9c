/** Dates and times as they are stored, and as the browser's fields have them. */
export type Kind = "datetime-local" | "date" | "time" | "month" | "year";

/** The field that asks for the parts named by `only`. */
export function kindOf(only: readonly string[]): Kind {
  const has = (part: string): boolean => only.includes(part);
  if (has("time")) return has("date") || has("month") || has("year") ? "datetime-local" : "time";
  if (has("date")) return "date";
  if (has("month")) return "month";
  return has("year") ? "year" : "datetime-local";
}

const DIGITS: Record<string, string> = { Y: "\\d{4}", m: "\\d{1,2}", d: "\\d{1,2}", H: "\\d{1,2}", M: "\\d{2}", S: "\\d{2}", I: "\\d{1,2}", y: "\\d{2}", p: "[AaPp][Mm]" };
const SIGN = /%([A-Za-z%])/g;

/** Whether every sign of a format is one that can be read again. */
export const isKnown = (format: string): boolean => [...format.matchAll(SIGN)].every(([, sign]) => sign === "%" || Object.hasOwn(DIGITS, sign ?? ""));

type Parts = Record<"Y" | "m" | "d" | "H" | "M" | "S", string>;

function partsOf(iso: string): Parts {
  const [, Y = "1970", m = "01", d = "01"] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(iso) ?? [];
  const [, H = "00", M = "00", S = "00"] = /(?:T|^)(\d\d):(\d\d)(?::(\d\d))?/.exec(iso) ?? [];
  return { Y, m, d, H, M, S };
}

/** A field's value in a `strftime` format. */
export function written(iso: string, format: string): string {
  const parts = partsOf(iso);
  const hour = Number(parts.H);
  const more: Record<string, string> = { "%": "%", y: parts.Y.slice(2), I: String(hour % 12 || 12).padStart(2, "0"), p: hour < 12 ? "AM" : "PM" };
  return format.replace(SIGN, (whole, sign: string) => parts[sign as keyof Parts] ?? more[sign] ?? whole);
}

/** What a field of this kind shows for a stored text; empty where it is none of this format. */
export function read(stored: string, format: string | null, kind: Kind): string {
  if (format === null) return fit(stored, kind);
  const signs: string[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(SIGN, (whole, sign: string) => {
    if (sign === "%") return "%";
    signs.push(sign);
    return `(${DIGITS[sign] ?? whole})`;
  });
  const found = new RegExp(`^${pattern}$`).exec(stored.trim());
  if (!found) return "";
  const parts: Record<string, string> = Object.fromEntries(signs.map((sign, at) => [sign, found[at + 1]!]));
  const two = (part: string | undefined, none: string): string => (part ?? none).padStart(2, "0");
  const year = parts.Y ?? (parts.y ? `20${parts.y}` : "1970");
  const hour = parts.I ? String((Number(parts.I) % 12) + (/p/i.test(parts.p ?? "") ? 12 : 0)) : parts.H;
  return fit(`${year}-${two(parts.m, "01")}-${two(parts.d, "01")}T${two(hour, "00")}:${two(parts.M, "00")}${parts.S ? `:${parts.S}` : ""}`, kind);
}

/** As much of an ISO text as a field takes. */
function fit(iso: string, kind: Kind): string {
  const text = iso.trim();
  const [date = "", time = ""] = text.includes("T") || text.includes(" ") ? text.split(/[T ]/) : /^\d{1,2}:/.test(text) ? ["", text] : [text];
  const clock = /^\d\d:\d\d(:\d\d)?/.exec(time)?.[0] ?? "";
  switch (kind) {
    case "time":
      return clock;
    case "year":
      return /^\d{4}/.exec(date)?.[0] ?? "";
    case "month":
      return /^\d{4}-\d\d/.exec(date)?.[0] ?? "";
    case "date":
      return /^\d{4}-\d\d-\d\d/.exec(date)?.[0] ?? "";
    default:
      return /^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T${clock || "00:00"}` : "";
  }
}
