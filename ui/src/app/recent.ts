/** The commands that were run last, in this browser: they stand first in the palette. */
const KEY = "labelwright:recent-commands";
const KEPT = 20;

export function recentCommands(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // storage may be forbidden, or hold something else
  }
}

export function noteCommand(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentCommands().filter((one) => one !== id)].slice(0, KEPT)));
  } catch {
    // Then the palette begins anew each time.
  }
}
