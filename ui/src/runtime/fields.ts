/** `$image`, `$a.b[0]`, or text with such parts, looked up in a task's data. */
type Data = Record<string, unknown>;

const PATH = /\$([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+|\[\d+\])*)/gu;

function lookUp(path: string, data: Data): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  let value: unknown = data;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** The field that a value names when it is nothing else: `$image` gives `image`. */
export function fieldName(value: unknown): string | null {
  if (typeof value !== "string" || !value.startsWith("$")) return null;
  const whole = value.match(PATH);
  return whole && whole[0] === value ? value.slice(1) : null;
}

export function resolveField(value: unknown, data: Data): unknown {
  if (typeof value !== "string" || !value.includes("$")) return value;
  const name = fieldName(value);
  if (name !== null) {
    const found = lookUp(name, data);
    // An upload that came before the configuration keeps its only value under this name.
    return found === undefined && Object.hasOwn(data, "$undefined$") ? data.$undefined$ : found;
  }
  return value.replace(PATH, (whole, path: string) => {
    const found = lookUp(path, data);
    if (found === undefined || found === null) return whole;
    return typeof found === "object" ? JSON.stringify(found) : String(found);
  });
}
