/** The tags that can be added here, by what they do, found by typing. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { TagInfo } from "../../../api/types.ts";
import { t } from "../../../i18n/index.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Icon } from "../../components/icons.tsx";
import { matchScore } from "../../palette.tsx";
import type { Desk } from "./desk.ts";
import { helpOf, newElements, placeFor, rootTag } from "./rules.ts";
import { insert, NOTHING } from "./xml_edit.ts";

const GROUPS: [TagInfo["kind"], () => string][] = [
  ["object", () => t("Objects: show the data")], ["control", () => t("Controls: take answers")], ["visual", () => t("Layout: arranges the page")],
];

/** The tags that fit at or around what is chosen; labels are added where they are listed. */
function addable(desk: Desk): TagInfo[] {
  const { root } = desk.xml;
  return desk.tags.filter((tag) => tag.kind !== "label" && (root ? placeFor(desk.tags, root, desk.chosen, tag) !== null : placeable(desk, tag)));
}

const placeable = (desk: Desk, tag: TagInfo): boolean => {
  const box = rootTag(desk.tags);
  return !!box && box.holds.includes(tag.kind) && !(tag.kind === "visual" && desk.tags.some((one) => one.holds.includes(tag.tag)));
};

/** Add a tag where it fits; a set of labels then waits for these, other things are chosen. */
function addTag(desk: Desk, tag: TagInfo): void {
  const focus = tag.labels ? "add" : "outline";
  const say = t("{tag} added", { tag: tag.tag });
  desk.edit((xml) => {
    const elements = newElements(desk.tags, xml, tag, desk.sample);
    if (!xml.root) {
      const box = rootTag(desk.tags)?.tag ?? "";
      const lines = [`<${box}>`, ...elements.flat().map((line) => `  ${line}`), `</${box}>`];
      return { changes: [{ from: 0, to: xml.text.length, insert: `${lines.join("\n")}\n` }], select: [elements.length - 1] };
    }
    const place = placeFor(desk.tags, xml.root, desk.chosen, tag);
    if (!place) return NOTHING;
    const edit = insert(xml, place.parent, place.index, elements);
    return { ...edit, select: [...place.parent, place.index + elements.length - 1] };
  }, { focus, say });
}

export function AddTag({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const all = useMemo(() => addable(desk), [desk.xml, desk.tags]);
  const found = useMemo(() => GROUPS.flatMap(([kind]) => {
    const scored = all.filter((tag) => tag.kind === kind).map((tag, order) => ({ tag, order, score: Math.max(matchScore(typed, tag.tag), helpOf(tag).toLowerCase().includes(typed.trim().toLowerCase()) ? 2 : 0) }));
    return scored.filter((one) => one.score > 0).sort((a, b) => (typed ? b.score - a.score : 0) || a.order - b.order).map((one) => one.tag);
  }), [all, typed]);
  const at = Math.min(active, found.length - 1);

  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at, typed]);

  const add = (tag: TagInfo | undefined) => {
    if (!tag) return;
    onClose();
    // After the dialog has given the focus back, so that the new element may take it.
    setTimeout(() => addTag(desk, tag));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (step) setActive((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") add(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("Add a tag")} onClose={onClose}>
      <div class="add-tag" onKeyDown={onKeyDown}>
        <label class="lw-search">
          <span class="lw-hidden-visually">{t("Find a tag")}</span>
          <Icon name="search" />
          <input
            class="lw-input" type="text" role="combobox" aria-expanded="true" aria-controls="add-tag-list" aria-autocomplete="list" autocomplete="off" spellcheck={false} autofocus
            aria-activedescendant={found[at] ? `add-tag-${at}` : undefined} placeholder={t("Find a tag by its name or by what it does")}
            value={typed} onInput={(event) => { setTyped(event.currentTarget.value); setActive(0); }}
          />
        </label>
        <div ref={list} id="add-tag-list" class="add-tag-list" role="listbox" aria-label={t("Tags")} tabIndex={-1}>
          {GROUPS.map(([kind, title]) => {
            const some = found.map((tag, index) => ({ tag, index })).filter((one) => one.tag.kind === kind);
            return some.length > 0 && (
              <div key={kind} role="group" aria-label={title()}>
                <p class="add-tag-group" aria-hidden="true">{title()}</p>
                {some.map(({ tag, index }) => (
                  <div key={tag.tag} id={`add-tag-${index}`} class="add-tag-option" role="option" aria-selected={index === at} onClick={() => add(tag)} onPointerMove={() => setActive(index)}>
                    <code>{tag.tag}</code>
                    <span class="lw-small lw-muted">{helpOf(tag)}</span>
                  </div>
                ))}
              </div>
            );
          })}
          {found.length === 0 && <p class="add-tag-group">{t("No tag that can stand here is called so.")}</p>}
        </div>
      </div>
    </Dialog>
  );
}
