/** Which answers are made: plain ones, or with `allowNested` paths from the outermost. Lists in, lists out. */
export type Made = string | string[];

export type Kind = "single" | "single-radio" | "multiple";

export const sameAnswer = (one: Made, other: Made): boolean => [one].flat().join("\0") === [other].flat().join("\0");

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
