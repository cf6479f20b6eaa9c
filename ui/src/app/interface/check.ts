/** What the server thinks of a configuration that is being written. */
import { useEffect, useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { translateServerText } from "../../api/errors.ts";
import type { ConfigCheck, Problem, TagInfo } from "../../api/types.ts";
import { useRested } from "../resource.ts";

const REST_MS = 350;

export interface Checked {
  /** The configuration that `check` speaks of. */
  config: string;
  check: ConfigCheck;
}

/** Ask the server whenever the configuration has rested; the last answer stays until the next is there. */
export function useConfigCheck(config: string): { checked: Checked | null; isChecking: boolean; error: unknown } {
  const rested = useRested(config, REST_MS);
  const [state, setState] = useState<{ checked: Checked | null; error: unknown }>({ checked: null, error: null });
  const asked = useRef("");
  useEffect(() => {
    const asking = new AbortController();
    asked.current = rested;
    api.post<ConfigCheck>("/api/label-config/check", { label_config: rested }, { signal: asking.signal }).then(
      (check) => setState({ checked: { config: rested, check }, error: null }),
      (error: unknown) => { if (!asking.signal.aborted) setState((old) => ({ ...old, error })); },
    );
    return () => asking.abort();
  }, [rested]);
  return { ...state, isChecking: state.checked?.config !== config && !state.error };
}

export const errorsOf = (problems: readonly Problem[]): Problem[] => problems.filter((one) => one.level === "error");

const factsOf = (problem: Problem) => ({ tag: problem.tag, attribute: problem.attribute, line: problem.line, ...problem.params });

export const problemText = (problem: Problem): string => translateServerText(problem.message, problem.code, factsOf(problem), "problem");
export const problemRemedy = (problem: Problem): string => (problem.remedy ? translateServerText(problem.remedy, problem.code, factsOf(problem), "remedy") : "");

let tags: Promise<TagInfo[]> | null = null;

/** Every tag that the server knows; asked once a page. */
export function allTags(): Promise<TagInfo[]> {
  tags ??= api.get<TagInfo[]>("/api/tags").catch((error: unknown) => {
    tags = null;
    throw error;
  });
  return tags;
}
