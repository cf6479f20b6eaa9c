/** The tabs above the table: each one a way to look at the same tasks. */
import { useRef, useState } from "preact/hooks";

import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { Icon } from "../components/icons.tsx";
import { Menu } from "../components/menu.tsx";
import { confirm } from "../confirm.tsx";
import { showError } from "../toasts.ts";
import { DEFAULT, type Views } from "./use_views.ts";
import type { TaskView } from "./view.ts";

const titleOf = (view: TaskView): string => (view.title && view.title !== DEFAULT ? view.title : t("All tasks"));

function Rename({ view, views, onClose }: { view: TaskView; views: Views; onClose: () => void }) {
  const [title, setTitle] = useState(view.title);
  const save = async () => {
    await views.rename(view, title.trim());
    onClose();
  };
  return (
    <Dialog
      title={t("Rename the tab")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" disabled={!title.trim()} onClick={save}>{t("Rename")}</Button></>}
    >
      <form onSubmit={(event) => { event.preventDefault(); if (title.trim()) save().catch(showError); }}>
        <TextField label={t("Name")} value={title} onValue={setTitle} maxLength={200} autofocus />
      </form>
    </Dialog>
  );
}

export function Tabs({ views }: { views: Views }) {
  const [renamed, setRenamed] = useState<TaskView | null>(null);
  const strip = useRef<HTMLDivElement>(null);
  const all = views.views.length > 0 ? views.views : [views.current];
  const at = all.findIndex((one) => one.id === views.current.id);

  const remove = async (view: TaskView) => {
    const isSure = await confirm({ title: t("Delete the tab “{title}”?", { title: titleOf(view) }), body: t("Its tasks stay; only this way to look at them goes."), action: t("Delete"), danger: true });
    if (isSure) await views.remove(view);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const view = to === undefined ? undefined : all[to];
    if (!view) return;
    event.preventDefault();
    views.show(view);
    strip.current?.querySelectorAll<HTMLElement>("[role=tab]")[to!]?.focus();
  };
  return (
    <div class="tasks-tabs">
      <div ref={strip} class="tasks-tab-strip" role="tablist" aria-label={t("Tabs")} onKeyDown={onKeyDown}>
        {all.map((view) => (
          <button
            key={view.id ?? "new"} type="button" role="tab" class="tasks-tab" aria-selected={view.id === views.current.id} tabIndex={view.id === views.current.id ? 0 : -1}
            onClick={() => views.show(view)} onDblClick={() => { if (view.id !== null) setRenamed(view); }}
          >
            <span class="lw-truncate">{titleOf(view)}</span>
          </button>
        ))}
      </div>
      {views.current.id !== null && (
        <Menu
          label={t("The tab {title}", { title: titleOf(views.current) })}
          items={[
            { label: t("Rename"), icon: "edit", onSelect: () => setRenamed(views.current) },
            { label: t("Duplicate"), icon: "copy", onSelect: () => { views.add(views.current).catch(showError); } },
            { label: t("Move to the left"), icon: "arrow-left", disabled: at <= 0, onSelect: () => { views.move(views.current, -1).catch(showError); } },
            { label: t("Move to the right"), icon: "arrow-right", disabled: at >= all.length - 1, onSelect: () => { views.move(views.current, 1).catch(showError); } },
            "line",
            { label: t("Delete"), icon: "trash", danger: true, disabled: all.length < 2, onSelect: () => { remove(views.current).catch(showError); } },
          ]}
          trigger={(props) => <button type="button" class="tasks-tab-more" {...props} aria-label={t("What can be done with this tab")}><Icon name="more" /></button>}
        />
      )}
      <Button kind="quiet" small icon="plus" label={t("Add a tab")} onClick={() => views.add()} />
      {renamed && <Rename view={renamed} views={views} onClose={() => setRenamed(null)} />}
    </div>
  );
}
