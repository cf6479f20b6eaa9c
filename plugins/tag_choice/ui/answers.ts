/** Which answers are made: plain ones, or with `allowNested` paths from the outermost. Lists in, lists out. */
export type Made = string | string[];

export type Kind = "single" | "single-radio" | "multiple";

const sameAnswer = (one: Made, other: Made): boolean => [one].flat().join("\0") === [other].flat().join("\0");

export const holds = (made: readonly Made[], answer: Made): boolean => made.some((one) => sameAnswer(one, answer));

/** The answers after one was pressed; `null` when none is left. */
export function pressed(made: readonly Made[], answer: Made, kind: Kind): Made[] | null {
  const has = holds(made, answer);
  if (kind === "multiple") {
    const rest = has ? made.filter((one) => !sameAnswer(one, answer)) : [...made, answer];
    return rest.length > 0 ? rest : null;
  }
  return has && kind === "single" && made.length === 1 ? null : [answer];
}

/** An answer that may have others inside, by its path. */
export interface Branch {
  path: string[];
  children: Branch[];
}

const within = (branch: Branch): Branch[] => [branch, ...branch.children.flatMap(within)];

const leavesOf = (branch: Branch): Branch[] => within(branch).filter((one) => one.children.length === 0);

const keyOf = (path: readonly string[]): string => path.join("\0");

/**
 * The same where answers stand inside answers: one with others inside is made when all of those are, and pressing it
 * makes them all, or takes them all back. With a single choice what was made elsewhere goes.
 */
export function pressedInside(roots: readonly Branch[], made: readonly Made[], path: readonly string[], kind: Kind): Made[] | null {
  const all = roots.flatMap(within);
  const now = new Set(all.filter((one) => holds(made, one.path)).flatMap(leavesOf).map((leaf) => keyOf(leaf.path)));
  const target = all.find((one) => keyOf(one.path) === keyOf(path));
  const meant = target ? leavesOf(target).map((leaf) => keyOf(leaf.path)) : [];
  const isMade = meant.every((leaf) => now.has(leaf));
  const base = kind === "multiple" ? [...now].filter((leaf) => !meant.includes(leaf)) : [];
  const next = new Set(isMade && kind !== "single-radio" ? base : [...base, ...meant]);
  const result = all.filter((one) => leavesOf(one).every((leaf) => next.has(keyOf(leaf.path))));
  return result.length > 0 ? result.map((one) => one.path) : null;
}
