/** Which columns are in sight. */
import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { isSeen, withColumn, type Column } from "./columns.ts";

export function ColumnsPanel({ columns, hidden, onHidden }: { columns: readonly Column[]; hidden: readonly string[] | null; onHidden: (hidden: string[] | null) => void }) {
  const groups = [
    { title: t("Data"), columns: columns.filter((one) => one.field !== undefined) },
    { title: t("The task"), columns: columns.filter((one) => one.field === undefined) },
  ];
  return (
    <div class="tasks-columns">
      {groups.map((group) => group.columns.length > 0 && (
        <fieldset key={group.title}>
          <legend class="lw-small lw-muted">{group.title}</legend>
          {group.columns.map((column) => (
            <label key={column.id} class="tasks-column">
              <input type="checkbox" checked={isSeen(column, hidden)} onChange={(event) => onHidden(withColumn(columns, hidden, column, event.currentTarget.checked))} />
              <span class="lw-truncate">{column.title}</span>
            </label>
          ))}
        </fieldset>
      ))}
      <Button small kind="quiet" disabled={hidden === null} onClick={() => onHidden(null)}>{t("As at the beginning")}</Button>
    </div>
  );
}
