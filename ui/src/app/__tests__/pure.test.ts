import { describe, expect, test } from "vitest";

import { ApiError } from "../../api/client.ts";
import { describeError, fieldErrors, translateServerText } from "../../api/errors.ts";
import { formatBytes, loadLocale, t, tn } from "../../i18n/index.ts";
import { tokenEnd, tokenStart } from "../account/tokens.tsx";
import { initialsOf } from "../components/avatar.tsx";
import { secondsLeft } from "../components/job_line.tsx";
import { addFiles, batches, entryOf, isHiddenFile } from "../importing/files.ts";
import { fieldsOf, firstObject, firstRow, guessColumns, isImageAddress, peekText, tieFields } from "../importing/peek.ts";
import { placeInWords } from "../importing/send.ts";
import { openTag, placeOf } from "../interface/completion.ts";
import { matching, shelves, stepped } from "../interface/shelves.ts";
import { matchScore, rank } from "../palette.tsx";
import { matchPath } from "../router.ts";
import { titleProblem } from "../screens/create.tsx";
import { byKind } from "../screens/plugins.tsx";
import { asLine, columnsOf, spread, statusOf } from "../tasks/columns.ts";
import { fileNameOf } from "../tasks/export_dialog.tsx";
import { rowsInView, scrolledTo, topOf, topShowing, track } from "../tasks/scroll.ts";
import { choose, countChosen, EVERYTHING, isChosen, NOTHING, selectedItems } from "../tasks/selection.ts";

describe("addresses", () => {
  test("a pattern takes its parts by name", () => {
    expect(matchPath("/projects/:id/settings/:sub", "/projects/12/settings/danger-zone/")).toEqual({ id: "12", sub: "danger-zone" });
  });
  test("an id is a number", () => expect(matchPath("/projects/:id", "/projects/create")).toBeNull());
  test("a broken escape is no match", () => expect(matchPath("/x/:name", "/x/%E0%A4")).toBeNull());
});

describe("rows of a fixed height", () => {
  test("few rows scroll as they are", () => {
    const at = track(100, 48, 600);
    expect(at.height).toBe(4800);
    expect(topOf(at, 1234)).toBe(1234);
  });
  test("the last of a million rows can be reached on a shorter track", () => {
    const at = track(1_000_000, 48, 600);
    expect(at.height).toBeLessThan(at.full);
    expect(topOf(at, at.height - 600)).toBe(at.full - 600);
    const [, end] = rowsInView(topOf(at, at.height - 600), 600, 48, 1_000_000);
    expect(end).toBe(1_000_000);
  });
  test("track and rows agree both ways", () => {
    const at = track(1_000_000, 48, 600);
    expect(topOf(at, scrolledTo(at, 30_000_000))).toBeCloseTo(30_000_000, 3);
  });
  test("only rows in view and a few more exist", () => expect(rowsInView(4800, 480, 48, 1_000_000, 2)).toEqual([98, 112]));
  test("a row above is brought to the top, one below to the bottom, one in view stays", () => {
    expect([topShowing(3, 480, 480, 48), topShowing(30, 480, 480, 48), topShowing(12, 480, 480, 48)]).toEqual([144, 1008, 480]);
  });
});

describe("a selection", () => {
  test("of everything but two", () => {
    const chosen = choose(EVERYTHING, [4, 5], false);
    expect([isChosen(chosen, 4), isChosen(chosen, 6), countChosen(chosen, 10)]).toEqual([false, true, 8]);
    expect(selectedItems(chosen)).toEqual({ all: true, excluded: [4, 5] });
  });
  test("of some", () => expect(selectedItems(choose(choose(NOTHING, [1, 2], true), [2], false))).toEqual({ all: false, included: [1] }));
});

describe("columns", () => {
  const row = (data: Record<string, unknown>) => ({ id: 1, data, total_annotations: 0, cancelled_annotations: 0, total_predictions: 0, is_labeled: false, created_at: "", updated_at: "" });
  test("follow the data: pictures, numbers, texts", () => {
    const kinds = Object.fromEntries(columnsOf([row({ a: "/data/upload/1/x.PNG", n: 3, t: "hello" })]).map((one) => [one.id, one.kind]));
    expect(kinds).toMatchObject({ "data.a": "image", "data.n": "number", "data.t": "text" });
  });
  test("texts fill the room that is left", () => {
    const total = spread(columnsOf([row({ t: "x" })]), 2000).reduce((sum, one) => sum + one.width, 0);
    expect(total).toBe(2000);
  });
  test("a value is one line", () => expect([asLine("a\n b"), asLine({ x: [1] }), asLine(null)]).toEqual(["a b", '{"x":[1]}', ""]));
  test("a task with too few answers is begun", () => expect(statusOf({ ...row({}), total_annotations: 1 })).toBe("begun"));
});

describe("what is looked at before it is sent", () => {
  test("the first object of a list, braces in strings and a cut end notwithstanding", () => {
    expect(firstObject('[{"text": "a } {", "n": {"m": 1}}, {"text": "cut')).toEqual({ text: "a } {", n: { m: 1 } });
  });
  test("a task's data, not the task", () => expect(peekText("a.json", '[{"id": 1, "data": {"image": "x"}}]')).toEqual({ image: "x" }));
  test("a table with quotes and semicolons", () => expect(firstRow('name;text\n"a ""b""";"line\nbreak"')).toEqual({ name: 'a "b"', text: "line\nbreak" }));
  test("a byte order mark is no part of the first name", () => expect(peekText("a.csv", "\uFEFFa,b\n1,2")).toEqual({ a: "1", b: "2" }));
  test("addresses of pictures", () => {
    expect(["https://x.org/a.jpg?s=1", "/data/upload/1/a.webp", "data:image/png;base64,x", "a.png", "s3://b/a.png"].map(isImageAddress)).toEqual([true, true, true, false, false]);
  });
  test("a template takes the field that the data have", () => {
    expect(tieFields('<Image value="$image"/>', { photo: "https://x.org/a.png", note: "hi" })).toBe('<Image value="$photo"/>');
    expect(tieFields('<Text value="$text"/>', { text: "hi", other: "longer text" })).toBe('<Text value="$text"/>');
  });

  test("columns are proposed for the fields that a file lacks, and none where it has them", () => {
    const config = '<View><Image name="a" value="$image"/><Text name="b" value="$text[0]"/><Text name="c" value=\'$标题\'/></View>';
    expect(fieldsOf(config)).toEqual(["image", "text", "标题"]);
    expect(guessColumns(["image", "text"], { image: "/a.png", text: "x" })).toEqual({});
    expect(guessColumns(["text"], { id: "1", body: "a longer text" })).toEqual({ text: "body" });
    expect(guessColumns(["text", "image"], { TEXT: "x", photo: "https://x.org/a.png" })).toEqual({ text: "TEXT", image: "photo" });
    expect(guessColumns(["score"], { body: "x" })).toEqual({ score: "" });
  });
});

describe("files", () => {
  const file = (name: string, size: number) => entryOf({ name, size, lastModified: 1, type: "" } as File);
  test("of tasks go alone, pictures in bundles", () => {
    const sent = batches([file("a.png", 10), file("b.png", 10), file("t.json", 10), file("c.png", 10)], {});
    expect(sent.map((batch) => batch.map((one) => one.name))).toEqual([["a.png", "b.png"], ["t.json"], ["c.png"]]);
  });
  test("no bundle is over a limit", () => {
    const sent = batches(Array.from({ length: 7 }, (_, index) => file(`${index}.png`, 10)), { upload_files: 3, upload_bytes: 20 });
    expect(sent.map((batch) => batch.length)).toEqual([2, 2, 2, 1]);
  });
  test("dropped twice are taken once", () => expect(addFiles([file("a.png", 1)], [file("a.png", 1), file("a.png", 2)])).toHaveLength(2));
  test("that systems hide are left out", () => expect([".DS_Store", "x/._a.png", "a/Thumbs.db", "a/b.png"].map(isHiddenFile)).toEqual([true, true, true, false]));
  test("a name comes from the server", () => {
    expect(fileNameOf(new Headers({ "Content-Disposition": `attachment; filename="a.json"; filename*=UTF-8''%E8%A1%97.json` }), "x")).toBe("街.json");
    expect(fileNameOf(new Headers(), "x.json")).toBe("x.json");
  });
  test("sizes are written in steps of 1,024", () => expect([formatBytes(40), formatBytes(262_144_000), formatBytes(1536)]).toEqual(["40 bytes", "250 MB", "1.5 kB"]));
});

describe("refusals", () => {
  const refused = (status: number, body: unknown) => new ApiError(status, body, "HTTP");
  test("say which item and which field", () => {
    expect(placeInWords("1.data.text")).toBe("Item 2, field “text”");
    expect(placeInWords(null, { line: 3, place: "line 3" })).toBe("Line 3");
    expect(placeInWords(null, { index: 4, field: "image" })).toBe("Item 5, field “image”");
  });
  test("with a known code are in our words", () => {
    expect(describeError(refused(400, { detail: "Validation error", code: "file-extension", params: { extension: ".exe" } }))).toBe("The server does not read .exe files.");
  });
  test("of fields keep the field's words", () => {
    const error = refused(400, { detail: "Validation error", validation_errors: { title: ["Ensure this field has at least 3 characters."] } });
    expect(fieldErrors(error, "title")).toEqual(["Ensure this field has at least 3 characters."]);
  });
  test("without an answer speak of the connection", () => expect(describeError(refused(0, null))).toContain("does not answer"));
  test("are spoken in the language on screen", async () => {
    await loadLocale("zh");
    expect(translateServerText("Ensure this field has no more than 50 characters.")).toBe("最多 50 个字符。");
    expect(describeError(refused(409, { detail: "Some rule of a plugin", code: "odd" }))).toContain("在此期间");
    expect(tn("{n} task", "{n} tasks", 1)).toBe("1 个任务");
    await loadLocale("en");
    expect([tn("{n} task", "{n} tasks", 1), tn("{n} task", "{n} tasks", 1200), t("Item {n}", { n: 2 })]).toEqual(["1 task", "1,200 tasks", "Item 2"]);
  });
});

describe("what can be written where the cursor is", () => {
  test("a tag", () => expect(placeOf("<View>\n  <Im")).toMatchObject({ kind: "tag", typed: "Im", open: "View" }));
  test("a closing tag", () => expect(placeOf("<View><A/></")).toMatchObject({ kind: "tag", closing: true, open: "View" }));
  test("an attribute, without those that are there", () => expect(placeOf('<Text name="a" v')).toEqual({ kind: "attribute", from: 15, typed: "v", tag: "Text", present: ["name"] }));
  test("a value, though it holds an angle bracket", () => expect(placeOf('<Text name="a > b" toName="x')).toMatchObject({ kind: "value", attribute: "toName", typed: "x" }));
  test("nothing in a comment or between tags", () => expect([placeOf("<!-- <Im"), placeOf("<View> text ")]).toEqual([null, null]));
  test("the innermost open tag", () => expect(openTag('<View><Labels name="a>b"><Label value="x"/>')).toBe("Labels"));
});

describe("small things", () => {
  test("the palette puts the start of a word first", () => {
    const all = ["Export", "Projects", "Import data"].map((title) => ({ id: title, title, run: () => undefined }));
    expect(rank(all, "p").map((one) => one.title)[0]).toBe("Projects");
    expect(matchScore("xyz", "Projects")).toBe(0);
  });
  test("the palette begins with what was run last", () => {
    const all = ["Export", "Projects", "Import data"].map((title) => ({ id: title, title, run: () => undefined }));
    expect(rank(all, "", ["Import data", "gone"]).map((one) => one.title)).toEqual(["Import data", "Export", "Projects"]);
    expect(rank([...all, { ...all[0]!, id: "other" }], "exp", ["other"])[0]!.id).toBe("other");
  });
  test("a title is 3 to 50 characters", () => expect([titleProblem("ab"), titleProblem("街景标注"), titleProblem("x".repeat(51))].map(Boolean)).toEqual([true, false, true]));
  test("what a plugin brings, by kind", () => expect(byKind(["tag:A", "tag:B", "export:X"])).toEqual([["Tags", ["A", "B"]], ["Export formats", ["X"]]]));
  test("shelves hold their templates in order", () => {
    const made = shelves([{ name: "b", title: "b", group: "G", order: 2, config: "" }, { name: "a", title: "a", group: "G", order: 1, config: "" }], ["Empty", "G"]);
    expect(made.map(([group, all]) => [group, all.map((one) => one.title)])).toEqual([["G", ["a", "b"]]]);
  });

  test("templates are found by what is said of them, and by their tags", () => {
    const all = [
      { name: "a", title: "Boxes on images", group: "Computer vision", config: "<View><RectangleLabels/></View>" },
      { name: "b", title: "Translation", group: "Natural language", details: "Beside the original.", config: "<View><TextArea/></View>" },
    ];
    expect(matching(all, "boxes vision").map((one) => one.name)).toEqual(["a"]);
    expect(matching(all, "textarea ORIGINAL").map((one) => one.name)).toEqual(["b"]);
    expect(matching(all, "boxes original")).toEqual([]);
    expect(matching(all, "  ")).toHaveLength(2);
  });

  test("arrows lead along rows and to the nearest card of the next one", () => {
    const card = (left: number, top: number) => ({ left, top, width: 100 });
    const two = [card(0, 0), card(110, 0), card(220, 0), card(0, 90), card(110, 90)];
    expect(stepped(two, 2, "ArrowRight")).toBe(3);
    expect(stepped(two, 1, "ArrowDown")).toBe(4);
    expect(stepped(two, 2, "ArrowDown")).toBe(4);
    expect(stepped(two, 3, "ArrowUp")).toBe(0);
    expect(stepped(two, 0, "ArrowUp")).toBe(0);
    expect(stepped(two, 4, "ArrowDown")).toBe(4);
    expect([stepped(two, 3, "Home"), stepped(two, 0, "End")]).toEqual([0, 4]);
  });
  test("a token that ends in two hundred years never ends", () => {
    expect(tokenEnd("2226-01-01T00:00:00Z", Date.parse("2026-01-01"))).toBe("Never ends");
    expect(tokenStart("a".repeat(40))).toHaveLength(21);
  });
  test("initials are letters of names, else of the address", () => {
    expect(initialsOf({ id: 1, email: "x@y", first_name: "Ada", last_name: "Lovelace", avatar: null })).toBe("AL");
    expect(initialsOf({ id: 1, email: "mei@y", avatar: null })).toBe("ME");
  });
  test("the time left follows the speed so far", () => {
    const job = { state: "running", started_at: "2026-01-01T00:00:00Z", progress: 0.25 } as Parameters<typeof secondsLeft>[0];
    expect(secondsLeft(job, Date.parse("2026-01-01T00:00:10Z"))).toBeCloseTo(30);
  });
});
