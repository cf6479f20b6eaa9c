import { t, tn } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Panel } from "../components/panel.tsx";
import { deleteProject } from "../delete_project.tsx";
import { navigate } from "../router.ts";
import type { SettingsProps } from "../screens/settings.tsx";

export function DangerZone({ project }: SettingsProps) {
  const remove = async () => {
    if (await deleteProject(project)) await navigate("/projects");
  };
  return (
    <>
      <h1>{t("Danger zone")}</h1>
      <Panel title={t("Delete the project")}>
        <div class="danger-row">
          <p>{tn("{n} task, its annotations and uploaded files are deleted for good. Export first what you want to keep.", "{n} tasks, their annotations and uploaded files are deleted for good. Export first what you want to keep.", project.task_number ?? 0)}</p>
          <Button kind="danger" icon="trash" onClick={remove}>{t("Delete…")}</Button>
        </div>
      </Panel>
    </>
  );
}
