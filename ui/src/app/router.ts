/** Addresses and screens: the history API under the base path, and a module per screen, fetched when it is wanted. */
import { computed, signal } from "@preact/signals";
import type { ComponentType } from "preact";

import { boot, url } from "../boot.ts";

export type RouteParams = Record<string, string>;
export type Screen = ComponentType<{ params: RouteParams; query: URLSearchParams }>;

export interface Route {
  /** `/projects/:id/settings/:sub`; a part that begins with a colon matches anything but a slash. */
  path: string;
  name: string;
  load: () => Promise<Screen>;
  /** Needs the whole window: no margins, no scrolling of the page. */
  fills?: boolean;
}

export interface Match {
  route: Route;
  params: RouteParams;
}

const isBrowser = typeof location !== "undefined";

function read(): { path: string; search: string } {
  if (!isBrowser) return { path: "/", search: "" };
  const inside = location.pathname.startsWith(boot.base) ? location.pathname.slice(boot.base.length) : location.pathname;
  return { path: inside || "/", search: location.search };
}

const here = signal(read());

/** Path under the base, with a slash at its beginning. */
export const path = computed(() => here.value.path);
export const query = computed(() => new URLSearchParams(here.value.search));

export function matchPath(pattern: string, at: string): RouteParams | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = at.split("/").filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: RouteParams = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(":")) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  // Ids are numbers everywhere: `/projects/create` is no project.
  return "id" in params && !/^\d+$/.test(params.id!) ? null : params;
}

export function findRoute(routes: readonly Route[], at: string): Match | null {
  for (const route of routes) {
    const params = matchPath(route.path, at);
    if (params) return { route, params };
  }
  return null;
}

export interface LeaveGuard {
  isDirty: () => boolean;
  /** Ask the user; `false` stays. */
  ask: () => Promise<boolean>;
}

const guards = new Set<LeaveGuard>();

/** Ask before unsaved work is left. Gives back how to stop asking. */
export function guardLeaving(guard: LeaveGuard): () => void {
  guards.add(guard);
  return () => guards.delete(guard);
}

async function mayLeave(): Promise<boolean> {
  for (const guard of guards) if (guard.isDirty() && !(await guard.ask())) return false;
  return true;
}

/** Show the page from its beginning. */
export function scrollUp(): void {
  document.getElementById("main")?.scrollTo(0, 0);
}

/** Go to a path of the application. */
export async function navigate(to: string, { replace = false } = {}): Promise<void> {
  const target = url(to);
  const isElsewhere = to.split("?")[0] !== path.peek();
  if (isElsewhere && guards.size > 0 && !(await mayLeave())) return;
  history[replace ? "replaceState" : "pushState"](null, "", target);
  here.value = read();
  if (!isElsewhere) return;
  getSelection()?.removeAllRanges(); // it is in what has gone: a caret of the next screen would begin nowhere
  scrollUp();
}

/** Change the query of this page, not the page. */
export function setQuery(changes: Record<string, string | null>, { replace = true } = {}): void {
  const next = new URLSearchParams(here.value.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  history[replace ? "replaceState" : "pushState"](null, "", url(path.peek()) + (text ? `?${text}` : ""));
  here.value = read();
}

/** Server-written addresses, which a click must really load. */
const SERVER_PATHS = /^\/(api|user\/(login|signup)|logout|data|static|docs|admin|health)(\/|$)/;

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || !to.pathname.startsWith(boot.base)) return;
  const inside = to.pathname.slice(boot.base.length) || "/";
  if (SERVER_PATHS.test(inside) || (to.hash && to.pathname === location.pathname)) return;
  event.preventDefault();
  void navigate(inside + to.search);
}

/** Begin to follow links and the browser's back and forward. */
export function startRouter(): void {
  document.addEventListener("click", followLink);
  addEventListener("popstate", async () => {
    const before = url(here.value.path) + here.value.search;
    if (read().path !== here.value.path && guards.size > 0 && !(await mayLeave())) return history.pushState(null, "", before);
    here.value = read();
  });
  addEventListener("beforeunload", (event) => {
    if ([...guards].some((guard) => guard.isDirty())) event.preventDefault();
  });
}
