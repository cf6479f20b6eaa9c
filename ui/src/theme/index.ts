/** The choice between light, dark and what the system says. The server writes it into <html> before the first paint. */
import { computed, signal } from "@preact/signals";

import { boot } from "../boot.ts";

export type ThemeChoice = "auto" | "light" | "dark";

const COOKIE = "labelwright_theme";
const YEAR_S = 31_536_000;

const isBrowser = typeof document !== "undefined";
const system = isBrowser ? matchMedia("(prefers-color-scheme: dark)") : null;
const systemIsDark = signal(system?.matches ?? false);
system?.addEventListener("change", (event) => (systemIsDark.value = event.matches));

const written = isBrowser ? document.documentElement.dataset.theme : undefined;

/** What the user chose; write it by `setTheme`. */
export const themeChoice = signal<ThemeChoice>(written === "light" || written === "dark" ? written : "auto");

/** What is on screen now. */
export const isDark = computed(() => (themeChoice.value === "auto" ? systemIsDark.value : themeChoice.value === "dark"));

export function setTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  document.cookie = `${COOKIE}=${choice}; path=${boot.base || "/"}; max-age=${YEAR_S}; samesite=lax`;
}

/** A colour token as a canvas can use it, resolved for the scheme in force: `colour("accent")`. */
export function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--lw-${token}`).trim();
}
