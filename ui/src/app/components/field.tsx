import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { Icon } from "./icons.tsx";

export interface ControlProps {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
}

interface FieldProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | string[] | null;
  /** The label is read out, but not shown: what the field is for is plain from its place. */
  quiet?: boolean;
  children: (control: ControlProps) => ComponentChildren;
}

/** A label, a control, a hint, an error: tied together for those who hear the page. */
export function Field({ label, hint, error, quiet, children }: FieldProps) {
  const id = useId();
  const errors = [error ?? []].flat();
  const described = [errors.length > 0 && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div class="lw-field">
      <label for={id} class={quiet ? "lw-hidden-visually" : undefined}>{label}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": errors.length > 0 || undefined })}
      {errors.length > 0 && (
        <p class="lw-field-error" id={`${id}-error`}><Icon name="error" size={14} /><span>{errors.join(" ")}</span></p>
      )}
      {hint && <p class="lw-hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

interface TextProps extends Omit<FieldProps, "children"> {
  value: string;
  onValue: (value: string) => void;
  placeholder?: string;
  autofocus?: boolean;
  autocomplete?: "off" | "name" | "given-name" | "family-name" | "tel" | "email";
  spellcheck?: boolean;
  readOnly?: boolean;
  required?: boolean;
  maxLength?: number;
  inputMode?: "text" | "tel" | "url" | "email";
}

export function TextField({ label, hint, error, quiet, value, onValue, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} quiet={quiet}>
      {(control) => <input class="lw-input" type="text" {...rest} {...control} value={value} onInput={(e) => onValue(e.currentTarget.value)} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, quiet, value, onValue, mono, ...rest }: TextProps & { mono?: boolean; rows?: number }) {
  return (
    <Field label={label} hint={hint} error={error} quiet={quiet}>
      {(control) => (
        <textarea class={`lw-textarea${mono ? " app-mono" : ""}`} {...rest} {...control} value={value} onInput={(e) => onValue(e.currentTarget.value)} />
      )}
    </Field>
  );
}

export function SelectField<T extends string>({ label, hint, error, quiet, value, options, onValue, small }: Omit<FieldProps, "children"> & {
  value: T;
  options: { value: T; label: string }[];
  onValue: (value: T) => void;
  small?: boolean;
}) {
  return (
    <Field label={label} hint={hint} error={error} quiet={quiet}>
      {(control) => (
        <select class={`lw-select${small ? " lw-select--small" : ""}`} {...control} value={value} onChange={(e) => onValue(e.currentTarget.value as T)}>
          {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
        </select>
      )}
    </Field>
  );
}

/** A switch with its name and what it does; the whole row is its target. */
export function SwitchField({ label, hint, checked, onValue, disabled }: {
  label: string; hint?: string; checked: boolean; onValue: (checked: boolean) => void; disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="app-switch-row">
      <div class="lw-check-text">
        <label class="lw-label" for={id}>{label}</label>
        {hint && <p class="lw-hint" id={`${id}-hint`}>{hint}</p>}
      </div>
      <input
        id={id} class="lw-switch" type="checkbox" role="switch" checked={checked} aria-checked={checked} disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => onValue(e.currentTarget.checked)}
      />
    </div>
  );
}

/** `example` stands in the empty field in place of the label; `hint` says more while the pointer rests on it. */
export function SearchField({ label, value, onValue, ...rest }: {
  label: string; value: string; onValue: (value: string) => void; autofocus?: boolean; class?: string; example?: string; hint?: string;
}) {
  return (
    <label class={`lw-search ${rest.class ?? ""}`} title={rest.hint}>
      <span class="lw-hidden-visually">{label}</span>
      <Icon name="search" />
      <input class="lw-input" type="search" value={value} placeholder={rest.example ?? label} autofocus={rest.autofocus} onInput={(e) => onValue(e.currentTarget.value)} />
    </label>
  );
}

/** One of a few, all of them in view. */
export function Segments<T extends string>({ label, value, options, onValue }: {
  label: string; value: T; options: { value: T; label: string }[]; onValue: (value: T) => void;
}) {
  return (
    <div class="lw-segments" role="group" aria-label={label}>
      {options.map((one) => (
        <button key={one.value} type="button" aria-pressed={one.value === value} onClick={() => onValue(one.value)}>{one.label}</button>
      ))}
    </div>
  );
}
