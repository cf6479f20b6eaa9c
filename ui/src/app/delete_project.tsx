import { api } from "../api/client.ts";
import type { Project } from "../api/types.ts";
import { t, tn } from "../i18n/index.ts";
import { confirm } from "./confirm.tsx";
import { toast } from "./toasts.ts";

/** Ask, by typing its name, then delete. Tells whether it was done. */
export async function deleteProject(project: Project): Promise<boolean> {
  const name = project.title.trim() || String(project.id);
  const isSure = await confirm({
    title: t("Delete {title}?", { title: name }),
    body: tn(
      "Its {n} task goes, with every annotation, draft and uploaded file. This cannot be undone.",
      "Its {n} tasks go, with every annotation, draft and uploaded file. This cannot be undone.", project.task_number ?? 0,
    ),
    action: t("Delete this project"),
    danger: true,
    typed: { label: t("Type {title} to go on", { title: name }), value: name },
  });
  if (!isSure) return false;
  await api.delete(`/api/projects/${project.id}/`, undefined, { respondAsync: true });
  toast(t("{title} is deleted", { title: name }), "good");
  return true;
}
