/** Conditions on the tasks in the table, one row each. */
import { t } from "../../i18n/index.ts";
import type { UserLite } from "../../api/types.ts";
import { Button } from "../components/button.tsx";
import { Note } from "../components/states.tsx";
import { nameOf } from "./cell.tsx";
import type { Column } from "./columns.ts";
import { operatorOf, operatorsOf, valueFor, type Operator } from "./operators.ts";
import type { Condition, TaskView } from "./view.ts";

type People = ReadonlyMap<number, UserLite>;

interface ValueProps {
  value: unknown;
  label: string;
  onValue: (value: unknown) => void;
}

function NumberInput({ value, label, onValue }: ValueProps) {
  return (
    <input
      class="lw-input" type="number" step="any" aria-label={label} value={typeof value === "number" ? value : ""}
      onInput={(event) => onValue(Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber)}
    />
  );
}

/** People write 80 %, the server is told 0.8. */
function PercentInput({ value, label, onValue }: ValueProps) {
  return (
    <span class="tasks-filter-percent">
      <NumberInput
        value={typeof value === "number" ? Number((100 * value).toFixed(6)) : null} label={`${label} (%)`}
        onValue={(one) => onValue(typeof one === "number" ? Number((one / 100).toFixed(8)) : null)}
      />
      <span class="lw-muted" aria-hidden="true">%</span>
    </span>
  );
}

/** The browser's own field speaks local time; the server is told the moment. */
function MomentInput({ value, label, onValue }: ValueProps) {
  const moment = typeof value === "string" ? new Date(value) : null;
  const local = moment && !Number.isNaN(moment.getTime()) ? new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "";
  return (
    <input
      class="lw-input" type="datetime-local" aria-label={label} value={local}
      onInput={(event) => onValue(event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null)}
    />
  );
}

function ItemInput({ value, label, onValue, column, people }: ValueProps & { column: Column; people: People }) {
  const items = column.items ?? [];
  return (
    <select class="lw-select" aria-label={label} value={value === null ? "" : String(value)} onChange={(event) => onValue(items.find((one) => String(one) === event.currentTarget.value) ?? null)}>
      <option value="" disabled>{t("Choose…")}</option>
      {items.map((one) => {
        const user = typeof one === "number" ? people.get(one) : undefined;
        return <option key={one} value={String(one)}>{user ? nameOf(user) : String(one)}</option>;
      })}
    </select>
  );
}

function ValueInput({ operator, column, condition, people, onValue }: { operator: Operator; column: Column; condition: Condition; people: People; onValue: (value: unknown) => void }) {
  const label = t("Value");
  const { value } = condition;
  const { min = null, max = null } = (typeof value === "object" && value !== null ? value : {}) as { min?: unknown; max?: unknown };
  switch (operator.value) {
    case "yesno":
      return (
        <select class="lw-select" aria-label={label} value={String(value !== false)} onChange={(event) => onValue(event.currentTarget.value === "true")}>
          <option value="true">{t("Yes")}</option>
          <option value="false">{t("No")}</option>
        </select>
      );
    case "number": {
      const Input = column.kind === "percent" ? PercentInput : NumberInput;
      return <Input value={value} label={label} onValue={onValue} />;
    }
    case "moment": return <MomentInput value={value} label={label} onValue={onValue} />;
    case "item": return <ItemInput value={value} label={label} onValue={onValue} column={column} people={people} />;
    case "range":
    case "moments": {
      const Input = operator.value === "moments" ? MomentInput : column.kind === "percent" ? PercentInput : NumberInput;
      return (
        <span class="tasks-filter-range">
          <Input value={min} label={t("From")} onValue={(one) => onValue({ min: one, max })} />
          <Input value={max} label={t("To")} onValue={(one) => onValue({ min, max: one })} />
        </span>
      );
    }
    default:
      return <input class="lw-input" type="text" aria-label={label} value={typeof value === "string" ? value : String(value ?? "")} onInput={(event) => onValue(event.currentTarget.value)} />;
  }
}

const typeOf = (column: Column): string => column.type ?? "String";

/** A new condition begins with what is asked most: a text in the first field of the data. */
function firstCondition(columns: readonly Column[]): Condition {
  const column = columns.find((one) => one.field !== undefined) ?? columns[0]!;
  const operator = operatorsOf(typeOf(column))[0]!;
  return { column: column.id, operator: operator.id, value: valueFor(operator, null) };
}

export function FilterPanel({ view, columns, people, onChange }: {
  view: TaskView; columns: readonly Column[]; people: People; onChange: (changes: Partial<TaskView>) => void;
}) {
  const askable = columns.filter((one) => one.type);
  const put = (at: number, condition: Condition) => onChange({ conditions: view.conditions.with(at, condition) });
  const nested = (view.rest.nestedFilters as unknown[] | undefined)?.length ?? 0;
  return (
    <div class="tasks-filters">
      {view.conditions.length === 0 && nested === 0 && <p class="lw-muted lw-small">{t("All tasks are shown. Add a condition to see fewer.")}</p>}
      {view.conditions.map((condition, at) => {
        // A field that is gone keeps its condition, so that nobody wonders where the tasks went.
        const column = askable.find((one) => one.id === condition.column) ?? { id: condition.column, title: condition.column.replace(/^data\./, ""), kind: "text" as const, width: 0, type: "String" };
        const operator = operatorOf(typeOf(column), condition.operator) ?? operatorsOf(typeOf(column))[0]!;
        return (
          <div key={at} class="tasks-filter" role="group" aria-label={t("Condition {n}", { n: at + 1 })}>
            <span class="lw-muted lw-small">{at === 0 ? t("Where") : (
              <select class="lw-select lw-select--small" aria-label={t("How conditions go together")} value={view.conjunction} onChange={(event) => onChange({ conjunction: event.currentTarget.value as "and" | "or" })}>
                <option value="and">{t("and")}</option>
                <option value="or">{t("or")}</option>
              </select>
            )}</span>
            <select
              class="lw-select" aria-label={t("Column")} value={column.id}
              onChange={(event) => {
                const next = askable.find((one) => one.id === event.currentTarget.value)!;
                const first = operatorOf(typeOf(next), condition.operator) ?? operatorsOf(typeOf(next))[0]!;
                put(at, { column: next.id, operator: first.id, value: valueFor(first, typeOf(next) === typeOf(column) ? condition.value : null) });
              }}
            >
              {!askable.some((one) => one.id === column.id) && <option value={column.id}>{column.title}</option>}
              {askable.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
            </select>
            <select
              class="lw-select" aria-label={t("Comparison")} value={operator.id}
              onChange={(event) => {
                const next = operatorOf(typeOf(column), event.currentTarget.value)!;
                put(at, { ...condition, operator: next.id, value: valueFor(next, condition.value) });
              }}
            >
              {operatorsOf(typeOf(column)).map((one) => <option key={one.id} value={one.id}>{one.label()}</option>)}
            </select>
            <ValueInput operator={operator} column={column} condition={condition} people={people} onValue={(value) => put(at, { ...condition, operator: operator.id, value })} />
            <Button kind="quiet" small icon="close" label={t("Remove this condition")} onClick={() => onChange({ conditions: view.conditions.toSpliced(at, 1) })} />
          </div>
        );
      })}
      {nested > 0 && <Note>{t("This tab also has conditions in groups, made by a program. They hold, but cannot be shown here.")}</Note>}
      <div class="lw-spread">
        <Button small icon="plus" disabled={askable.length === 0} onClick={() => onChange({ conditions: [...view.conditions, firstCondition(askable)] })}>{t("Add a condition")}</Button>
        {view.conditions.length > 0 && <Button small kind="quiet" onClick={() => onChange({ conditions: [] })}>{t("Remove all")}</Button>}
      </div>
    </div>
  );
}
