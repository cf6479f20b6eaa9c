/** Configurations to begin with; each comes from a plugin, in the reader's language, with tasks to try it on. */
import { useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { Template } from "../../api/types.ts";
import { locale, t, tn, tOf } from "../../i18n/index.ts";
import { confirm } from "../confirm.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SearchField } from "../components/field.tsx";
import { Empty, ErrorPanel, Loading, Skeleton } from "../components/states.tsx";
import { useShortcuts } from "../keys.ts";
import { useResource, useRested } from "../resource.ts";
import { showError } from "../toasts.ts";
import { samplesOf, TemplateDetail, type TaskData } from "./gallery_detail.tsx";
import { TemplateList } from "./gallery_list.tsx";
import { matching, shelves } from "./shelves.ts";
import "./gallery.css";

interface Answer {
  templates: Template[];
  groups: string[];
}

const LOOK_MS = 120;

interface GalleryProps {
  onChoose: (template: Template) => void;
  /** With the tasks that it brings; missing where there is no project to put them into. */
  onChooseSamples?: (template: Template, tasks: TaskData[]) => void;
  onNothing: () => void;
}

/** Shelves to walk along, and beside them the one that is looked at. */
export function TemplateGallery(props: GalleryProps) {
  const { data, error, reload } = useResource((signal) => api.get<Answer>("/api/templates/", { query: { lang: locale.value }, signal }), [locale.value]);
  if (error) return <ErrorPanel error={error} onRetry={reload} />;
  if (!data) return <Loading><Skeleton height={170} /><Skeleton height={170} /></Loading>;
  if (data.templates.length > 0) return <Shelves {...props} answer={data} />;
  return (
    <Empty icon="plug" title={t("No plugin brings templates")} actions={<Button icon="code" onClick={props.onNothing}>{t("Write it myself")}</Button>}>
      {t("Templates come with the plugins whose tags they use. Write your own interface in the editor.")}
    </Empty>
  );
}

function Shelves({ answer, onChoose, onChooseSamples, onNothing }: GalleryProps & { answer: Answer }) {
  const [typed, setTyped] = useState("");
  const [group, setGroup] = useState("");
  const [name, setName] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const found = matching(answer.templates, typed).filter((one) => group === "" || one.group === group);
  const ordered = shelves(found, answer.groups).flatMap(([, all]) => all);
  const chosen = ordered.find((one) => one.name === name) ?? ordered[0] ?? null;
  // Whoever walks past cards does not wait for each one's page.
  const looked = useRested(chosen, LOOK_MS);
  useShortcuts(() => ({
    title: t("Templates"),
    shortcuts: [
      { keys: "/", label: t("Find a template"), run: () => place.current?.querySelector("input")?.focus() },
      { keys: "arrowdown", label: t("The next template") },
      { keys: "enter", label: t("Use this template") },
      ...(onChooseSamples ? [{ keys: "shift+enter", label: t("Use it with its sample tasks") }] : []),
    ],
  }), [onChooseSamples === undefined]);
  const useSamples = onChooseSamples && (async (template: Template) => onChooseSamples(template, await samplesOf(template)));
  const use = (template: Template, withSamples: boolean) => void (withSamples && useSamples ? useSamples(template).catch(showError) : onChoose(template));
  const intoList = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    place.current?.querySelector<HTMLElement>("[role=option][tabindex='0']")?.focus();
  };
  return (
    <div class="gallery" ref={place}>
      <div class="gallery-head" onKeyDown={(event) => (event.target instanceof HTMLInputElement ? intoList(event) : undefined)}>
        <SearchField label={t("Find a template")} value={typed} onValue={setTyped} class="gallery-find" />
        <div class="gallery-groups" role="group" aria-label={t("Kinds of work")}>
          {["", ...answer.groups].map((one) => (
            <button key={one} type="button" aria-pressed={one === group} onClick={() => setGroup(one)}>
              {one === "" ? t("All") : tOf(answer.templates.find((template) => template.group === one)!, one)}
            </button>
          ))}
        </div>
        <span class="lw-hidden-visually" role="status">{tn("{n} template", "{n} templates", found.length)}</span>
        <Button kind="quiet" icon="code" onClick={onNothing}>{t("Write it myself")}</Button>
      </div>
      {found.length > 0
        ? <TemplateList templates={found} groups={answer.groups} chosen={chosen?.name ?? null} onLook={(one) => setName(one.name)} onUse={use} />
        : <Empty icon="search" title={t("No template speaks of “{typed}”", { typed })}>{t("Other words may find one; or write the interface yourself.")}</Empty>}
      {looked && chosen && <TemplateDetail template={looked} onUse={onChoose} onUseSamples={useSamples} />}
    </div>
  );
}

export const NOTHING = "<View>\n  \n</View>";

/** The gallery over a configuration that is being written. */
export function Gallery({ config, onChoose, onClose }: { config: string; onChoose: (template: Template) => void; onClose: () => void }) {
  const begun = useRef(config.trim());
  const isEmpty = config.replaceAll(/<\/?View\s*\/?>/g, "").trim() === "";
  const choose = async (template: Template) => {
    const mayReplace = isEmpty || begun.current === template.config.trim() || (await confirm({
      title: t("Replace what you have written?"), body: t("The template takes the place of the code in the editor. Undo (Ctrl+Z) in the editor brings it back."), action: t("Replace"),
    }));
    if (mayReplace) onChoose(template);
  };
  return (
    <Dialog title={t("Begin with a template")} onClose={onClose} wide>
      <TemplateGallery onChoose={choose} onNothing={() => void choose({ name: "", title: "", group: "", config: NOTHING })} />
    </Dialog>
  );
}
