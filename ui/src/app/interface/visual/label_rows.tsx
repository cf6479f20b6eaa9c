/** The labels of a set as rows: text, colour, key, alias; many at once from a list. */
import { useRef, useState } from "preact/hooks";

import type { TagInfo } from "../../../api/types.ts";
import { t, tn } from "../../../i18n/index.ts";
import { colourFor } from "../../../runtime/colours.ts";
import { problemText } from "../check.ts";
import { findTag } from "../completion.ts";
import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icons.tsx";
import { moveBy, takeOut } from "./arranging.ts";
import { LabelText } from "./attribute_field.tsx";
import { Swatch } from "./colour_field.tsx";
import { problemsAt, sameIn, type Desk } from "./desk.ts";
import { followDrag, rowAt } from "./drag.ts";
import { HotkeyField } from "./hotkey_field.tsx";
import { keyOf } from "./problems_at.ts";
import { setAt } from "./rules.ts";
import { insert, move, NOTHING, setAttribute, singleEnd, written } from "./xml_edit.ts";
import { valueOf, type Path, type XmlElement } from "./xml_text.ts";

const SHOWN = 200;

/** Which attributes of a label are its text, its colour, its key: the first that is needed, or is of that type. */
export function partsOf(label: TagInfo): { text: string; colour?: string; hotkey?: string; alias?: string } {
  const entries = Object.entries(label.attributes);
  const first = (type: string) => entries.find(([, one]) => one.type === type)?.[0];
  return {
    text: entries.find(([, one]) => one.required)?.[0] ?? "value", colour: first("color"), hotkey: first("hotkey"), alias: label.attributes.alias ? "alias" : undefined,
  };
}

/** The lines of a pasted list: trimmed, each once, without those that are there. */
export function newTexts(list: string, present: readonly string[]): string[] {
  const lines = list.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return [...new Set(lines)].filter((line) => !present.includes(line));
}

interface RowProps {
  desk: Desk;
  label: TagInfo;
  path: Path;
  element: XmlElement;
  number: number;
  clash: string | undefined;
  hasAlias: boolean;
  /** Labels without a colour are given one. */
  isColoured: boolean;
  drop: "before" | "after" | undefined;
  onGrip: (event: PointerEvent) => void;
}

function LabelRow({ desk, label, path, element, number, clash, hasAlias, isColoured, drop, onGrip }: RowProps) {
  const parts = partsOf(label);
  const text = valueOf(element, parts.text) ?? "";
  const key = keyOf(path);
  const set = (name: string, value: string | null, isTyping = false) => desk.edit((xml) => {
    const same = sameIn(xml, path);
    return { changes: same ? setAttribute(xml, same, name, value) : [] };
  }, { isTyping });
  const colour = parts.colour && (valueOf(element, parts.colour) ?? "");
  const problems = problemsAt(desk, path);
  const onKeyDown = (event: KeyboardEvent) => {
    const part = (event.target as HTMLElement).dataset.focus?.split(" ")[0] ?? "text";
    const by = event.altKey && !event.ctrlKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    (event.target as HTMLElement).blur();
    moveBy(desk, path, by as -1 | 1, { chosen: path.slice(0, -1), focus: `${part} ${number + by}` });
  };
  return (
    <li class="label-row" data-label={key} data-drop={drop} onKeyDown={onKeyDown}>
      <span class="label-grip" onPointerDown={onGrip} aria-hidden="true"><Icon name="grip" size={14} /></span>
      {parts.colour && <Swatch value={colour ?? ""} shown={isColoured ? colourFor(text, number) : ""} onValue={(now) => set(parts.colour!, now, true)} aria-label={t("Colour of {label}", { label: text })} />}
      <LabelText
        desk={desk} path={path} name={parts.text} value={text} class="lw-input label-text" aria-label={t("Label {n}", { n: number + 1 })} data-focus={`text ${number}`}
        aria-invalid={problems.length > 0 || undefined} title={problems[0] && problemText(problems[0])} maxLength={1000}
      />
      {parts.hotkey && <HotkeyField class="label-key" value={valueOf(element, parts.hotkey) ?? ""} onValue={(keys) => set(parts.hotkey!, keys)} clash={clash} aria-label={t("Key of {label}", { label: text })} />}
      {hasAlias && <input class="lw-input label-alias" value={valueOf(element, "alias") ?? ""} placeholder={t("Alias")} aria-label={t("Alias of {label}", { label: text })} onInput={(event) => set("alias", event.currentTarget.value || null, true)} />}
      <Button small kind="quiet" icon="settings" label={element.children.length > 0 ? tn("Details, {n} inside", "Details, {n} inside", element.children.length) : t("Details of {label}", { label: text })} onClick={() => desk.choose(path, "form")} />
      <Button small kind="quiet" icon="trash" label={t("Delete {label}", { label: text })} onClick={() => takeOut(desk, path, { chosen: path.slice(0, -1), focus: number > 0 ? `text ${number - 1}` : "add" })} />
    </li>
  );
}

function AddLabels({ desk, path, label, present }: { desk: Desk; path: Path; label: TagInfo; present: readonly string[] }) {
  const [list, setList] = useState("");
  const { text } = partsOf(label);
  const texts = newTexts(list, present);
  const lines = list.split("\n").filter((line) => line.trim()).length;
  const add = () => {
    if (texts.length === 0) return;
    desk.edit((xml) => {
      const same = sameIn(xml, path);
      if (!same) return NOTHING;
      return { ...insert(xml, path, same.children.length, texts.map((one) => [`<${written(label.tag, { [text]: one })}${singleEnd(xml)}`])), select: path };
    }, { focus: "add", say: tn("{n} label added", "{n} labels added", texts.length) });
    setList("");
  };
  return (
    <div class="label-add">
      <textarea
        class="lw-textarea" rows={1} data-focus="add" value={list} aria-label={t("New labels, one per line")} placeholder={t("New labels, one per line")} spellcheck={false}
        onInput={(event) => setList(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          add();
        }}
      />
      <Button icon="plus" disabled={texts.length === 0} onClick={add}>{texts.length > 1 ? t("Add {n}", { n: texts.length }) : t("Add")}</Button>
      <p class="lw-hint">
        {lines > texts.length && lines > 0 ? t("Labels that are there already are left out.") : t("Enter adds, Shift+Enter begins a new line; a list can be pasted.")}
      </p>
    </div>
  );
}

export function LabelRows({ desk, path, element, label }: { desk: Desk; path: Path; element: XmlElement; label: TagInfo }) {
  const [most, setMost] = useState(SHOWN);
  const [drop, setDrop] = useState<{ key: string; where: "before" | "after" } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const parts = partsOf(label);
  const labels = element.children.map((child, index) => ({ child, path: [...path, index] })).filter(({ child }) => findTag(desk.tags, child.name)?.tag === label.tag);
  const texts = labels.map(({ child }) => valueOf(child, parts.text) ?? "");
  const isColoured = !setAt(desk.tags, desk.xml.root!, path)?.perRegion;
  const keyOn = (child: XmlElement) => (parts.hotkey ? (valueOf(child, parts.hotkey) ?? "").toLowerCase() : "");
  const byKey = new Map<string, XmlElement[]>();
  for (const { child } of labels) byKey.set(keyOn(child), [...(byKey.get(keyOn(child)) ?? []), child]);

  const drag = (event: PointerEvent, from: Path) => {
    const at = (y: number) => {
      const found = rowAt(list.current!, "data-label", y);
      return found && { key: found.row.dataset.label!, where: found.share < 0.5 ? ("before" as const) : ("after" as const) };
    };
    followDrag(event, {
      over: (_x, y) => setDrop(at(y)),
      end: () => setDrop(null),
      drop: (_x, y) => {
        const to = at(y);
        if (!to) return;
        const index = Number(to.key.split(".").at(-1)) + (to.where === "after" ? 1 : 0);
        desk.edit((xml) => ({ ...move(xml, from, path, index - (index > from.at(-1)! ? 1 : 0)), select: path }), { say: t("Moved") });
      },
    });
  };
  const clashOf = (child: XmlElement) => {
    const other = keyOn(child) ? byKey.get(keyOn(child))?.find((one) => one !== child) : undefined;
    return other && t("Also the key of {label}", { label: valueOf(other, parts.text) ?? "" });
  };
  return (
    <section class="form-group label-set" aria-label={t("Labels")}>
      <h3>{t("Labels")} <span class="lw-muted lw-digits">{labels.length}</span></h3>
      <ul ref={list} class="label-rows">
        {labels.slice(0, most).map((one, number) => (
          <LabelRow
            key={keyOf(one.path)} desk={desk} label={label} path={one.path} element={one.child} number={number} clash={clashOf(one.child)} hasAlias={!!parts.alias} isColoured={isColoured}
            drop={drop?.key === keyOf(one.path) ? drop.where : undefined} onGrip={(event) => drag(event, one.path)}
          />
        ))}
      </ul>
      {labels.length > most && <Button small kind="quiet" onClick={() => setMost(most * 5)}>{tn("Show {n} more", "Show {n} more", labels.length - most)}</Button>}
      <AddLabels desk={desk} path={path} label={label} present={texts} />
    </section>
  );
}
