/** The label stream: one task after the other, until none is left. */
import { Labelling } from "../labelling_host.tsx";
import type { RouteParams } from "../router.ts";
import { useProject } from "../current_project.ts";
import { t } from "../../i18n/index.ts";
import { useTitle } from "../title.tsx";

export function LabelStream({ params }: { params: RouteParams }) {
  const id = Number(params.id);
  const project = useProject(id);
  useTitle(project.data ? t("Label {title}", { title: project.data.title }) : t("Label"));
  return <Labelling projectId={id} taskId={null} />;
}
