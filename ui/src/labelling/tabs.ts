/** The answers of a task as tabs: which there are, which opens first, what each begins with. */
import type { ResultItem } from "../../sdk/labelwright";
import { boot } from "../boot.ts";
import type { Annotation, LabellingTask, Tab } from "./types.ts";

/** What an answer begins with. A copy of a prediction keeps its regions' ids and says where they come from. */
export function baseOf(tab: Tab): ResultItem[] {
  if (tab.kind === "prediction") return tab.prediction.result;
  if (tab.kind === "annotation") return tab.annotation.result;
  if (!tab.parent) return [];
  const isPrediction = "model_version" in tab.parent;
  return tab.parent.result.map((item) => (isPrediction && item.type !== "relation" ? { ...item, origin: "prediction" } : item));
}

export function parentOf(tab: Tab): Record<string, number> {
  if (tab.kind !== "new" || !tab.parent) return {};
  return "model_version" in tab.parent ? { parent_prediction: tab.parent.id } : { parent_annotation: tab.parent.id };
}

const authorOf = (annotation: Annotation): number | null =>
  typeof annotation.completed_by === "object" ? (annotation.completed_by?.id ?? null) : annotation.completed_by;

export function tabsOf(task: LabellingTask | null): Tab[] {
  if (!task) return [];
  const fresh = task.drafts.find((draft) => !draft.annotation) ?? null;
  const given = [...task.annotations].sort((one, other) => one.id - other.id).map((annotation): Tab => ({
    kind: "annotation", key: `a${annotation.id}`, annotation, draft: task.drafts.find((draft) => draft.annotation === annotation.id) ?? null,
  }));
  const said = task.predictions.map((prediction): Tab => ({ kind: "prediction", key: `p${prediction.id}`, prediction }));
  return [{ kind: "new", key: "new", draft: fresh, parent: null }, ...given, ...said];
}

/** Work that was begun, then the person's own answer, then a new one. */
export function firstTab(task: LabellingTask, user: number | null = boot.user?.id ?? null): Tab {
  const tabs = tabsOf(task);
  const isOwn = (tab: Tab): boolean => tab.kind === "annotation" && authorOf(tab.annotation) === user;
  return (
    tabs.find((tab) => tab.kind !== "prediction" && tab.draft !== null) ??
    tabs.findLast(isOwn) ??
    tabs[0]!
  );
}
