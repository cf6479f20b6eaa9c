/**
 * Changes of a configuration's text: each touches the element it is about, and nothing else.
 *
 * Comments, blank lines, the order and spelling of attributes and what no plugin knows stay as their author wrote them.
 */
import { attributeOf, elementAt, isSame, isWithin, type Path, type Span, type XmlElement, type XmlText } from "./xml_text.ts";

export interface Change extends Span {
  insert: string;
}

export interface Edit {
  /** In the order of the text, apart from each other. */
  changes: Change[];
  /** The element that is meant afterwards. */
  select?: Path;
}

export const NOTHING: Edit = { changes: [] };

export function apply(text: string, changes: readonly Change[]): string {
  return changes.toReversed().reduce((done, one) => done.slice(0, one.from) + one.insert + done.slice(one.to), text);
}

const ordered = (changes: readonly Change[]): Change[] => changes.toSorted((a, b) => a.from - b.from || a.to - b.to);

/** A value as it is written between quotes. */
function encode(value: string, quote = '"'): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;", [quote]: quote === '"' ? "&quot;" : "&apos;" };
  return value.replaceAll(/[&<\n\t\r"']/g, (sign) => signs[sign] ?? sign);
}

const encodeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const written = (name: string, attributes: Readonly<Record<string, string>>): string =>
  name + Object.entries(attributes).map(([key, value]) => ` ${key}="${encode(value)}"`).join("");

/** Only what differs in the middle: what is typed into a field is then a change of a letter. */
function replaced(text: string, span: Span, insert: string): Change[] {
  const old = text.slice(span.from, span.to);
  if (old === insert) return [];
  const most = Math.min(old.length, insert.length);
  let head = 0;
  while (head < most && old[head] === insert[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === insert.at(-1 - tail)) tail += 1;
  return [{ from: span.from + head, to: span.to - tail, insert: insert.slice(head, insert.length - tail) }];
}

/** Give an attribute a value, or take it away with `null`. */
export function setAttribute(xml: XmlText, element: XmlElement, name: string, value: string | null): Change[] {
  const present = attributeOf(element, name);
  if (value === null) {
    if (!present) return [];
    const space = /\s*$/.exec(xml.text.slice(0, present.from))![0].length;
    return [{ from: present.from - space, to: present.to, insert: "" }];
  }
  if (present) return value === present.value ? [] : replaced(xml.text, present.inner, encode(value, present.quote));
  const last = element.attributes.at(-1);
  const before = last ? /\s*$/.exec(xml.text.slice(0, last.from))![0] : " ";
  const at = last?.to ?? element.nameTo;
  return [{ from: at, to: at, insert: `${before.includes("\n") ? before : " "}${name}="${encode(value)}"` }];
}

/** What stands inside, without the white space around it. */
export function contentOf(xml: XmlText, element: XmlElement): Span {
  const content = xml.text.slice(element.openTo, element.closeFrom);
  if (content.trim() === "") return { from: element.openTo, to: element.closeFrom };
  const from = element.openTo + content.length - content.trimStart().length;
  return { from, to: from + content.trim().length };
}

/** Put text inside an element, as it is to be read (or, with `asMarkup`, as it is to be written). */
export function setContent(xml: XmlText, element: XmlElement, text: string, asMarkup = false): Change[] {
  const span = contentOf(xml, element);
  const isData = xml.text.startsWith("<![CDATA[", span.from) && !text.includes("]]>");
  const insert = asMarkup ? text : isData ? `<![CDATA[${text}]]>` : encodeText(text);
  if (!element.isSingle) return replaced(xml.text, span, insert);
  return text ? [{ ...slash(xml, element), insert: `>${insert}</${element.name}>` }] : [];
}

/** The `/>` of an element without an end tag, with the space before it. */
function slash(xml: XmlText, element: XmlElement): Span {
  const from = xml.text.slice(0, element.openTo - 2).trimEnd().length;
  return { from, to: element.openTo };
}

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** The white space before what begins its own line; `null` for what stands behind something else. */
function indentAt(text: string, at: number): string | null {
  const before = text.slice(lineStart(text, at), at);
  return before.trim() === "" ? before : null;
}

const newline = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

/** By how much what is inside is set in: as the author does, else two spaces. */
function unitOf(xml: XmlText): string {
  for (const child of xml.root?.children ?? []) {
    const outer = indentAt(xml.text, xml.root!.from);
    const inner = indentAt(xml.text, child.from);
    if (outer !== null && inner !== null && inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  return "  ";
}

/** An element with the comments that belong to it: those right above it, and those behind it in its line. */
function blockOf(xml: XmlText, element: XmlElement): Span {
  let { from, to } = element;
  for (const comment of xml.comments.toReversed()) {
    const between = comment.to <= from ? xml.text.slice(comment.to, from) : null;
    if (between !== null && /^[ \t]*\r?\n[ \t]*$/.test(between) && indentAt(xml.text, comment.from) !== null) from = comment.from;
  }
  for (const comment of xml.comments) {
    if (comment.from >= to && /^[ \t]*$/.test(xml.text.slice(to, comment.from)) && /^[ \t]*(?:\r?\n|$)/.test(xml.text.slice(comment.to))) to = comment.to;
  }
  return { from, to };
}

/** What goes when this is taken out: with its line, where it has one of its own. */
function removal(text: string, span: Span): Span {
  const indent = indentAt(text, span.from);
  const behind = /^[ \t]*/.exec(text.slice(span.to))![0].length;
  const isLast = /^(?:\r?\n|$)/.test(text.slice(span.to + behind));
  if (indent !== null && isLast) {
    const start = span.from - indent.length;
    if (start === 0) return { from: 0, to: span.to + behind };
    return { from: start - (text[start - 2] === "\r" ? 2 : 1), to: span.to + behind };
  }
  return indent === null ? span : { from: span.from, to: span.to + behind };
}

/** Give the lines of a piece another indentation; comments, texts and values keep theirs. */
function reindented(xml: XmlText, span: Span, from: string, to: string): string {
  if (from === to) return xml.text.slice(span.from, span.to);
  const isFixed = (at: number) => xml.fixed.some((one) => one.from <= at && at < one.to);
  return xml.text.slice(span.from, span.to).replaceAll(/\n([ \t]*)/g, (whole, white: string, at: number) =>
    isFixed(span.from + at) || !white.startsWith(from) ? whole : `\n${to}${white.slice(from.length)}`);
}

/** Where something new would stand, and how it would be set in. */
interface Gap extends Span {
  before: string;
  after: string;
  /** The indentation of its lines; `null` where all stands in one line. */
  indent: string | null;
}

function gapInside(xml: XmlText, parent: XmlElement): Gap {
  const { text } = xml;
  const outer = indentAt(text, parent.from);
  const nl = newline(text);
  const [span, open, close] = parent.isSingle
    ? [slash(xml, parent), ">", `</${parent.name}>`]
    : [{ from: parent.openTo, to: parent.closeFrom }, "", ""];
  const held = parent.isSingle ? "" : text.slice(span.from, span.to);
  if (outer === null) {
    const at = { from: parent.isSingle ? span.from : parent.closeFrom, to: parent.isSingle ? span.to : parent.closeFrom };
    return { ...at, before: open, after: close, indent: null };
  }
  const indent = outer + unitOf(xml);
  if (held.trim() === "") return { ...span, before: `${open}${nl}${indent}`, after: `${nl}${outer}${close}`, indent };
  const at = span.from + held.trimEnd().length;
  return { from: at, to: at, before: nl + indent, after: held.trimEnd().length < held.length && /\n[ \t]*$/.test(held) ? "" : nl + outer, indent };
}

/** The gap before the child of this number; `without` is about to go, and does not count. */
function gapAt(xml: XmlText, parent: XmlElement, index: number, without?: XmlElement): Gap {
  const children = parent.children.filter((one) => one !== without);
  const nl = newline(xml.text);
  const previous = children[index - 1];
  if (previous) {
    const indent = indentAt(xml.text, previous.from);
    const at = indent === null ? previous.to : blockOf(xml, previous).to;
    return { from: at, to: at, before: indent === null ? "" : nl + indent, after: "", indent };
  }
  const next = children[0];
  if (!next) return gapInside(xml, parent);
  const at = blockOf(xml, next).from;
  const indent = indentAt(xml.text, at);
  return { from: at, to: at, before: "", after: indent === null ? "" : nl + indent, indent };
}

const inLines = (lines: readonly string[], indent: string | null, nl: string): string =>
  indent === null ? lines.map((line) => line.trim()).join("") : lines.join(nl + indent);

const sizeOf = (xml: XmlText, path: Path): number => elementAt(xml.root!, path)?.children.length ?? 0;

/** Put new elements before the child of this number. Each is a list of lines, set in as it would be at the margin. */
export function insert(xml: XmlText, parentPath: Path, index: number, elements: readonly (readonly string[])[]): Edit {
  const parent = elementAt(xml.root!, parentPath);
  if (!parent || elements.length === 0) return NOTHING;
  const at = Math.max(0, Math.min(index, parent.children.length));
  const gap = gapAt(xml, parent, at);
  const text = inLines(elements.flat(), gap.indent, newline(xml.text));
  return { changes: [{ from: gap.from, to: gap.to, insert: gap.before + text + gap.after }], select: [...parentPath, at] };
}

/** How an element without content ends in this text: `/>` or ` />`. */
export const singleEnd = (xml: XmlText): string => (/[^\s]\/>/.test(xml.text) || !xml.text.includes(" />") ? "/>" : " />");

/** Take an element out; comments stay. */
export function remove(xml: XmlText, path: Path): Edit {
  const element = elementAt(xml.root!, path);
  if (!element || path.length === 0) return NOTHING;
  const parent = path.slice(0, -1);
  const index = path.at(-1)!;
  const left = sizeOf(xml, parent) - 1;
  const select = left > 0 ? [...parent, Math.min(index, left - 1)] : parent;
  return { changes: [{ ...removal(xml.text, element), insert: "" }], select };
}

/** Where a place is once the element of another place has gone. */
function without(path: Path, gone: Path): Path {
  const depth = gone.length - 1;
  const isAfter = path.length > depth && isSame(path.slice(0, depth), gone.slice(0, depth)) && path[depth]! > gone[depth]!;
  return isAfter ? path.with(depth, path[depth]! - 1) : path;
}

/** Move an element before the child of this number (counted without it) of another, or of the same, element. */
export function move(xml: XmlText, path: Path, parentPath: Path, index: number): Edit {
  const element = elementAt(xml.root!, path);
  const parent = elementAt(xml.root!, parentPath);
  if (!element || !parent || path.length === 0 || isWithin(parentPath, path)) return NOTHING;
  const isHere = isSame(path.slice(0, -1), parentPath);
  const at = Math.max(0, Math.min(index, parent.children.length - (isHere ? 1 : 0)));
  if (isHere && at === path.at(-1)) return { changes: [], select: path };
  const gap = gapAt(xml, parent, at, isHere ? element : undefined);
  const old = indentAt(xml.text, element.from);
  // In one line there is no room for comments: they stay where they are.
  const block = old === null || gap.indent === null ? element : blockOf(xml, element);
  const text = gap.indent === null ? xml.text.slice(element.from, element.to) : reindented(xml, block, old ?? gap.indent, gap.indent);
  const changes = [{ ...removal(xml.text, block), insert: "" }, { from: gap.from, to: gap.to, insert: gap.before + text + gap.after }];
  return { changes: ordered(changes), select: [...without(parentPath, path), at] };
}

/** Write an element once more behind itself, with `inside` changed in the copy. */
export function duplicate(xml: XmlText, path: Path, inside: readonly Change[] = []): Edit {
  const element = elementAt(xml.root!, path);
  if (!element || path.length === 0) return NOTHING;
  const copy = apply(xml.text.slice(element.from, element.to), ordered(inside.map((one) => ({ ...one, from: one.from - element.from, to: one.to - element.from }))));
  const indent = indentAt(xml.text, element.from);
  const at = indent === null ? element.to : blockOf(xml, element).to;
  const select = [...path.slice(0, -1), path.at(-1)! + 1];
  return { changes: [{ from: at, to: at, insert: (indent === null ? "" : newline(xml.text) + indent) + copy }], select };
}

/** Put an element into a new one of this name. */
export function wrap(xml: XmlText, path: Path, name: string): Edit {
  const element = elementAt(xml.root!, path);
  if (!element) return NOTHING;
  const indent = indentAt(xml.text, element.from);
  const nl = newline(xml.text);
  const inner = indent === null ? "" : indent + unitOf(xml);
  const body = indent === null ? xml.text.slice(element.from, element.to) : nl + inner + reindented(xml, element, indent, inner) + nl + indent;
  return { changes: [{ from: element.from, to: element.to, insert: `<${name}>${body}</${name}>` }], select: path };
}

/** Take an element away and keep what is inside it. */
export function unwrap(xml: XmlText, path: Path): Edit {
  const element = elementAt(xml.root!, path);
  if (!element || element.children.length === 0 || path.length === 0) return NOTHING;
  const span = contentOf(xml, element);
  const outer = indentAt(xml.text, element.from);
  const inner = indentAt(xml.text, span.from);
  const text = outer === null || inner === null ? xml.text.slice(span.from, span.to) : reindented(xml, span, inner, outer);
  return { changes: [{ from: element.from, to: element.to, insert: text }], select: path };
}
