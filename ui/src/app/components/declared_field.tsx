/** A field of a form that a plugin's class declares: of a storage, of a connection to a model. */
import type { Messages } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { Field, SelectField, SwitchField, TextArea, TextField } from "./field.tsx";

export type Value = string | number | boolean | null;

export interface FieldDeclaration {
  name: string;
  label: string;
  kind: "text" | "long_text" | "json" | "secret" | "number" | "flag" | "choice";
  default: Value;
  required: boolean;
  help: string;
  choices: string[];
  placeholder: string;
  choice_labels?: string[];
  /** Another field and its value, with which alone it is asked for. */
  only_if?: [string, string] | null;
}

/** Those of a form that are asked for, with what is filled in so far. */
export const askedFields = <F extends FieldDeclaration>(fields: F[], filled: Record<string, unknown>): F[] =>
  fields.filter((field) => !field.only_if || filled[field.only_if[0]] === field.only_if[1]);

export function DeclaredField({ kind, field, value, isThere, onValue, error }: {
  kind: { messages?: Messages }; field: FieldDeclaration; value: Value; isThere: boolean; onValue: (value: Value) => void; error: string[];
}) {
  const label = tOf(kind, field.label);
  const hint = field.help ? tOf(kind, field.help) : undefined;
  const shared = { label, hint, error };
  const text = String(value ?? "");
  if (field.kind === "flag") return <SwitchField label={label} hint={hint} checked={Boolean(value)} onValue={onValue} />;
  if (field.kind === "choice") return <SelectField {...shared} value={text} options={field.choices.map((one, place) => ({ value: one, label: tOf(kind, field.choice_labels?.[place] ?? one) }))} onValue={onValue} />;
  if (field.kind === "long_text" || field.kind === "json") return <TextArea {...shared} mono rows={5} value={text} onValue={onValue} spellcheck={false} />;
  if (field.kind === "text") return <TextField {...shared} value={text} onValue={onValue} required={field.required} placeholder={field.placeholder} autocomplete="off" spellcheck={false} />;
  if (field.kind === "number") {
    return (
      <Field {...shared}>
        {(control) => <input class="lw-input settings-number" type="number" {...control} value={text} onInput={(event) => onValue(event.currentTarget.value === "" ? null : event.currentTarget.valueAsNumber)} />}
      </Field>
    );
  }
  return (
    <Field {...shared} hint={isThere ? t("Left empty, the one of before stays.") : hint}>
      {(control) => <input class="lw-input" type="password" autocomplete="new-password" {...control} value={text} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}
