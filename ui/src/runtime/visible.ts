/** `visibleWhen` and its kin (whenTagName, whenLabelValue, whenChoiceValue): is a part of the configuration to be seen? */
import { listOf } from "./config.ts";

/** What the conditions ask about. */
export interface Situation {
  /** The selected regions: which controls gave them which labels. */
  selected: readonly { controls: ReadonlyMap<string, readonly string[]> }[];
  /** The choices made with a control, by both their stored value and their text; for paths, the last element too. */
  choices: (control: string) => readonly string[];
  /** Names of all controls that offer choices. */
  choosers: readonly string[];
}

export function isVisible(attrs: Record<string, unknown>, now: Situation): boolean {
  const tags = listOf(attrs.whenTagName);
  const labels = listOf(attrs.whenLabelValue);
  const choices = listOf(attrs.whenChoiceValue);
  switch (attrs.visibleWhen) {
    case "region-selected":
      return now.selected.some((region) => matches(region.controls, tags, labels));
    case "no-region-selected":
      return now.selected.length === 0;
    case "choice-selected":
      return isChosen(now, tags, choices);
    case "choice-unselected":
      return !isChosen(now, tags, choices);
    default:
      return choices.length === 0 || isChosen(now, tags, choices);
  }
}

function matches(controls: ReadonlyMap<string, readonly string[]>, tags: string[], labels: string[]): boolean {
  const asked = tags.length > 0 ? tags.flatMap((tag) => (controls.has(tag) ? [controls.get(tag)!] : [])) : [...controls.values()];
  if (tags.length > 0 && asked.length === 0) return false;
  return labels.length === 0 || asked.some((given) => given.some((label) => labels.includes(label)));
}

function isChosen(now: Situation, tags: string[], wanted: string[]): boolean {
  const made = (tags.length > 0 ? tags : now.choosers).flatMap((tag) => now.choices(tag));
  return wanted.length === 0 ? made.length > 0 : made.some((choice) => wanted.includes(choice));
}
