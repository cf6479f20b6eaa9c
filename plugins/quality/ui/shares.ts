/** Pure parts of the agreement page. */
import type { Person } from "./types.ts";

/** How strong a cell's colour is, 0 to 1: what is common is pale, so that what is rare is seen. */
export function strength(value: number, most: number): number {
  return most > 0 ? Math.sqrt(Math.max(0, value) / most) : 0;
}

/** A colour for a share, from bad over doubtful to good; readable in both schemes, as it is mixed with the surface. */
export function colourOf(share: number): string {
  const part = Math.min(1, Math.max(0, share));
  const [colour, amount] = part < 0.5 ? ["--lw-bad", 1 - 2 * part] : ["--lw-good", 2 * part - 1];
  return `color-mix(in oklab, color-mix(in oklab, var(${colour}) ${Math.round(100 * amount)}%, var(--lw-warn)) 22%, var(--lw-surface))`;
}

export function nameOf(person: Person | undefined, id: number): string {
  if (!person) return `#${id}`;
  return [person.first_name, person.last_name].filter(Boolean).join(" ") || person.email;
}

/** What stands in the head of a narrow column. */
export function shortName(name: string): string {
  return name.includes("@") ? name.slice(0, name.indexOf("@")) : name;
}

/** The greatest count off the diagonal, and on it: each is coloured by its own. */
export function greatest(matrix: readonly (readonly number[])[]): { same: number; other: number } {
  let same = 0;
  let other = 0;
  for (const [i, row] of matrix.entries()) {
    for (const [j, n] of row.entries()) {
      if (i === j) same = Math.max(same, n);
      else other = Math.max(other, n);
    }
  }
  return { same, other };
}
