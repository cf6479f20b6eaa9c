import { describe, expect, test } from "vitest";

import type { TaskRow } from "../../api/types.ts";
import { columnsOf, includedFor, isSeen, withColumn, type ServerColumn } from "../tasks/columns.ts";
import { operatorOf, operatorsOf, valueFor } from "../tasks/operators.ts";
import { askedFor, countConditions, isPlain, newView, orderedBy, readView, storedData } from "../tasks/view.ts";

const typeOf = (column: string) => (column === "data.n" ? "Number" : "String");

const stored = {
  id: 7,
  data: {
    title: "Short ones", gridWidth: 4, ordering: ["-tasks:data.n"], hiddenColumns: { explore: ["tasks:inner_id"], labeling: ["tasks:id"] },
    filters: { conjunction: "or", items: [{ filter: "filter:tasks:data.text", operator: "contains", type: "String", value: "cat" }] },
  },
};

describe("a tab", () => {
  test("is read as Label Studio keeps it, and kept as it was read", () => {
    const view = readView(stored);
    expect(view).toMatchObject({ id: 7, title: "Short ones", conjunction: "or", ordering: ["-data.n"], hidden: ["inner_id"] });
    expect(view.conditions).toEqual([{ column: "data.text", operator: "contains", value: "cat" }]);
    expect(storedData(view, typeOf)).toMatchObject(stored.data);
  });
  test("keeps groups of conditions that only programs make", () => {
    const nested = { conjunction: "and", items: [{ filter: "filter:tasks:id", operator: "less", type: "Number", value: 3 }] };
    const view = readView({ id: 1, data: { filters: { conjunction: "and", items: [nested] } } });
    expect(view.conditions).toEqual([]);
    expect(countConditions(view)).toBe(1);
    expect(askedFor(view, typeOf)).toEqual({ filters: { conjunction: "and", items: [nested] } });
    expect(storedData(view, typeOf).filters).toEqual({ conjunction: "and", items: [nested] });
  });
  test("asks for nothing, and keeps nothing, while its conditions have no values", () => {
    const view = { ...newView("x"), conditions: [{ column: "data.n", operator: "in", value: { min: null, max: null } }, { column: "data.text", operator: "equal", value: "" }] };
    expect(askedFor(view, typeOf)).toBeNull();
    expect(storedData(view, typeOf).filters).toEqual({ conjunction: "and", items: [] });
    expect(countConditions(view)).toBe(0);
    expect(isPlain(view)).toBe(false);
  });
  test("a range may be open at one end", () => {
    const view = { ...newView("x"), conditions: [{ column: "data.n", operator: "in", value: { min: 1, max: null } }] };
    expect(countConditions(view)).toBe(1);
  });
  test("sends numbers, false and ranges", () => {
    const view = { ...newView("x"), search: " red ", conditions: [{ column: "data.n", operator: "in", value: { min: 0, max: 2 } }, { column: "draft_exists", operator: "equal", value: false }] };
    expect(askedFor(view, typeOf)).toEqual({
      search: "red",
      filters: {
        conjunction: "and",
        items: [
          { filter: "filter:tasks:data.n", operator: "in", type: "Number", value: { min: 0, max: 2 } },
          { filter: "filter:tasks:draft_exists", operator: "equal", type: "String", value: false },
        ],
      },
    });
  });
  test("an order goes up, down and away; others stay when asked for", () => {
    expect(orderedBy([], "id", false)).toEqual(["id"]);
    expect(orderedBy(["id"], "id", false)).toEqual(["-id"]);
    expect(orderedBy(["-id"], "id", false)).toEqual([]);
    expect(orderedBy(["-id"], "data.n", true)).toEqual(["-id", "data.n"]);
    expect(orderedBy(["-id"], "data.n", false)).toEqual(["data.n"]);
  });
});

describe("operators", () => {
  test("each type has some, and a value to begin with that fits", () => {
    for (const type of ["String", "Number", "Datetime", "Boolean", "List", "Something new"]) {
      for (const operator of operatorsOf(type)) {
        const value = valueFor(operator, "left over");
        if (operator.value === "yesno") expect(value).toBe(true);
        if (operator.value === "number") expect(value).toBeNull();
      }
    }
  });
  test("what was typed stays where it still fits", () => {
    expect(valueFor(operatorOf("Number", "less")!, 3)).toBe(3);
    expect(valueFor(operatorOf("Number", "in")!, 3)).toEqual({ min: null, max: null });
    expect(valueFor(operatorOf("String", "regex")!, "a+")).toBe("a+");
  });
});

describe("columns", () => {
  const server: ServerColumn[] = [
    { id: "text", title: "text", type: "String", parent: "data" },
    { id: "id", title: "ID", type: "Number" },
    { id: "completed_at", title: "Completed", type: "Datetime" },
    { id: "total_annotations", title: "Annotations", type: "Number" },
    { id: "quality", title: "Quality", type: "Number" },
    { id: "data", title: "data", type: "List" },
  ];
  const rows = [{ id: 1, data: { text: "a", n: 2 } }] as unknown as TaskRow[];
  const columns = columnsOf(rows, server);

  test("the number, the data, the status, then what is known of a task", () => {
    expect(columns.map((one) => one.id)).toEqual(["id", "data.text", "data.n", "status", "completed_at", "total_annotations", "quality"]);
    expect(columns.find((one) => one.id === "data.n")).toMatchObject({ kind: "number", type: "Number", field: "n" });
  });
  test("a plugin's column has the title that the plugin gave", () => expect(columns.at(-1)?.title).toBe("Quality"));
  test("some are seen from the beginning; hiding one keeps the others", () => {
    const seen = columns.filter((one) => isSeen(one, null)).map((one) => one.id);
    expect(seen).toEqual(["id", "data.text", "data.n", "status", "total_annotations"]);
    const hidden = withColumn(columns, null, columns[1]!, false);
    expect(columns.filter((one) => isSeen(one, hidden)).map((one) => one.id)).toEqual(["id", "data.n", "status", "total_annotations"]);
  });
  test("a plugin's column that wants to be seen is, once a task has a value", () => {
    const share: ServerColumn = { id: "share", title: "Share", type: "Number", percent: true, visibility_defaults: { explore: true } };
    const valued = [{ ...rows[0]!, share: 0.5 }];
    expect(isSeen(columnsOf(rows, [share]).at(-1)!, null)).toBe(false);
    expect(columnsOf(valued, [share]).at(-1)).toMatchObject({ kind: "percent", seen: true });
    expect(isSeen(columnsOf(valued, [share]).at(-1)!, ["share"])).toBe(false);
  });
  test("rows are asked for more only when a column in sight wants it", () => {
    expect(includedFor(columns.filter((one) => one.id !== "completed_at"))).toBeNull();
    expect(includedFor(columns)).toContain("completed_at");
  });
});
