/** The labelling page in small: the real runtime on a sample task, in which one can really label. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { ConfigCheck } from "../../api/types.ts";
import { locale, t } from "../../i18n/index.ts";
import { Empty, ErrorPanel, Loading, Skeleton } from "../components/states.tsx";

interface Mounted {
  getResult: () => readonly unknown[];
  dispose: () => void;
}

export function Preview({ check, data, onResult }: {
  check: ConfigCheck | null;
  data: Record<string, unknown> | null;
  /** Told the result as it would be saved: at the beginning, and after each change. */
  onResult?: (result: readonly unknown[]) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReady, setReady] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const tree = check?.tree ?? null;
  const shape = tree ? JSON.stringify([tree, data]) : "";

  useEffect(() => {
    const place = host.current;
    if (!place || !tree) return;
    let mounted: Mounted | null = null;
    let isGone = false;
    setError(null);
    import("../../runtime/index.ts").then(
      async ({ mountLabelling }) => {
        if (isGone) return;
        // Each configuration has an element of its own, so that nothing of the last one is left.
        const element = document.createElement("div");
        element.className = "preview-stage";
        place.replaceChildren(element);
        mounted = await mountLabelling(element, { tree, tags: check!.tags, task: { id: null, data: data ?? {} }, mode: "preview", onChange: () => mounted && onResult?.(mounted.getResult()) });
        if (isGone) return mounted.dispose();
        onResult?.(mounted.getResult());
        setReady(true);
      },
    ).catch((failure: unknown) => { if (!isGone) setError(failure); });
    return () => {
      isGone = true;
      mounted?.dispose();
    };
  }, [shape, locale.value, attempt]);

  const hasErrors = check !== null && tree === null;
  return (
    <div class="preview">
      {error ? <ErrorPanel error={error} title={t("The preview failed")} onRetry={() => setAttempt(attempt + 1)} /> : null}
      {hasErrors && <Empty icon="code" title={t("Nothing to show yet")}>{t("Mend the errors in the code; the preview comes back by itself.")}</Empty>}
      {!check && !error && <Loading><Skeleton height={34} /><Skeleton height={220} /></Loading>}
      <div ref={host} class="preview-host" hidden={!tree || !!error} aria-busy={!isReady} />
    </div>
  );
}
