/**
 * A configuration as it is written: every element and attribute with its place in the text.
 *
 * The visual editor changes the text at these places and leaves the rest alone. Reading is lenient where the text can
 * still be told apart (a lone `&`, an attribute twice); the server's check speaks of such things.
 */

export interface Span {
  from: number;
  to: number;
}

export interface XmlAttribute extends Span {
  name: string;
  /** With entities resolved. */
  value: string;
  /** What stands between the quotes. */
  inner: Span;
  quote: string;
}

export interface XmlElement extends Span {
  name: string;
  /** Where the name in the start tag ends. */
  nameTo: number;
  attributes: XmlAttribute[];
  /** The end of the start tag. */
  openTo: number;
  /** Where the end tag begins; `openTo` of one that has none. */
  closeFrom: number;
  isSingle: boolean;
  children: XmlElement[];
}

export interface Broken {
  at: number;
  /** The same words as the server's, `problem.params.cause`. */
  cause: string;
  params: Record<string, string>;
}

export interface XmlText {
  text: string;
  root: XmlElement | null;
  comments: Span[];
  /** What keeps its white space: comments, CDATA, texts, values of attributes. */
  fixed: Span[];
  broken: Broken | null;
}

/** The place of an element: the number of each child on the way from the root, which is `[]`. */
export type Path = readonly number[];

const NAME = /[^\s<>"'/=]+/y;
const SPACE = /\s*/y;
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

class Unreadable extends Error {
  constructor(readonly broken: Broken) {
    super(broken.cause);
  }
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** A text without its entities. Unknown ones stay as they are written. */
export function decode(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

class Reader {
  at = 0;
  readonly comments: Span[] = [];
  readonly fixed: Span[] = [];
  readonly #open: XmlElement[] = [];
  root: XmlElement | null = null;

  constructor(readonly text: string) {}

  read(): void {
    while (this.at < this.text.length) {
      if (this.text[this.at] !== "<") this.#readText();
      else if (this.#skip("<!--", "-->", "comment", this.comments) || this.#skip("<![CDATA[", "]]>", "comment") || this.#skip("<?", "?>", "comment")) continue;
      else if (this.text.startsWith("<!", this.at)) this.#skip("<!", ">", "comment");
      else if (this.text[this.at + 1] === "/") this.#readEnd();
      else this.#readStart();
    }
    const open = this.#open.at(-1);
    if (open) this.#fail("not-closed", open.from, { name: open.name, opened: String(lineOf(this.text, open.from)) });
    if (!this.root && this.text.trim() !== "") this.#fail("no-element", 0);
  }

  #fail(cause: string, at: number, params: Record<string, string> = {}): never {
    throw new Unreadable({ at, cause, params });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  #readText(): void {
    const end = this.text.indexOf("<", this.at);
    const to = end < 0 ? this.text.length : end;
    const content = this.text.slice(this.at, to);
    if (content.trim() !== "") {
      if (!this.#open.length && content.replace("\ufeff", "").trim() !== "") this.#fail(this.root ? "second-root" : "no-element", this.at);
      this.fixed.push({ from: this.at, to: this.at + content.trimEnd().length });
    }
    this.at = to;
  }

  #skip(begin: string, end: string, cause: string, into?: Span[]): boolean {
    if (!this.text.startsWith(begin, this.at)) return false;
    const found = this.text.indexOf(end, this.at + begin.length);
    if (found < 0) this.#fail(cause, this.at);
    const span = { from: this.at, to: found + end.length };
    this.fixed.push(span);
    into?.push(span);
    this.at = span.to;
    return true;
  }

  #readEnd(): void {
    const from = this.at;
    this.at += 2;
    const name = this.#match(NAME);
    this.#match(SPACE);
    const open = this.#open.at(-1);
    if (!name || this.text[this.at] !== ">") this.#fail("name", from);
    if (!open) this.#fail("second-root", from);
    if (open.name !== name) this.#fail("crossed", from, { name: open.name, opened: String(lineOf(this.text, open.from)), other: name });
    this.at += 1;
    open.closeFrom = from;
    open.to = this.at;
    this.#open.pop();
  }

  #readStart(): void {
    const from = this.at;
    this.at += 1;
    const name = this.#match(NAME);
    if (!name) this.#fail("name", from);
    const element: XmlElement = { name, from, to: 0, nameTo: this.at, attributes: [], openTo: 0, closeFrom: 0, isSingle: false, children: [] };
    if (!this.#open.length && this.root) this.#fail("second-root", from);
    for (;;) {
      const space = this.#match(SPACE);
      const next = this.text[this.at];
      if (next === undefined || next === "<") this.#fail("attributes", from);
      if (next === ">" || this.text.startsWith("/>", this.at)) break;
      if (!space) this.#fail("attributes", this.at);
      element.attributes.push(this.#readAttribute());
    }
    element.isSingle = this.text[this.at] === "/";
    this.at += element.isSingle ? 2 : 1;
    element.openTo = element.closeFrom = element.to = this.at;
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else this.root = element;
    if (!element.isSingle) this.#open.push(element);
  }

  #readAttribute(): XmlAttribute {
    const from = this.at;
    const name = this.#match(NAME);
    if (!name) this.#fail("attributes", from);
    this.#match(SPACE);
    if (this.text[this.at] !== "=") this.#fail("no-value", from, { name });
    this.at += 1;
    this.#match(SPACE);
    const quote = this.text[this.at] ?? "";
    if (quote !== '"' && quote !== "'") this.#fail("quotes", from);
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) this.#fail("quotes", from);
    const inner = { from: this.at + 1, to: end };
    this.fixed.push(inner);
    this.at = end + 1;
    const value = decode(this.text.slice(inner.from, inner.to).replaceAll(/\r\n|[\r\n\t]/g, " "));
    return { name, value, from, to: this.at, inner, quote };
  }
}

/** Read a configuration. Where it cannot be told apart `broken` says why, and there is no root. */
export function readXml(text: string): XmlText {
  const reader = new Reader(text);
  try {
    reader.read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { text, root: null, comments: [], fixed: [], broken: error.broken };
  }
  return { text, root: reader.root, comments: reader.comments, fixed: reader.fixed, broken: null };
}

/** The element at a place, or the nearest around it that is there. */
export function nearest(root: XmlElement, path: Path): { element: XmlElement; path: Path } {
  let element = root;
  for (const [depth, index] of path.entries()) {
    const child = element.children[index];
    if (!child) return { element, path: path.slice(0, depth) };
    element = child;
  }
  return { element, path };
}

export const elementAt = (root: XmlElement, path: Path): XmlElement | null => {
  const found = nearest(root, path);
  return found.path.length === path.length ? found.element : null;
};

/** Every element with its place, in the order of the document. */
export function* walk(element: XmlElement, path: Path = []): Generator<{ element: XmlElement; path: Path }> {
  yield { element, path };
  for (const [index, child] of element.children.entries()) yield* walk(child, [...path, index]);
}

/** The place of the innermost element around a position in the text. */
export function pathAt(root: XmlElement, at: number): Path {
  const index = root.children.findIndex((child) => child.from <= at && at < child.to);
  return index < 0 ? [] : [index, ...pathAt(root.children[index]!, at)];
}

/** Names of attributes may be written in any case. */
export const attributeOf = (element: XmlElement, name: string): XmlAttribute | undefined =>
  element.attributes.find((one) => one.name === name) ?? element.attributes.find((one) => one.name.toLowerCase() === name.toLowerCase());

export const valueOf = (element: XmlElement, name: string): string | undefined => attributeOf(element, name)?.value;

export const isSame = (one: Path, other: Path): boolean => one.length === other.length && one.every((index, depth) => other[depth] === index);

/** Whether a place is another one or inside it. */
export const isWithin = (path: Path, outer: Path): boolean => outer.length <= path.length && outer.every((index, depth) => path[depth] === index);
