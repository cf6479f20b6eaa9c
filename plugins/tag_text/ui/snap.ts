/** What a selection snaps to. Offsets in UTF-16 units; `Intl.Segmenter` knows words where no spaces part them. */
export type Granularity = "symbol" | "word" | "sentence" | "paragraph";

/** How far around a selection words are looked for in a line that never ends. */
const REACH = 2000;

export function snap(text: string, start: number, end: number, granularity: Granularity): [number, number] {
  if (granularity === "symbol") return wholeSymbols(text, start, end);
  const [from, to] = lineBounds(text, start, end);
  if (granularity === "paragraph") return trimmed(text, from, to);
  const near = Math.max(from, start - REACH);
  const far = Math.min(to, end + REACH);
  const segments = [...new Intl.Segmenter(undefined, { granularity }).segment(text.slice(near, far))];
  const touched = segments.filter((one) => near + one.index < end && near + one.index + one.segment.length > start);
  const words = granularity === "word" ? touched.filter((one) => one.isWordLike) : touched;
  const kept = words.length > 0 ? words : touched;
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last) return [start, end];
  return trimmed(text, near + first.index, near + last.index + last.segment.length);
}

/** Never half of a pair, and no line end at the edges: a triple click takes one along. */
function wholeSymbols(text: string, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  while (from < to && text[from] === "\n") from++;
  while (to > from && text[to - 1] === "\n") to--;
  if (isLow(text, from)) from--;
  if (isLow(text, to)) to++;
  return [from, to];
}

const isLow = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

function lineBounds(text: string, start: number, end: number): [number, number] {
  const from = start === 0 ? 0 : text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", Math.max(start, end - 1));
  return [from, next < 0 ? text.length : next];
}

function trimmed(text: string, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  while (from < to && /\s/.test(text[from]!)) from++;
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  return [from, to];
}
