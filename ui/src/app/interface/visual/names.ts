/** Names in a configuration: unique ones, and what else changes when one is changed. */
import type { TagInfo } from "../../../api/types.ts";
import { findTag } from "../completion.ts";
import { setAttribute, type Change } from "./xml_edit.ts";
import { attributeOf, valueOf, walk, type XmlElement, type XmlText } from "./xml_text.ts";

export function namesIn(root: XmlElement | null): Set<string> {
  const all = root ? [...walk(root)].map(({ element }) => valueOf(element, "name")) : [];
  return new Set(all.filter((name) => name !== undefined));
}

/** This name, or with the next free number behind it. */
export function uniqueName(root: XmlElement | null, wanted: string, more: ReadonlySet<string> = new Set()): string {
  const taken = namesIn(root);
  const isFree = (name: string) => !taken.has(name) && !more.has(name);
  if (isFree(wanted)) return wanted;
  const stem = wanted.replace(/\d+$/, "") || wanted;
  let number = 2;
  while (!isFree(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

/** The attributes that refer to others, in lower case; an unknown element's are taken for what they are called elsewhere. */
function referring(tags: readonly TagInfo[], element: XmlElement, labels: boolean): string[] {
  const known = findTag(tags, element.name);
  const among = known ? [known] : tags;
  return among.flatMap((tag) => Object.entries(tag.attributes)
    .filter(([, one]) => one.refers && (one.refers === "label") === labels)
    .map(([name]) => name.toLowerCase()));
}

/** Put another item in the place of one in a comma-separated value; the white space around it stays. */
const inList = (value: string, old: string, now: string): string =>
  value.split(",").map((item) => (item.trim() === old ? item.replace(old, () => now) : item)).join(",");

function references(xml: XmlText, tags: readonly TagInfo[], within: XmlElement, old: string, now: string, labels: boolean): Change[] {
  return [...walk(within)].flatMap(({ element }) => {
    const names = new Set(referring(tags, element, labels));
    return element.attributes
      .filter((one) => names.has(one.name.toLowerCase()))
      .flatMap((one) => setAttribute(xml, element, one.name, inList(one.value, old, now)));
  });
}

const ordered = (changes: Change[]): Change[] => changes.toSorted((a, b) => a.from - b.from);

/** Give an element another name, and change whatever points at it. */
export function rename(xml: XmlText, tags: readonly TagInfo[], element: XmlElement, now: string): Change[] {
  const old = valueOf(element, "name");
  const own = setAttribute(xml, element, "name", now);
  return ordered(old && now ? [...own, ...references(xml, tags, xml.root!, old, now, false)] : own);
}

/** How often other elements point at this name. */
export function referencesTo(xml: XmlText, tags: readonly TagInfo[], name: string): number {
  return xml.root && name ? references(xml, tags, xml.root, name, `${name}\u0000`, false).length : 0;
}

/** Change the text of a label. Conditions that speak of it follow, unless another label has the same text. */
export function relabel(xml: XmlText, tags: readonly TagInfo[], element: XmlElement, attribute: string, now: string): Change[] {
  const old = valueOf(element, attribute) ?? "";
  const own = setAttribute(xml, element, attribute, now);
  const isOnly = [...walk(xml.root!)].every(({ element: other }) => other === element || valueOf(other, attribute) !== old || findTag(tags, other.name)?.kind !== "label");
  const isPointedAt = old !== "" && now !== "" && isOnly && !attributeOf(element, "alias");
  return ordered(isPointedAt ? [...own, ...references(xml, tags, xml.root!, old, now, true)] : own);
}

/** New names for all in a copy of this element, and what points at them there. */
export function renamesInCopy(xml: XmlText, tags: readonly TagInfo[], copied: XmlElement): Change[] {
  const given = new Set<string>();
  const changes: Change[] = [];
  for (const { element } of walk(copied)) {
    const name = valueOf(element, "name");
    if (!name) continue;
    const now = uniqueName(xml.root, name, given);
    given.add(now);
    changes.push(...setAttribute(xml, element, "name", now), ...references(xml, tags, copied, name, now, false));
  }
  return ordered(changes);
}
