/** What can be written where the cursor is: tags, attributes, values; from the tag registry, never from a list of ours. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

import type { TagAttribute, TagInfo } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";

export type Place =
  | { kind: "tag"; from: number; typed: string; closing: boolean; open: string | null }
  | { kind: "attribute"; from: number; typed: string; tag: string; present: string[] }
  | { kind: "value"; from: number; typed: string; tag: string; attribute: string }
  | null;

/** Where in the XML the end of `before` is. Comments and finished tags are nowhere. */
export function placeOf(before: string): Place {
  if (before.lastIndexOf("<!--") > before.lastIndexOf("-->")) return null;
  const start = before.lastIndexOf("<");
  if (start < 0) return null;
  const inside = before.slice(start + 1);
  const quotes = /^(\/?)([\w:.-]*)$/.exec(inside);
  if (quotes) return { kind: "tag", from: before.length - quotes[2]!.length, typed: quotes[2]!, closing: quotes[1] === "/", open: openTag(before.slice(0, start)) };
  const head = /^([\w:.-]+)\s/.exec(inside);
  if (!head) return null;
  const tag = head[1]!;
  const value = /([\w:.-]+)\s*=\s*(?:"([^"]*)|'([^']*))$/.exec(inside);
  const bare = inside.replaceAll(/"[^"]*"|'[^']*'/g, (text) => " ".repeat(text.length));
  if (/["']/.test(bare)) {
    if (!value) return null;
    const typed = value[2] ?? value[3] ?? "";
    return { kind: "value", from: before.length - typed.length, typed, tag, attribute: value[1]! };
  }
  if (bare.includes(">")) return null;
  const name = /(?:^|\s)([\w:.-]*)$/.exec(bare);
  if (!name) return null;
  const present = [...inside.matchAll(/([\w:.-]+)\s*=/g)].map((match) => match[1]!);
  return { kind: "attribute", from: before.length - name[1]!.length, typed: name[1]!, tag, present };
}

/** The innermost tag that is still open at the end of `before`. */
export function openTag(before: string): string | null {
  const open: string[] = [];
  for (const match of before.replaceAll(/<!--[\s\S]*?-->/g, "").matchAll(/<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>/g)) {
    const [, closing, name, , single] = match;
    if (closing) {
      const at = open.lastIndexOf(name!);
      if (at >= 0) open.length = at;
    } else if (!single) open.push(name!);
  }
  return open.at(-1) ?? null;
}

export function findTag(tags: readonly TagInfo[], name: string): TagInfo | undefined {
  return tags.find((tag) => tag.tag === name || tag.aliases.includes(name)) ?? tags.find((tag) => tag.tag.toLowerCase() === name.toLowerCase());
}

/** What an attribute takes, in a few words. */
export function attributeKind(attribute: TagAttribute): string {
  if (attribute.choices?.length) return attribute.choices.join(" | ");
  const isSaid = attribute.default !== undefined && attribute.default !== null && attribute.default !== "";
  return isSaid ? `${attribute.type} = ${typeof attribute.default === "string" ? attribute.default : JSON.stringify(attribute.default)}` : attribute.type;
}

function card(title: string, kind: string, help: string): () => HTMLElement {
  return () => {
    const element = document.createElement("div");
    const head = element.appendChild(document.createElement("strong"));
    head.textContent = title;
    if (kind) {
      const line = element.appendChild(document.createElement("code"));
      line.textContent = kind;
    }
    if (help) element.appendChild(document.createElement("p")).textContent = help;
    return element;
  };
}

const KINDS: Record<string, () => string> = {
  object: () => t("shows data"), control: () => t("takes answers"), visual: () => t("arranges the page"), label: () => t("an answer to choose"),
};

function tagOptions(tags: readonly TagInfo[], place: Extract<Place, { kind: "tag" }>): Completion[] {
  if (place.closing) return place.open ? [{ label: place.open, apply: `${place.open}>`, type: "type" }] : [];
  const options = tags.map((tag): Completion => {
    const help = tag.help;
    const kind = KINDS[tag.kind]?.() ?? tag.kind;
    return { label: tag.tag, type: "type", detail: kind, info: card(tag.tag, "", help ? tOf(tag, help) : "") };
  });
  return place.open && !place.typed ? [{ label: `/${place.open}`, apply: `/${place.open}>`, type: "keyword", boost: -5 }, ...options] : options;
}

function attributeOptions(tags: readonly TagInfo[], place: Extract<Place, { kind: "attribute" }>): Completion[] {
  const tag = findTag(tags, place.tag);
  if (!tag) return [];
  return Object.entries(tag.attributes)
    .filter(([name]) => !place.present.includes(name))
    .map(([name, attribute]) => ({
      label: name, type: "property", detail: attribute.choices ? "" : attribute.type, info: card(name, attributeKind(attribute), attribute.help ? tOf(tag, attribute.help) : ""),
      apply: (view, _completion, from, to) => {
        view.dispatch({ changes: { from, to, insert: `${name}=""` }, selection: { anchor: from + name.length + 2 } });
      },
    }));
}

function valueOptions(tags: readonly TagInfo[], place: Extract<Place, { kind: "value" }>, whole: string): Completion[] {
  const tag = findTag(tags, place.tag);
  const attribute = tag?.attributes[place.attribute];
  if (/^(toName|whenTagName)$/i.test(place.attribute)) {
    const names = [...whole.matchAll(/\sname\s*=\s*["']([^"']+)["']/g)].map((match) => match[1]!);
    return [...new Set(names)].map((label) => ({ label, type: "variable" }));
  }
  const isFlag = attribute && /^(bool|boolean|flag)/i.test(attribute.type);
  return (attribute?.choices ?? (isFlag ? ["true", "false"] : [])).map((label) => ({ label, type: "enum" }));
}

export function completions(tags: () => readonly TagInfo[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const whole = context.state.doc.toString();
    const place = placeOf(whole.slice(0, context.pos));
    if (!place) return null;
    const options = place.kind === "tag" ? tagOptions(tags(), place) : place.kind === "attribute" ? attributeOptions(tags(), place) : valueOptions(tags(), place, whole);
    const isWanted = context.explicit || place.kind !== "attribute" || place.typed !== "";
    return isWanted && options.length > 0 ? { from: place.from, options, validFor: /^[\w:.-]*$/ } : null;
  };
}

/** Help for the word under the pointer. */
export function helpAt(tags: readonly TagInfo[], text: string, at: number): { from: number; to: number; card: () => HTMLElement } | null {
  const before = /[\w:.-]*$/.exec(text.slice(0, at))![0];
  const after = /^[\w:.-]*/.exec(text.slice(at))![0];
  const from = at - before.length;
  const to = at + after.length;
  const place = placeOf(text.slice(0, from));
  const word = text.slice(from, to);
  if (!word || !place) return null;
  const tag = findTag(tags, place.kind === "tag" ? word : place.tag);
  if (!tag) return null;
  if (place.kind === "tag") {
    const help = tag.help;
    return { from, to, card: card(tag.tag, KINDS[tag.kind]?.() ?? tag.kind, help ? tOf(tag, help) : "") };
  }
  const attribute = place.kind === "attribute" ? tag.attributes[word] : undefined;
  return attribute ? { from, to, card: card(word, attributeKind(attribute), attribute.help ? tOf(tag, attribute.help) : "") } : null;
}
