import { useState } from "preact/hooks";

import { fieldErrors } from "../../api/errors.ts";
import { api } from "../../api/client.ts";
import type { ConfigCheck, TaskPage } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Note } from "../components/states.tsx";
import { errorsOf } from "../interface/check.ts";
import { InterfaceEditor } from "../interface/interface_editor.tsx";
import { tieFields } from "../importing/peek.ts";
import { useResource } from "../resource.ts";
import type { SettingsProps } from "../screens/settings.tsx";
import { useProjectForm } from "./form.ts";
import { FormError, SaveButtons } from "./save_bar.tsx";

const FIELDS = ["label_config"] as const;

export function InterfaceSettings({ project, onSaved }: SettingsProps) {
  const form = useProjectForm(project, FIELDS, onSaved);
  const [check, setCheck] = useState<ConfigCheck | null>(null);
  const first = useResource((signal) => api.get<TaskPage>("/api/tasks", { query: { project: project.id, page_size: 1 }, signal }), [project.id]);
  const sample = first.data?.tasks[0]?.data ?? null;
  const refused = fieldErrors(form.error, "label_config");
  const isReady = check !== null && errorsOf(check.problems).length === 0;
  return (
    <div class="settings-interface">
      <div class="lw-spread">
        <h1>{t("Labelling interface")}</h1>
        <div class="settings-save"><SaveButtons isChanged={form.isChanged} isReady={isReady} onSave={form.save} onUndo={form.undo} /></div>
      </div>
      <FormError error={form.error} fields={FIELDS} />
      {refused.length > 0 && <Note kind="bad"><p>{refused.join(" ")}</p></Note>}
      <InterfaceEditor
        config={form.value.label_config} onConfig={(config) => form.set("label_config", config)} sample={sample}
        fit={(template) => tieFields(template.config, sample)} onCheck={setCheck}
      />
    </div>
  );
}
