import { describe, expect, test } from "vitest";

import { LeadTime } from "./lead_time.ts";
import { baseOf, firstTab, tabsOf } from "./tabs.ts";
import type { Annotation, LabellingTask, Prediction } from "./types.ts";

const annotation = (id: number, by: number): Annotation => ({
  id, result: [], created_username: "", completed_by: by, was_cancelled: false, ground_truth: false, created_at: "", updated_at: "", lead_time: 1,
});
const prediction: Prediction = { id: 5, result: [{ id: "r", type: "rectangle", value: {} }, { type: "relation" }], model_version: "m", score: null, created_at: "" };
const draft = (id: number, of: number | null) => ({ id, revision: 1, result: [], annotation: of });
const task = (more: Partial<LabellingTask>): LabellingTask => ({ id: 1, data: {}, project: 1, annotations: [], predictions: [], drafts: [], ...more });

test("the tabs of a task are a new answer, those given in their order, and what models said", () => {
  const tabs = tabsOf(task({ annotations: [annotation(9, 1), annotation(3, 2)], predictions: [prediction], drafts: [draft(7, 9)] }));
  expect(tabs.map((tab) => tab.key)).toEqual(["new", "a3", "a9", "p5"]);
  expect(tabs[2]).toMatchObject({ draft: { id: 7 } });
});

describe("what opens first", () => {
  const me = 1;
  test.each([
    ["a new answer, when the person gave none", task({ annotations: [annotation(3, 2)], predictions: [prediction] }), "new"],
    ["the person's own answer", task({ annotations: [annotation(3, me), annotation(4, 2)] }), "a3"],
    ["the later of two", task({ annotations: [annotation(3, me), annotation(6, me)] }), "a6"],
    ["work that was begun", task({ annotations: [annotation(3, me)], drafts: [draft(1, null)] }), "new"],
    ["an answer with a draft of changes", task({ annotations: [annotation(3, me), annotation(6, me)], drafts: [draft(1, 3)] }), "a3"],
  ])("is %s", (_what, one, key) => {
    expect(firstTab(one, me).key).toBe(key);
  });
});

test("a copy of a prediction says where its regions come from", () => {
  expect(baseOf({ kind: "new", key: "new", draft: null, parent: prediction })).toEqual([{ id: "r", type: "rectangle", value: {}, origin: "prediction" }, { type: "relation" }]);
});

test("time counts while the page is seen", () => {
  let clock = 0;
  const lead = new LeadTime(10, () => clock);
  clock = 5000;
  lead.pause();
  clock = 60_000;
  lead.resume();
  clock = 61_500;
  expect(lead.seconds()).toBe(16.5);
});
