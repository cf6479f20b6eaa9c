/** Each edit since the task was opened; press one to go back to it, or forward again. */
import { useContext } from "preact/hooks";

import { formatDate, t } from "../i18n/index.ts";
import { RuntimeContext } from "./context.ts";

export function History() {
  const runtime = useContext(RuntimeContext);
  const { log, position } = runtime.store;
  const entries = [{ label: t("As it was opened"), time: 0 }, ...log.value];
  return (
    <ol class="lw-history" aria-label={t("History")}>
      {entries.map((entry, index) => (
        <li key={`${entry.time} ${index}`}>
          <button type="button" aria-current={index === position.value ? "step" : undefined} data-undone={index > position.value || undefined}
            disabled={runtime.readonly.value} onClick={() => runtime.store.goTo(index)}>
            <span>{entry.label}</span>
            {entry.time > 0 && <time>{formatDate(entry.time, "time")}</time>}
          </button>
        </li>
      )).toReversed()}
    </ol>
  );
}
