import { copyText } from "../toasts.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";

/** Something to be copied, whole and at one press. */
export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <div class="app-copy">
          <input class="lw-input" {...control} value={value} readOnly onFocus={(event) => event.currentTarget.select()} />
          <Button icon="copy" onClick={() => copyText(value)}>{t("Copy")}</Button>
        </div>
      )}
    </Field>
  );
}
