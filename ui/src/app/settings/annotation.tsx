import { fieldErrors } from "../../api/errors.ts";
import { t } from "../../i18n/index.ts";
import { Field, SelectField, SwitchField, TextArea } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import type { SettingsProps } from "../screens/settings.tsx";
import { useProjectForm } from "./form.ts";
import { FormError, SaveButtons } from "./save_bar.tsx";

const FIELDS = [
  "expert_instruction", "show_instruction", "maximum_annotations", "skip_queue", "show_skip_button", "enable_empty_annotation", "show_collab_predictions",
] as const;

export function AnnotationSettings({ project, onSaved }: SettingsProps) {
  const form = useProjectForm(project, FIELDS, onSaved);
  const { value, set, error } = form;
  const foot = <SaveButtons isChanged={form.isChanged} onSave={form.save} onUndo={form.undo} />;
  return (
    <>
      <h1>{t("Annotation")}</h1>
      <FormError error={error} fields={FIELDS} />
      <Panel title={t("Instructions")} about={t("What a labeller should know. Plain text, or simple HTML.")}>
        <TextArea quiet label={t("Instructions")} value={value.expert_instruction ?? ""} onValue={(text) => set("expert_instruction", text)} error={fieldErrors(error, "expert_instruction")} />
        <SwitchField label={t("Show before labelling")} hint={t("The instructions open when somebody begins to label.")} checked={value.show_instruction} onValue={(on) => set("show_instruction", on)} />
      </Panel>
      <Panel title={t("Answers")} foot={foot}>
        <Field label={t("Annotations for each task")} hint={t("A task is finished when it has so many, by different people.")} error={fieldErrors(error, "maximum_annotations")}>
          {(control) => (
            <input
              class="lw-input settings-number" type="number" min={1} max={1000} step={1} {...control} value={value.maximum_annotations}
              onInput={(event) => set("maximum_annotations", Math.max(1, Math.round(event.currentTarget.valueAsNumber) || 1))}
            />
          )}
        </Field>
        <SelectField
          label={t("When a task is skipped")} value={value.skip_queue} onValue={(queue) => set("skip_queue", queue)} error={fieldErrors(error, "skip_queue")}
          options={[
            { value: "REQUEUE_FOR_OTHERS", label: t("Give it to somebody else") },
            { value: "REQUEUE_FOR_ME", label: t("Give it to the same person again") },
            { value: "IGNORE_SKIPPED", label: t("Count it as finished") },
          ]}
        />
        <SwitchField label={t("Allow skipping")} hint={t("Labellers see a button to skip a task.")} checked={value.show_skip_button} onValue={(on) => set("show_skip_button", on)} />
        <SwitchField label={t("Allow empty answers")} hint={t("A task may be submitted without a single label.")} checked={value.enable_empty_annotation} onValue={(on) => set("enable_empty_annotation", on)} />
        <SwitchField label={t("Begin with predictions")} hint={t("Labellers start from what a model proposed, where it did.")} checked={value.show_collab_predictions} onValue={(on) => set("show_collab_predictions", on)} />
      </Panel>
    </>
  );
}
