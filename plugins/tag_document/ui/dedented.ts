/** Authors indent what they write into a configuration: what all lines share makes no code block. */
export function dedented(written: string): string {
  const [first = "", ...others] = written.replace(/\r\n?/g, "\n").split("\n");
  const indents = others.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)![0].length);
  const shared = indents.length > 0 ? Math.min(...indents) : 0;
  return [first.trimStart(), ...others.map((line) => line.slice(shared))].join("\n");
}
