/** The labelling runtime: a configuration, a task and an annotation become something to work with. */
import { h, render } from "preact";

import { api } from "../api/client.ts";
import { boot } from "../boot.ts";
import { locale } from "../i18n/index.ts";
import type { ResultItem } from "../../sdk/labelwright";
import type { Failure } from "./loader.ts";
import { loadMessages } from "./messages.ts";
import { settle } from "./presets.ts";
import { Runtime, type RuntimeOptions } from "./runtime.ts";
import { validate, type Problem } from "./validate.ts";
import { Workspace } from "./workspace.tsx";
import "./runtime.css";

export type { Command } from "./hotkeys.ts";
export type { Op } from "./results.ts";
export type { TagInfo } from "./config.ts";
export { Runtime, settle, validate, Workspace, type Problem, type RuntimeOptions };

export interface LabellingOptions extends Omit<RuntimeOptions, "onFailure"> {
  /** Regions, details and history beside it; a preview has none. */
  side?: boolean;
}

export interface Labelling {
  getResult(): ResultItem[];
  validate(): Problem[];
  runtime: Runtime;
  dispose(): void;
}

/** A tag that failed in a browser is told to the server, which names its plugin to administrators. */
export function reportFailure(failure: Failure): void {
  const report = { tag: failure.tag, message: failure.message.slice(0, 2000), stack: failure.stack.slice(0, 8000), url: location.pathname };
  void api.post(`/api/plugins/${encodeURIComponent(failure.plugin)}/browser-errors`, report, { stayWhenSignedOut: true }).catch(() => undefined);
}

export async function createRuntime(options: LabellingOptions): Promise<Runtime> {
  if (locale.peek() !== "en") await loadMessages();
  return Runtime.create({ ...options, base: boot.base, onFailure: reportFailure });
}

/** Draw the runtime into `el`. With `mode: "preview"` it labels truly, and keeps nothing. */
export async function mountLabelling(el: HTMLElement, options: LabellingOptions): Promise<Labelling> {
  const runtime = await createRuntime(options);
  const preview = options.mode === "preview";
  render(h(Workspace, { runtime, side: options.side ?? !preview }), el);
  return {
    runtime,
    getResult: () => runtime.getResult(true),
    validate: () => validate(runtime),
    dispose() {
      render(null, el);
      runtime.dispose();
    },
  };
}

/** The words of the runtime in the language on screen, when that changes. */
locale.subscribe((now) => {
  if (now !== "en") void loadMessages();
});

