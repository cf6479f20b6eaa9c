/** What may stand where, and what a new element begins with: from the tags' declarations alone. */
import type { TagAttribute, TagInfo } from "../../../api/types.ts";
import { tOf } from "../../../i18n/index.ts";
import { tieFields } from "../../importing/peek.ts";
import { findTag } from "../completion.ts";
import { uniqueName } from "./names.ts";
import { singleEnd, written } from "./xml_edit.ts";
import { elementAt, valueOf, walk, type Path, type XmlElement, type XmlText } from "./xml_text.ts";

/** What a tag is for, in the user's language. */
export const helpOf = (tag: TagInfo): string => (tag.help ? tOf(tag, tag.help).replaceAll("``", "") : "");

export type Tags = readonly TagInfo[];

const EVERYTHING = ["object", "control", "visual"];

/** The visual tags that others hold by their name: these stand nowhere else. */
const isBound = (tags: Tags, tag: TagInfo): boolean => tag.kind === "visual" && tags.some((one) => one.holds.includes(tag.tag));

/** The set of labels at a place, or the nearest around it. */
export function setAt(tags: Tags, root: XmlElement, path: Path): TagInfo | null {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const element = elementAt(root, path.slice(0, depth));
    const info = element && findTag(tags, element.name);
    if (info?.labels) return info;
  }
  return null;
}

/** The name of the labels that may stand at a place. */
export const labelNameAt = (tags: Tags, root: XmlElement, path: Path): string | null => setAt(tags, root, path)?.label ?? null;

/** Whether the element of a place may hold such a child. What no plugin knows is not judged. */
export function mayHold(tags: Tags, root: XmlElement, path: Path, child: TagInfo | undefined): boolean {
  const element = elementAt(root, path);
  const parent = element ? findTag(tags, element.name) : undefined;
  if (!element || parent?.markup) return false;
  if (!parent) return true;
  if (!child) return parent.holds.length > 0;
  if (parent.holds.includes(child.tag)) return true;
  if (child.kind === "label") return parent.kind === "visual" && parent.holds.includes("visual") && labelNameAt(tags, root, path) === child.tag;
  return parent.holds.includes(child.kind) && !isBound(tags, child);
}

/** Where a new element of this tag goes: into what is chosen, else behind it, else behind what is around it. */
export function placeFor(tags: Tags, root: XmlElement, chosen: Path, child: TagInfo): { parent: Path; index: number } | null {
  for (let depth = chosen.length; depth >= 0; depth -= 1) {
    const parent = chosen.slice(0, depth);
    if (mayHold(tags, root, parent, child)) return { parent, index: depth === chosen.length ? elementAt(root, parent)!.children.length : chosen[depth]! + 1 };
  }
  return null;
}

/** The tag that a configuration begins with: it arranges anything and needs nothing. */
export const rootTag = (tags: Tags): TagInfo | undefined =>
  tags.find((tag) => tag.kind === "visual" && EVERYTHING.every((kind) => tag.holds.includes(kind)) && !tag.repeats && !isBound(tags, tag) && !Object.values(tag.attributes).some((one) => one.required));

export interface Target {
  name: string;
  tag: string;
}

/** What an attribute may name: objects or controls that have a name and fit. */
export function targetsFor(tags: Tags, root: XmlElement, attribute: TagAttribute, space: string | null): Target[] {
  const found: Target[] = [];
  for (const { element } of walk(root)) {
    const info = findTag(tags, element.name);
    const name = valueOf(element, "name");
    if (!name || !info || info.kind !== attribute.refers) continue;
    if (attribute.refers === "object" && space && info.space && info.space !== space) continue;
    found.push({ name, tag: info.tag });
  }
  return found;
}

function beginning(tags: Tags, root: XmlElement | null, info: TagInfo, name: string, attribute: TagAttribute): string | null {
  if (name === "name") return attribute.required ? uniqueName(root, info.tag.toLowerCase()) : null;
  if (!attribute.required) return null;
  if (attribute.refers) {
    const targets = root ? targetsFor(tags, root, attribute, info.space) : [];
    return info.manyTargets ? targets.slice(0, 2).map((one) => one.name).join(",") : (targets.at(-1)?.name ?? "");
  }
  switch (attribute.type) {
    case "field": return `$${info.tag.toLowerCase()}`;
    case "choice": return attribute.choices?.[0] ?? "";
    case "int": case "number": return String(attribute.default ?? attribute.minimum ?? 1);
    case "bool": return String(attribute.default ?? false);
    case "css": return null;
  }
  return info.tag;
}

/** The attributes that a new element is given: what is needed, with names of its own and tied to the user's data. */
export function beginnings(tags: Tags, root: XmlElement | null, info: TagInfo, sample: Record<string, unknown> | null): Record<string, string> {
  const begun = Object.entries(info.attributes)
    .map(([name, attribute]) => [name, beginning(tags, root, info, name, attribute)] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== null);
  return Object.fromEntries(begun.map(([name, value]) => [name, value.startsWith("$") ? tied(value, sample) : value]));
}

/** The field of the user's data that a made-up field stands for: by its name, else the only one. */
function tied(field: string, sample: Record<string, unknown> | null): string {
  const found = /"(.*)"/.exec(tieFields(`"${field}"`, sample))?.[1] ?? field;
  const names = Object.keys(sample ?? {});
  return found === field && names.length === 1 ? `$${names[0]}` : found;
}

/** The lines of new elements for one tag: before a control for which there is no object yet stands one that fits. */
export function newElements(tags: Tags, xml: XmlText, info: TagInfo, sample: Record<string, unknown> | null): string[][] {
  const attributes = beginnings(tags, xml.root, info, sample);
  const wanting = Object.entries(info.attributes).find(([name, one]) => one.refers === "object" && one.required && attributes[name] === "");
  const object = wanting && info.space ? tags.find((one) => one.kind === "object" && one.space === info.space) : undefined;
  if (!wanting || !object) return [[lineOf(xml, info, attributes)]];
  const before = beginnings(tags, xml.root, object, sample);
  return [[lineOf(xml, object, before)], [lineOf(xml, info, { ...attributes, [wanting[0]]: before.name ?? "" })]];
}

/** What holds others is written with an end tag, so that something can be put inside by hand too. */
function lineOf(xml: XmlText, info: TagInfo, attributes: Record<string, string>): string {
  const begin = `<${written(info.tag, attributes)}`;
  return info.holds.length > 0 && !(info.kind === "control" && !info.labels) ? `${begin}></${info.tag}>` : begin + singleEnd(xml);
}
