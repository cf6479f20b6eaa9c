import type { Problem } from "../../api/types.ts";
import { t, tn } from "../../i18n/index.ts";
import { Icon } from "../components/icons.tsx";
import { errorsOf, problemRemedy, problemText } from "./check.ts";

/** Everything that is wrong or odd in a configuration; a press goes to its line. */
export function Problems({ problems, onGo }: { problems: readonly Problem[]; onGo: (line: number) => void }) {
  if (problems.length === 0) return null;
  const errors = errorsOf(problems).length;
  return (
    <section class="problems" aria-label={t("Problems")}>
      <p class="lw-hidden-visually" role="status">
        {errors > 0 ? tn("{n} error", "{n} errors", errors) : tn("{n} warning", "{n} warnings", problems.length)}
      </p>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" class={`problem problem--${problem.level}`} onClick={() => onGo(problem.line)}>
              <Icon name={problem.level === "error" ? "error" : "warning"} />
              <span class="problem-text">
                <span>{problemText(problem)}</span>
                {problemRemedy(problem) && <span class="lw-muted">{problemRemedy(problem)}</span>}
              </span>
              <span class="lw-tiny lw-muted lw-digits">{t("Line {line}", { line: problem.line })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
