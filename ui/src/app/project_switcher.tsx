/** The name of the project on screen; pressed, a list of others to type into. */
import { useId, useRef, useState } from "preact/hooks";

import { api } from "../api/client.ts";
import type { Page, Project } from "../api/types.ts";
import { url } from "../boot.ts";
import { t } from "../i18n/index.ts";
import { Icon } from "./components/icons.tsx";
import { placeBeside } from "./components/menu.tsx";
import { SearchField } from "./components/field.tsx";
import { Loading, Skeleton } from "./components/states.tsx";
import { ColourDot } from "./components/colour_dot.tsx";
import { currentProject } from "./current_project.ts";
import { useResource, useRested } from "./resource.ts";
import { navigate } from "./router.ts";

function Choices({ id, close }: { id: number; close: () => void }) {
  const [typed, setTyped] = useState("");
  const search = useRested(typed.trim());
  const list = useRef<HTMLUListElement>(null);
  const found = useResource(
    (signal) => api.get<Page<Project>>("/api/projects/", { query: { search: search || null, page_size: 20, include: "id,title,color" }, signal }),
    [search],
  );
  const links = () => [...(list.current?.querySelectorAll("a") ?? [])];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const all = links();
    const at = all.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && at > 0) all[at - 1]?.focus();
    else if (event.key === "Enter" && at < 0 && all[0]) { void navigate(new URL(all[0].href).pathname.slice(url("").length)); close(); }
    else return;
    event.preventDefault();
  };
  return (
    <div class="app-switcher" onKeyDown={onKeyDown}>
      <SearchField label={t("Find a project")} value={typed} onValue={setTyped} autofocus />
      {found.isLoading ? <Loading><Skeleton height={30} /><Skeleton height={30} /><Skeleton height={30} /></Loading> : (
        <ul ref={list}>
          {found.data?.results.map((project) => (
            <li key={project.id}>
              <a class="lw-menu-item" href={url(`/projects/${project.id}/data`)} onClick={close} aria-current={project.id === id ? "true" : undefined}>
                <ColourDot colour={project.color} />
                <span class="lw-truncate">{project.title || t("Untitled project")}</span>
                {project.id === id && <Icon name="check" class="app-menu-check" />}
              </a>
            </li>
          ))}
        </ul>
      )}
      {found.data?.results.length === 0 && <p class="lw-menu-head" role="status">{t("No project is called that.")}</p>}
      <hr />
      <a class="lw-menu-item" href={url("/projects")} onClick={close}><Icon name="folder" /><span>{t("All projects")}</span></a>
      <a class="lw-menu-item" href={url("/projects/create")} onClick={close}><Icon name="plus" /><span>{t("Create a project")}</span></a>
    </div>
  );
}

export function ProjectSwitcher({ id }: { id: number }) {
  const popover = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const name = useId();
  const [isOpen, setOpen] = useState(false);
  const project = currentProject.value?.id === id ? currentProject.value : null;
  const open = () => {
    setOpen(true);
    popover.current!.showPopover();
    placeBeside(popover.current!, button.current!);
  };
  return (
    <>
      <button
        ref={button} type="button" class="app-crumb" aria-haspopup="dialog" aria-expanded={isOpen} aria-controls={name}
        onClick={() => (isOpen ? popover.current?.hidePopover() : open())}
      >
        {project ? <><ColourDot colour={project.color} /><span class="lw-truncate">{project.title || t("Untitled project")}</span></> : <Skeleton width={140} />}
        <Icon name="chevron-down" size={14} />
        <span class="lw-hidden-visually">{t("Switch project")}</span>
      </button>
      <div
        ref={popover} id={name} class="lw-menu app-switcher-frame" popover="auto" role="dialog" aria-label={t("Switch project")}
        onToggle={(event) => { if (event.newState === "closed") setOpen(false); }}
      >
        {isOpen && <Choices id={id} close={() => popover.current?.hidePopover()} />}
      </div>
    </>
  );
}
