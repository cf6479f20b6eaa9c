/** The project on screen, for the bar above it and for every screen inside it. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { api } from "../api/client.ts";
import type { Project } from "../api/types.ts";
import { useResource, type Resource } from "./resource.ts";

export const currentProject = signal<Project | null>(null);

/** Load the project and keep it in `currentProject`; an answer of before is shown meanwhile. */
export function useProject(id: number): Resource<Project> {
  const resource = useResource((signal) => api.get<Project>(`/api/projects/${id}/`, { signal }), [id]);
  const known = resource.data?.id === id ? resource.data : undefined;
  useEffect(() => {
    if (known) currentProject.value = known;
  }, [known]);
  const shown = known ?? (currentProject.value?.id === id ? currentProject.value : undefined);
  return { ...resource, data: shown, isLoading: !shown && !resource.error };
}

/** Tell every listener what a change has answered. */
export function noteProject(project: Project): void {
  if (currentProject.value?.id === project.id) currentProject.value = { ...currentProject.value, ...project };
}
