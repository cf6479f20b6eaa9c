/** The element of a tag inside a configuration's text: what is written on it, and writing something else. */

export interface Named {
  tag: string;
  aliases: readonly string[];
}

/** The names of an element may be written in any case. */
function found(document: Document, tag: Named): Element | null {
  const names = [tag.tag, ...tag.aliases].map((name) => name.toLowerCase());
  const all = [...document.getElementsByTagName("*")].filter((one) => names.includes(one.localName.toLowerCase()));
  // A configuration begins with a frame; the tag that is tried stands inside it.
  return all.find((one) => one !== document.documentElement) ?? all[0] ?? null;
}

function parsed(xml: string): Document | null {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  return document.getElementsByTagName("parsererror").length > 0 ? null : document;
}

/** What is written on the first element of this tag; `null` where there is none, or the text is no XML. */
export function attributesIn(xml: string, tag: Named): Record<string, string> | null {
  const document = parsed(xml);
  const element = document && found(document, tag);
  return element ? Object.fromEntries([...element.attributes].map((one) => [one.name, one.value])) : null;
}

/** The text with the attribute written; `""` takes it away. Where that cannot be, the text as it was. */
export function withAttribute(xml: string, tag: Named, name: string, value: string): string {
  const document = parsed(xml);
  const element = document && found(document, tag);
  if (!element) return xml;
  if (value === "") element.removeAttribute(name);
  else element.setAttribute(name, value);
  return new XMLSerializer().serializeToString(document!) + (xml.endsWith("\n") ? "\n" : "");
}
