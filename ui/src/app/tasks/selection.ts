/** Which rows are chosen: some, or all but some. A million chosen rows are one flag. Pure. */
export interface Selection {
  all: boolean;
  /** Chosen, or with `all` left out. */
  ids: ReadonlySet<number>;
}

export const NOTHING: Selection = { all: false, ids: new Set() };
export const EVERYTHING: Selection = { all: true, ids: new Set() };

export const isChosen = (selection: Selection, id: number): boolean => selection.all !== selection.ids.has(id);

export const countChosen = (selection: Selection, total: number): number => (selection.all ? Math.max(0, total - selection.ids.size) : selection.ids.size);

export function choose(selection: Selection, ids: readonly number[], chosen: boolean): Selection {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (chosen === selection.all) next.delete(id);
    else next.add(id);
  }
  return { all: selection.all, ids: next };
}

/** The body that Label Studio's actions take. */
export function selectedItems(selection: Selection): { all: boolean; included?: number[]; excluded?: number[] } {
  return selection.all ? { all: true, excluded: [...selection.ids] } : { all: false, included: [...selection.ids] };
}
