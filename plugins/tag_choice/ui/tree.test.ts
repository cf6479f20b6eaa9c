import { describe, expect, test } from "vitest";

import { isBranch, openRows, search, Tree } from "./tree.ts";

const ANIMALS = [
  { value: "Animal", children: [{ value: "Cat", alias: "felis" }, { value: "Dog", children: ["Poodle", "Great Dane"] }] },
  { value: "Plant", isLeaf: false },
  "Stone",
];

describe("a tree", () => {
  test("stores aliases and shows words", () => {
    const tree = new Tree(ANIMALS);
    expect(tree.find(["Animal", "felis"])?.words).toBe("Cat");
    expect(tree.wordsOf(["Animal", "felis"])).toEqual(["Animal", "Cat"]);
    expect(tree.wordsOf(["Animal", "wolf", "x"])).toEqual(["Animal", "wolf", "x"]);
  });
  test("shows what stands in open branches", () => {
    const tree = new Tree(ANIMALS);
    const open = new Set([tree.find(["Animal"])]);
    expect(openRows(tree, (item) => open.has(item)).map((item) => item.words)).toEqual(["Animal", "Cat", "Dog", "Plant", "Stone"]);
  });
  test("takes what comes later, once", () => {
    const tree = new Tree(ANIMALS);
    const plant = tree.find(["Plant"])!;
    expect([isBranch(plant), plant.isAbsent]).toEqual([true, true]);
    tree.put(plant, [{ value: "Tree" }, { value: "Tree" }]);
    expect(plant.children.map((item) => item.path)).toEqual([["Plant", "Tree"]]);
    tree.put(plant, []);
    expect([isBranch(plant), plant.isAbsent]).toEqual([true, false]);
  });
});

describe("a search", () => {
  const found = (typed: string): string[] => search(new Tree(ANIMALS), typed).rows.map((item) => item.words);
  test.each([
    ["dane", ["Animal", "Dog", "Great Dane"]],
    ["ＤＯＧ", ["Animal", "Dog"]],
    ["animal poo", ["Animal", "Dog", "Poodle"]],
    ["poo stone", []],
    ["st", ["Stone"]],
  ])("for %s finds %j", (typed, words) => expect(found(typed)).toEqual(words));

  test("goes through ten thousand items", () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ value: `Group ${at}`, children: Array.from({ length: 100 }, (_, below) => `Item ${at}-${below}`) }));
    expect(search(new Tree(many), "item 99-99").rows.map((item) => item.words)).toEqual(["Group 99", "Item 99-99"]);
  });
});
