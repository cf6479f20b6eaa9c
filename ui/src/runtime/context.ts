import { createContext } from "preact";

import type { Runtime } from "./runtime.ts";

/** The runtime that a view belongs to. */
export const RuntimeContext = createContext<Runtime>(null as unknown as Runtime);
