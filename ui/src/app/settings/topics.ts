/** The topics of a project's settings that are always there. The addresses are Label Studio's, so that old links arrive. */
import { t } from "../../i18n/index.ts";

export const SETTINGS_TOPICS = [
  { id: "general", name: () => t("General") },
  { id: "labeling", name: () => t("Labelling interface") },
  { id: "annotation", name: () => t("Annotation") },
  { id: "storage", name: () => t("Cloud storage") },
  { id: "ml", name: () => t("Models") },
  { id: "danger-zone", name: () => t("Danger zone") },
] as const;
