/** A part of a project as a form: what was changed, saving it, and what the server said against it. */
import { useEffect, useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { Project } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { confirm } from "../confirm.tsx";
import { guardLeaving } from "../router.ts";
import { toast } from "../toasts.ts";

export interface ProjectForm<K extends keyof Project> {
  value: Pick<Project, K>;
  set: <F extends K>(field: F, value: Project[F]) => void;
  isChanged: boolean;
  error: unknown;
  save: () => Promise<boolean>;
  undo: () => void;
}

export function useProjectForm<K extends keyof Project>(project: Project, fields: readonly K[], onSaved: (project: Project) => void): ProjectForm<K> {
  const pick = (from: Project) => Object.fromEntries(fields.map((field) => [field, from[field]])) as Pick<Project, K>;
  const [value, setValue] = useState(() => pick(project));
  const [error, setError] = useState<unknown>(null);
  const changed = fields.filter((field) => (value[field] ?? "") !== (project[field] ?? ""));
  const dirty = useRef(false);
  dirty.current = changed.length > 0;
  useEffect(() => guardLeaving({
    isDirty: () => dirty.current,
    ask: () => confirm({ title: t("Leave without saving?"), body: t("What you changed on this page is forgotten."), action: t("Leave"), danger: true }),
  }), []);

  const save = async () => {
    setError(null);
    try {
      const saved = await api.patch<Project>(`/api/projects/${project.id}/`, Object.fromEntries(changed.map((field) => [field, value[field]])));
      setValue((old) => ({ ...old, ...pick({ ...project, ...saved }) }));
      onSaved(saved);
      toast(t("Saved"), "good");
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    }
  };
  return {
    value, isChanged: changed.length > 0, error, save,
    set: (field, next) => setValue((old) => ({ ...old, [field]: next })),
    undo: () => { setValue(pick(project)); setError(null); },
  };
}
