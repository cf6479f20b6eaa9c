/** Where the labelling page is shown; its module comes only when somebody labels. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ErrorPanel, Loading, Skeleton } from "./components/states.tsx";

type Page = ComponentType<{ projectId: number; taskId: number | null }>;

let loaded: Page | null = null;

/** Fetch the page's module before it is needed. */
export async function loadLabelling(): Promise<Page> {
  loaded ??= (await import("../labelling/index.tsx")).LabellingPage as Page;
  return loaded;
}

export function Labelling({ projectId, taskId }: { projectId: number; taskId: number | null }) {
  const [Page, setPage] = useState<Page | null>(() => loaded);
  const [error, setError] = useState<unknown>(null);
  const load = () => loadLabelling().then((page) => setPage(() => page), setError);
  useEffect(() => { void load(); }, []);
  if (error) return <div class="app-page"><ErrorPanel error={error} onRetry={() => { setError(null); return load(); }} /></div>;
  if (!Page) return <div class="app-page"><Loading><Skeleton width={320} /><Skeleton height={420} /></Loading></div>;
  return <Page projectId={projectId} taskId={taskId} />;
}
