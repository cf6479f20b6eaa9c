/** At which element each problem is: the server names a line, a tag and an attribute. */
import type { Problem } from "../../../api/types.ts";
import { attributeOf, walk, type Path, type XmlText } from "./xml_text.ts";

export const keyOf = (path: Path): string => path.join(".");

/** The line of each position that is asked for, of which none is before the last. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf("\n");
  return (at) => {
    for (; next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line += 1;
    return line;
  };
}

/** Problems by the key of their element; those of no element in particular are the root's. */
export function problemsByPath(xml: XmlText, problems: readonly Problem[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  if (!xml.root || problems.length === 0) return found;
  const line = lineCounter(xml.text);
  const places = [...walk(xml.root)].map(({ element, path }) => ({ element, key: keyOf(path), first: line(element.from), last: line(element.openTo) }));
  for (const problem of problems) {
    const inLine = places.filter((one) => one.first <= problem.line && problem.line <= one.last);
    const named = inLine.filter((one) => one.element.name.toLowerCase() === problem.tag?.toLowerCase());
    const { value, name } = problem.params ?? {};
    const exact = named.find((one) => {
      const written = problem.attribute ? attributeOf(one.element, problem.attribute)?.value : undefined;
      return written === undefined ? problem.code.startsWith("missing") || problem.code.startsWith("lacks") : written === value || written === name || (value === undefined && name === undefined);
    });
    const key = (exact ?? named[0] ?? inLine[0])?.key ?? "";
    found.set(key, [...(found.get(key) ?? []), problem]);
  }
  return found;
}
