/** What the server thinks of a configuration that is being written. */
import { useEffect, useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { asParams, translateServerText } from "../../api/errors.ts";
import type { ConfigCheck, Problem, TagInfo } from "../../api/types.ts";
import { t, type Params } from "../../i18n/index.ts";
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

/** Broken XML in our words: the parser's own are terse, and English. */
const XML_CAUSES: Record<string, (params: Params) => string> = {
  ampersand: () => t("A lone & stands here; write &amp; for it."),
  "angle-in-value": () => t("A value holds the character <; write &lt; for it."),
  "attribute-twice": (p) => t("The attribute {name} is written twice.", p),
  attributes: () => t("The attributes cannot be read: each is written as name=\"value\", with a space before it."),
  character: () => t("A character stands here that XML does not allow."),
  comment: () => t("A comment is not ended; write --> after it."),
  crossed: (p) => t("<{name}> of line {opened} is closed by </{other}>.", p),
  entity: (p) => t("XML does not know &{name}; – write the character itself.", p),
  name: () => t("A name is missing after <; write &lt; where the character itself is meant."),
  "no-element": () => t("This does not begin with an element, such as <View>."),
  "no-value": (p) => t("The attribute {name} has no value.", p),
  "not-closed": (p) => t("<{name}> of line {opened} is never closed.", p),
  quotes: () => t("A value lacks one of its quotation marks."),
  "second-root": () => t("Something stands after the end of the first element; put everything inside it."),
};

const xmlCause = (problem: Problem) => XML_CAUSES[String(problem.params?.cause ?? "")];

export function problemText(problem: Problem): string {
  const cause = xmlCause(problem);
  return cause ? cause(asParams(problem.params)) : translateServerText(problem.message, problem.code, factsOf(problem), "problem");
}

/** Broken XML whose cause is known is told with its remedy already. */
export const problemRemedy = (problem: Problem): string => (problem.remedy && !xmlCause(problem) ? translateServerText(problem.remedy, problem.code, factsOf(problem), "remedy") : "");

let tags: Promise<TagInfo[]> | null = null;

/** Every tag that the server knows; asked once a page. */
export function allTags(): Promise<TagInfo[]> {
  tags ??= api.get<TagInfo[]>("/api/tags").catch((error: unknown) => {
    tags = null;
    throw error;
  });
  return tags;
}
