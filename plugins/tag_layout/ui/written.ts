/** What authors write into attributes. */
import { safeStyle } from "labelwright";

export const isOn = (value: unknown): boolean => value === true || value === "true";
export const text = (value: unknown): string | undefined => (value === undefined || value === null || value === "" ? undefined : String(value));

export function styleOf(value: unknown): string | undefined {
  const written = text(value);
  return written === undefined ? undefined : safeStyle(written);
}
