/** Arranging elements one step at a time: what the keys and the buttons do. */
import { t } from "../../../i18n/index.ts";
import { findTag } from "../completion.ts";
import type { Desk } from "./desk.ts";
import { renamesInCopy } from "./names.ts";
import { mayHold, rootTag } from "./rules.ts";
import { duplicate, move, NOTHING, remove, setAttribute, unwrap, wrap, type Change, type Edit } from "./xml_edit.ts";
import { elementAt, valueOf, type Path, type XmlElement } from "./xml_text.ts";

/** The nearest child before or after this one that the same list shows: labels among labels, others among others. */
function neighbour(desk: Desk, path: Path, by: -1 | 1): number | null {
  const parent = elementAt(desk.xml.root!, path.slice(0, -1));
  const isLabel = (element: XmlElement) => findTag(desk.tags, element.name)?.kind === "label";
  const own = parent?.children[path.at(-1)!];
  if (!parent || !own) return null;
  for (let index = path.at(-1)! + by; index >= 0 && index < parent.children.length; index += by) {
    if (isLabel(parent.children[index]!) === isLabel(own)) return index;
  }
  return null;
}

/** What stays chosen, and where the focus goes, when something else than the chosen element is edited. */
interface Stay {
  chosen: Path;
  focus: string;
}

const staying = (edit: Edit, stay: Stay | undefined): Edit => (stay ? { ...edit, select: stay.chosen } : edit);

export function moveBy(desk: Desk, path: Path, by: -1 | 1, stay?: Stay): void {
  const to = path.length > 0 ? neighbour(desk, path, by) : null;
  if (to === null) return;
  desk.edit((xml) => staying(move(xml, path, path.slice(0, -1), to), stay), { focus: stay?.focus ?? "outline", say: by < 0 ? t("Moved up") : t("Moved down") });
}

/** Into what stands before it. */
export function moveIn(desk: Desk, path: Path): void {
  const before = path.length > 0 ? neighbour(desk, path, -1) : null;
  if (before === null) return;
  const parent = [...path.slice(0, -1), before];
  const { root } = desk.xml;
  const fits = mayHold(desk.tags, root!, parent, findTag(desk.tags, elementAt(root!, path)!.name));
  if (fits) desk.edit((xml) => move(xml, path, parent, Infinity), { focus: "outline", say: t("Moved into {tag}", { tag: elementAt(root!, parent)!.name }) });
}

/** Behind what it stands in. */
export function moveOut(desk: Desk, path: Path): void {
  if (path.length < 2) return;
  const parent = path.slice(0, -2);
  const { root } = desk.xml;
  const fits = mayHold(desk.tags, root!, parent, findTag(desk.tags, elementAt(root!, path)!.name));
  if (fits) desk.edit((xml) => move(xml, path, parent, path.at(-2)! + 1), { focus: "outline", say: t("Moved out") });
}

export function takeOut(desk: Desk, path: Path, stay?: Stay): void {
  const name = elementAt(desk.xml.root!, path)?.name ?? "";
  if (path.length === 0) return;
  desk.edit((xml) => staying(remove(xml, path), stay), { focus: stay?.focus ?? "outline", say: t("{tag} deleted; Ctrl+Z brings it back", { tag: name }) });
}

export function copyOf(desk: Desk, path: Path): void {
  if (path.length === 0) return;
  desk.edit((xml) => {
    const element = elementAt(xml.root!, path);
    if (!element) return NOTHING;
    return duplicate(xml, path, [...renamesInCopy(xml, desk.tags, element), ...newText(desk, element, (changed) => setAttribute(xml, element, changed.name, changed.value))]);
  }, { focus: "outline", say: t("Duplicated") });
}

/** A copy of a label has a text of its own. */
function newText(desk: Desk, element: XmlElement, change: (to: { name: string; value: string }) => Change[]): Change[] {
  const info = findTag(desk.tags, element.name);
  const name = info?.kind === "label" ? Object.keys(info.attributes).find((one) => info.attributes[one]!.required && one !== "name") : undefined;
  const value = name && valueOf(element, name);
  return name && value ? change({ name, value: `${value} 2` }) : [];
}

export function putIntoBox(desk: Desk, path: Path): void {
  const box = rootTag(desk.tags);
  if (box) desk.edit((xml) => wrap(xml, path, box.tag), { focus: "outline", say: t("Put into {tag}", { tag: box.tag }) });
}

export function keepInside(desk: Desk, path: Path): void {
  desk.edit((xml) => unwrap(xml, path), { focus: "outline", say: t("Taken apart") });
}
