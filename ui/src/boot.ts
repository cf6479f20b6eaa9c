/** What the server wrote into the page: the only thing the browser knows before its first request. */

export interface BootUser {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  username: string;
  initials: string;
  avatar: string | null;
  active_organization: number | null;
  permissions?: string[];
  /** Keys of one's own, as Label Studio keeps them. */
  custom_hotkeys?: Keymap;
}

export type Keymap = Record<string, { key?: string | null; mac?: string | null; active?: boolean; description?: string }>;

export interface Boot {
  /** The path that we are served under, without a slash at its end: `""` or `"/label"`. */
  base: string;
  locale: "en" | "zh" | null;
  user: BootUser | null;
  version: string;
  csrf: string;
  features: Record<string, unknown>;
  limits: { upload_bytes?: number; upload_files?: number };
  /** Keys that the installation has in place of the usual ones. */
  keymap?: Keymap;
}

const NOTHING: Boot = { base: "", locale: null, user: null, version: "", csrf: "", features: {}, limits: {} };

function read(): Boot {
  if (typeof document === "undefined") return NOTHING;
  const text = document.getElementById("boot")?.textContent;
  return text ? { ...NOTHING, ...(JSON.parse(text) as Partial<Boot>) } : NOTHING;
}

export const boot: Boot = read();

/** An address on our server: `url("/projects")` is `/label/projects` under the sub-path `/label`. */
export function url(path: string): string {
  return /^[a-z][a-z0-9+.-]*:|^\/\//i.test(path) ? path : boot.base + path;
}
