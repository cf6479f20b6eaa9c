/** A page that a plugin brings: its module is fetched and mounted; when it fails it is named, and the rest works. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { PageContext, PageModule } from "../../sdk/labelwright";
import { api } from "../api/client.ts";
import { describeError, fieldErrors } from "../api/errors.ts";
import type { Messages, Project } from "../api/types.ts";
import { url } from "../boot.ts";
import { formatAgo, formatDate, formatNumber, locale, t, tOf } from "../i18n/index.ts";
import { ErrorPanel, Loading, Skeleton } from "./components/states.tsx";
import { confirm } from "./confirm.tsx";
import { useResource, type Resource } from "./resource.ts";
import { toast } from "./toasts.ts";

export interface PluginPage {
  name: string;
  title: string;
  plugin: string;
  module: string | null;
  messages?: Messages;
}

export const usePluginPages = (): Resource<PluginPage[]> => useResource((signal) => api.get<PluginPage[]>("/api/plugins/pages", { signal }), []);

/** The page that a module has under this name; says plainly what is wrong with a module that has none. */
export function pageIn(module: { default?: unknown }, name: string): PageModule {
  const page = ([module.default].flat() as Partial<PageModule>[]).find((one) => one?.kind === "page" && one.page === name);
  if (!page) throw new Error(`The module exports no page ${name} by default.`);
  if (page.api !== 1) throw new Error(`${name} was written for version ${String(page.api)} of the contract; this server speaks 1.`);
  if (typeof page.mount !== "function") throw new Error(`${name} has no mount(el, ctx).`);
  return page as PageModule;
}

function contextOf(page: PluginPage, project: Project, signal: AbortSignal): PageContext {
  return {
    project: { id: project.id, title: project.title },
    locale: locale.value,
    signal,
    api,
    t: (msgid, params) => tOf(page, msgid, params),
    formatDate, formatAgo, formatNumber,
    url,
    describe: describeError,
    fieldErrors,
    toast,
    confirm,
  };
}

async function tellServer(page: PluginPage, error: unknown): Promise<void> {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const report = { tag: page.name, message, stack: stack ?? "", url: location.pathname };
  try {
    await api.post(`/api/plugins/${encodeURIComponent(page.plugin)}/browser-errors`, report, { stayWhenSignedOut: true });
  } catch {
    // The person sees the failure anyway.
  }
}

export function PluginPageHost({ page, project }: { page: PluginPage; project: Project }) {
  const place = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isThere, setThere] = useState(false);
  const language = locale.value;

  useEffect(() => {
    const gone = new AbortController();
    const mount = async () => {
      if (!page.module) throw new Error(`The file of the page ${page.name} is missing.`);
      const module = (await import(/* @vite-ignore */ page.module)) as { default?: unknown };
      if (gone.signal.aborted) return;
      const mounted = await pageIn(module, page.name).mount(place.current!, contextOf(page, project, gone.signal));
      gone.signal.addEventListener("abort", () => mounted?.dispose?.());
      setThere(true);
    };
    const show = async () => {
      try {
        await mount();
      } catch (error) {
        if (gone.signal.aborted) return;
        setFailure(error);
        await tellServer(page, error);
      }
    };
    setFailure(null);
    void show();
    return () => {
      gone.abort();
      place.current?.replaceChildren();
      setThere(false);
    };
  }, [page.module, project.id, language]);

  return (
    <>
      <h1 class="lw-hidden-visually">{tOf(page, page.title)}</h1>
      {failure ? <ErrorPanel title={t("The plugin {plugin} could not show this page", { plugin: page.plugin })} error={failure} /> : null}
      {!failure && !isThere && <Loading><Skeleton width={220} height={26} /><Skeleton height={200} /></Loading>}
      <div ref={place} class="plugin-page" hidden={!isThere} />
    </>
  );
}

