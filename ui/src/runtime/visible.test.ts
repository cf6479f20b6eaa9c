import { describe, expect, test } from "vitest";

import { isVisible, type Situation } from "./visible.ts";

const now = (more: Partial<Situation> = {}): Situation => ({ selected: [], choices: () => [], choosers: ["mood", "kind"], ...more });
const withRegion = (control: string, ...labels: string[]): Situation => now({ selected: [{ controls: new Map([[control, labels]]) }] });
const withChoice = (control: string, ...made: string[]): Situation => now({ choices: (name) => (name === control ? made : []) });

describe("a part of the configuration", () => {
  test("without conditions is seen", () => {
    expect(isVisible({}, now())).toBe(true);
  });

  test.each([
    [{ visibleWhen: "region-selected" }, withRegion("box", "Car"), true],
    [{ visibleWhen: "region-selected" }, now(), false],
    [{ visibleWhen: "region-selected", whenTagName: "box" }, withRegion("box", "Car"), true],
    [{ visibleWhen: "region-selected", whenTagName: "other" }, withRegion("box", "Car"), false],
    [{ visibleWhen: "region-selected", whenTagName: "box", whenLabelValue: "Bus, Car" }, withRegion("box", "Car"), true],
    [{ visibleWhen: "region-selected", whenLabelValue: "Bus" }, withRegion("box", "Car"), false],
    [{ visibleWhen: "no-region-selected" }, now(), true],
    [{ visibleWhen: "no-region-selected" }, withRegion("box"), false],
    [{ visibleWhen: "choice-selected", whenTagName: "mood", whenChoiceValue: "Good,Fair" }, withChoice("mood", "Fair"), true],
    [{ visibleWhen: "choice-selected", whenTagName: "mood", whenChoiceValue: "Good" }, withChoice("mood", "Fair"), false],
    [{ visibleWhen: "choice-selected", whenTagName: "mood" }, withChoice("mood", "Fair"), true],
    [{ visibleWhen: "choice-selected", whenTagName: "mood" }, withChoice("kind", "Fair"), false],
    [{ visibleWhen: "choice-unselected", whenTagName: "mood", whenChoiceValue: "Good" }, withChoice("mood", "Fair"), true],
    [{ visibleWhen: "choice-unselected", whenTagName: "mood", whenChoiceValue: "Fair" }, withChoice("mood", "Fair"), false],
    [{ whenChoiceValue: "Fair" }, withChoice("kind", "Fair"), true],
    [{ whenChoiceValue: "Fair" }, now(), false],
  ])("with %j in such a case is seen: %#", (attrs, situation, seen) => {
    expect(isVisible(attrs, situation)).toBe(seen);
  });
});
