/**
 * A little picture of a configuration, drawn from its tags: which kinds of parts it has, in their order.
 * It asks the tag registry what a tag is, so a plugin's own tags are drawn too.
 */
import { useEffect, useState } from "preact/hooks";

import type { TagInfo } from "../../api/types.ts";
import { allTags } from "./check.ts";
import { findTag } from "./completion.ts";

const COLOURS = ["#3a6be0", "#d9822b", "#2b9a66", "#b3478f", "#7c66dc"];

export type Part = { kind: "object"; space: string | null } | { kind: "control"; draws: boolean; labels: number };

/** The parts of a configuration, as far as a small picture tells them apart. */
export function partsOf(config: string, tags: readonly TagInfo[]): Part[] {
  const names = [...config.replaceAll(/<!--[\s\S]*?-->/g, "").matchAll(/<([\w:.-]+)/g)].map((match) => match[1]!);
  const parts: Part[] = [];
  for (const name of names) {
    const tag = findTag(tags, name);
    const last = parts.at(-1);
    if (tag?.kind === "object") parts.push({ kind: "object", space: tag.space });
    else if (tag?.kind === "control") parts.push({ kind: "control", draws: (tag.region ?? null) !== null, labels: 0 });
    else if ((!tag || tag.kind !== "visual") && last?.kind === "control") last.labels += 1;
  }
  return parts;
}

function Surface({ space, labels, y, height }: { space: string | null; labels: number; y: number; height: number }) {
  const count = Math.max(1, Math.min(3, labels));
  if (space === "text") {
    const lines = Math.floor(height / 11);
    return (
      <g>
        {Array.from({ length: lines }, (_, line) => <rect key={line} class="thumb-line" x="14" y={y + line * 11} width={line === lines - 1 ? 84 : 172} height="4" rx="2" />)}
        {labels > 0 && Array.from({ length: count }, (_, index) => <rect key={index} x={24 + index * 46} y={y - 3 + (index % lines) * 11} width={34} height="10" rx="2" fill={COLOURS[index]} opacity="0.55" />)}
      </g>
    );
  }
  return (
    <g>
      <rect class="thumb-surface" x="14" y={y} width="172" height={height} rx="3" />
      <path class="thumb-hill" d={`M14 ${y + height - 8} l44 -${height * 0.42} l34 ${height * 0.3} l28 -${height * 0.22} l66 ${height * 0.34} v5 a3 3 0 0 1 -3 3 h-166 a3 3 0 0 1 -3 -3z`} />
      {labels > 0 && Array.from({ length: count }, (_, index) => (
        <rect key={index} x={28 + index * 52} y={y + 10 + (index % 2) * 8} width="38" height={height * 0.46} rx="1.5" fill={COLOURS[index]} fill-opacity="0.2" stroke={COLOURS[index]} stroke-width="2" />
      ))}
    </g>
  );
}

export function Thumbnail({ config }: { config: string }) {
  const [tags, setTags] = useState<TagInfo[]>([]);
  useEffect(() => { allTags().then(setTags, () => undefined); }, []);
  const parts = partsOf(config, tags);
  const drawn = parts.reduce((sum, part) => sum + (part.kind === "control" && part.draws ? part.labels : 0), 0);
  const chosen = parts.filter((part) => part.kind === "control" && !part.draws);
  const objects = parts.filter((part) => part.kind === "object").slice(0, 2);
  const room = 96 - (drawn > 0 ? 16 : 0) - (chosen.length > 0 ? 24 : 0);
  const each = objects.length > 0 ? room / objects.length - 6 : 0;
  const top = drawn > 0 ? 30 : 14;
  return (
    <svg class="template-picture" viewBox="0 0 200 120" aria-hidden="true" focusable="false">
      {drawn > 0 && Array.from({ length: Math.min(4, drawn) }, (_, index) => <rect key={index} x={14 + index * 36} y="12" width="30" height="9" rx="2" fill={COLOURS[index]} />)}
      {objects.map((part, index) => <Surface key={index} space={part.kind === "object" ? part.space : null} labels={drawn} y={top + index * (each + 6)} height={each} />)}
      {chosen.length > 0 && Array.from({ length: 3 }, (_, index) => (
        <g key={index}>
          <circle class="thumb-ring" cx={20 + index * 58} cy="106" r="4.5" />
          {index === 0 && <circle cx="20" cy="106" r="2.2" fill={COLOURS[0]} />}
          <rect class="thumb-line" x={29 + index * 58} y="104" width="34" height="4" rx="2" />
        </g>
      ))}
    </svg>
  );
}
