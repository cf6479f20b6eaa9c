/** Attributes of a control, as the server has read them or as somebody writes them in the preview. */
export const isOn = (value: unknown): boolean => value === true || value === "true";

export const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** `null` where nothing is written, or no number. */
export function number(value: unknown): number | null {
  if (value === null || value === undefined || String(value).trim() === "") return null;
  const read = Number(value);
  return Number.isFinite(read) ? read : null;
}
