/** A configuration as a tree of tags, each with a form; the text of the code editor is what both change. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Problem } from "../../../api/types.ts";
import { t } from "../../../i18n/index.ts";
import { problemText } from "../check.ts";
import { Button } from "../../components/button.tsx";
import { Menu } from "../../components/menu.tsx";
import { Empty } from "../../components/states.tsx";
import { useShortcuts } from "../../keys.ts";
import { AddTag } from "./add_tag.tsx";
import { copyOf, keepInside, moveBy, moveIn, moveOut, putIntoBox, takeOut } from "./arranging.ts";
import { useDesk, type Desk, type DeskProps } from "./desk.ts";
import { Outline } from "./outline.tsx";
import { TagForm } from "./tag_form.tsx";
import { elementAt, lineOf, type Broken } from "./xml_text.ts";
import "./visual.css";

/** A text that is no XML: where, why, and the way there. */
function Unreadable({ text, broken, problems, onLine }: { text: string; broken: Broken; problems: readonly Problem[]; onLine: (line: number) => void }) {
  const line = lineOf(text, broken.at);
  const own: Problem = { level: "error", code: "xml-syntax", line, tag: null, attribute: null, message: "", remedy: "", params: { cause: broken.cause, ...broken.params } };
  const found = problems.find((one) => one.code === "xml-syntax") ?? own;
  return (
    <Empty
      icon="code" title={t("The XML is broken in line {line}", { line: found.line })}
      actions={<Button kind="primary" icon="code" onClick={() => onLine(found.line)}>{t("Go to the line")}</Button>}
    >
      {problemText(found)}
    </Empty>
  );
}

function Toolbar({ desk, onAdd }: { desk: Desk; onAdd: () => void }) {
  const { chosen: path } = desk;
  const isRoot = path.length === 0;
  const depth = desk.depth();
  const element = desk.xml.root && elementAt(desk.xml.root, path);
  return (
    <div class="visual-tools" role="group" aria-label={t("Arrange")}>
      <Button small icon="plus" onClick={onAdd}>{t("Add")}</Button>
      <span class="lw-grow" />
      <Button small kind="quiet" icon="undo" label={t("Undo")} keys="mod+z" disabled={depth.undo === 0} onClick={desk.undo} />
      <Button small kind="quiet" icon="redo" label={t("Redo")} keys="mod+shift+z" disabled={depth.redo === 0} onClick={desk.redo} />
      <Button small kind="quiet" icon="copy" label={t("Duplicate")} keys="mod+d" disabled={isRoot} onClick={() => copyOf(desk, path)} />
      <Button small kind="quiet" icon="trash" label={t("Delete")} keys="delete" disabled={isRoot} onClick={() => takeOut(desk, path)} />
      <Menu
        label={t("Arrange")} align="end" trigger={(props) => <Button {...props} small kind="quiet" icon="more" label={t("Arrange")} />}
        items={[
          { label: t("Move up"), icon: "arrow-up", hint: "Alt+↑", disabled: isRoot, onSelect: () => moveBy(desk, path, -1) },
          { label: t("Move down"), icon: "arrow-down", hint: "Alt+↓", disabled: isRoot, onSelect: () => moveBy(desk, path, 1) },
          { label: t("Move into what is above"), icon: "arrow-right", hint: "Alt+→", disabled: isRoot, onSelect: () => moveIn(desk, path) },
          { label: t("Move out"), icon: "arrow-left", hint: "Alt+←", disabled: path.length < 2, onSelect: () => moveOut(desk, path) },
          "line",
          { label: t("Put into a box"), onSelect: () => putIntoBox(desk, path) },
          { label: t("Take apart, keep what is inside"), disabled: isRoot || !element?.children.length, onSelect: () => keepInside(desk, path) },
        ]}
      />
    </div>
  );
}

export function VisualEditor({ onLine, ...props }: DeskProps & { onLine: (line: number) => void }) {
  const { desk, said } = useDesk(props);
  const [isAdding, setAdding] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const { xml } = desk;

  // What was edited may stand elsewhere now: the focus goes along.
  useLayoutEffect(() => {
    const wanted = desk.wanted.current;
    const found = wanted && wanted !== "outline" && place.current?.querySelector<HTMLElement>(`[data-focus="${wanted}"]`);
    if (!found) return;
    desk.wanted.current = null;
    found.focus();
  });
  useShortcuts(() => ({
    title: t("Visual editor"),
    shortcuts: [
      { keys: "insert", label: t("Add a tag") }, { keys: "alt+arrowup", label: t("Move up") }, { keys: "alt+arrowdown", label: t("Move down") },
      { keys: "alt+arrowright", label: t("Move into what is above") }, { keys: "alt+arrowleft", label: t("Move out") }, { keys: "mod+d", label: t("Duplicate") },
      { keys: "delete", label: t("Delete") }, { keys: "mod+z", label: t("Undo") }, { keys: "mod+shift+z", label: t("Redo") }, { keys: "enter", label: t("Go to the form") },
    ],
  }), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (event.target as HTMLElement).closest("[data-draft]")) return;
    const key = event.key.toLowerCase();
    const act = key === "z" ? (event.shiftKey ? desk.redo : desk.undo) : key === "y" ? desk.redo : null;
    if (!act) return;
    event.preventDefault();
    act();
  };
  const toForm = () => place.current?.querySelector<HTMLElement>(".tag-form input, .tag-form select, .tag-form textarea")?.focus();

  return (
    <div ref={place} class="visual" onKeyDown={onKeyDown}>
      <p class="lw-hidden-visually" role="status">{said}</p>
      {xml.broken ? <Unreadable text={xml.text} broken={xml.broken} problems={props.problems} onLine={onLine} />
        : !xml.root ? (
          <Empty icon="plus" title={t("Nothing here yet")} actions={<Button kind="primary" icon="plus" onClick={() => setAdding(true)}>{t("Add a tag")}</Button>}>
            {t("Begin with an object that shows your data, then add a control that asks something about it.")}
          </Empty>
        ) : (
          <>
            <div class="visual-tree">
              <Toolbar desk={desk} onAdd={() => setAdding(true)} />
              <Outline desk={desk} onAdd={() => setAdding(true)} onForm={toForm} />
            </div>
            <TagForm desk={desk} />
          </>
        )}
      {isAdding && <AddTag desk={desk} onClose={() => setAdding(false)} />}
    </div>
  );
}
