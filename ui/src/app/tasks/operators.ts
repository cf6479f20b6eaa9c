/** What can be asked of a column, by its type: Label Studio's operators, in words. */
import { t } from "../../i18n/index.ts";

export type ValueKind = "text" | "number" | "moment" | "yesno" | "item" | "range" | "moments";

export interface Operator {
  id: string;
  label: () => string;
  value: ValueKind;
}

const empty: Operator = { id: "empty", label: () => t("is empty"), value: "yesno" };

const TEXT: Operator[] = [
  { id: "contains", label: () => t("contains"), value: "text" },
  { id: "not_contains", label: () => t("does not contain"), value: "text" },
  { id: "equal", label: () => t("is"), value: "text" },
  { id: "not_equal", label: () => t("is not"), value: "text" },
  { id: "regex", label: () => t("matches the pattern"), value: "text" },
  empty,
];
const NUMBER: Operator[] = [
  { id: "equal", label: () => "=", value: "number" },
  { id: "not_equal", label: () => "≠", value: "number" },
  { id: "less", label: () => "<", value: "number" },
  { id: "greater", label: () => ">", value: "number" },
  { id: "less_or_equal", label: () => "≤", value: "number" },
  { id: "greater_or_equal", label: () => "≥", value: "number" },
  { id: "in", label: () => t("is between"), value: "range" },
  { id: "not_in", label: () => t("is not between"), value: "range" },
  empty,
];
const MOMENT: Operator[] = [
  { id: "less", label: () => t("is before"), value: "moment" },
  { id: "greater", label: () => t("is after"), value: "moment" },
  { id: "in", label: () => t("is between"), value: "moments" },
  { id: "not_in", label: () => t("is not between"), value: "moments" },
  empty,
];
const YES_NO: Operator[] = [{ id: "equal", label: () => t("is"), value: "yesno" }];
const LIST: Operator[] = [
  { id: "contains", label: () => t("includes"), value: "item" },
  { id: "not_contains", label: () => t("does not include"), value: "item" },
  empty,
];

const BY_TYPE: Record<string, Operator[]> = { Number: NUMBER, Time: NUMBER, Datetime: MOMENT, Boolean: YES_NO, List: LIST };

export const operatorsOf = (type: string): Operator[] => BY_TYPE[type] ?? TEXT;

export const operatorOf = (type: string, id: string): Operator | undefined => operatorsOf(type).find((one) => one.id === id);

/** A value to begin with when an operator is chosen; what was there stays where it still fits. */
export function valueFor(operator: Operator, before: unknown): unknown {
  const isRange = typeof before === "object" && before !== null && !Array.isArray(before);
  switch (operator.value) {
    case "yesno": return typeof before === "boolean" ? before : true;
    case "range":
    case "moments": return isRange ? before : { min: null, max: null };
    case "number": return typeof before === "number" ? before : null;
    case "moment": return typeof before === "string" && !Number.isNaN(Date.parse(before)) ? before : null;
    case "text": return typeof before === "string" ? before : "";
    case "item": return typeof before === "number" || typeof before === "string" ? before : null;
  }
}
