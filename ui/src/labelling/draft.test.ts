import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";

import type { ResultItem } from "../../sdk/labelwright";
import { applied, type Op } from "../runtime/results.ts";
import { DraftKeeper, type DraftDoor, type Refusal, type ServerDraft } from "./draft.ts";
import { MemoryLog, StoredLog, type OpLog } from "./op_log.ts";

const item = (id: string, x = 0): ResultItem => ({ id, from_name: "box", to_name: "image", type: "rectangle", value: { x } });
const set = (id: string, x = 0): Op => ({ op: "set", key: `${id}/box/rectangle`, value: item(id, x) });

/** A server that keeps one draft by the rules of the real one. */
class Server implements DraftDoor {
  draft: ServerDraft | null = null;
  isDown = false;
  losesAnswers = false;
  requests = 0;
  #last = "";

  async create(body: { result: ResultItem[]; client: string; seq: number }): Promise<ServerDraft> {
    return this.#answer(body, () => ({ id: 1, revision: 1, result: body.result }));
  }

  async change(_id: number, body: { revision: number; client: string; seq: number; ops: Op[] }): Promise<ServerDraft> {
    return this.#answer(body, () => {
      if (!this.draft) throw { status: 404, code: "no-draft", draft: null } satisfies Refusal;
      if (this.draft.revision !== body.revision) throw { status: 409, code: "draft-conflict", draft: this.draft } satisfies Refusal;
      return { ...this.draft, revision: this.draft.revision + 1, result: applied(this.draft.result, body.ops) };
    });
  }

  async #answer(body: { client: string; seq: number }, change: () => ServerDraft): Promise<ServerDraft> {
    this.requests++;
    if (this.isDown) throw new TypeError("no connection");
    const stamp = `${body.client} ${body.seq}`;
    if (stamp !== this.#last) this.draft = change();
    this.#last = stamp;
    if (this.losesAnswers) throw new TypeError("connection lost");
    return this.draft!;
  }
}

interface Page {
  keeper: DraftKeeper;
  work: ResultItem[];
  edit(...ops: Op[]): void;
}

async function openPage(log: OpLog, server: Server): Promise<Page> {
  const page = { work: [] as ResultItem[] } as Page;
  const opened = await DraftKeeper.open({
    key: "1/7/new", log, door: server, draft: server.draft, base: [], result: () => page.work, leadTime: () => 1,
    refusalOf: (error) => (error instanceof Error ? null : (error as Refusal)),
  });
  page.keeper = opened.keeper;
  page.work = opened.result;
  page.edit = (...ops) => {
    page.work = applied(page.work, ops);
    page.keeper.note(ops);
  };
  return page;
}

describe.each([["memory", () => new MemoryLog()], ["IndexedDB", () => new StoredLog()]] as const)("a draft with its log in %s", (_name, make) => {
  let log: OpLog;
  let server: Server;

  beforeEach(async () => {
    log = make();
    await log.clear();
    server = new Server();
  });

  test("keeps an edit in the browser while a request hangs", async () => {
    const page = await openPage(log, server);
    server.create = () => new Promise(() => undefined);
    page.edit(set("a"));
    void page.keeper.flush();
    await vi.waitFor(() => expect(page.keeper.state.value).toBe("saving"));
    page.edit(set("b"));
    await vi.waitFor(async () => expect(await log.entries("1/7/new")).toHaveLength(2));
  });

  test("is made with the first edit and changed by operations after it", async () => {
    const page = await openPage(log, server);
    page.edit(set("a"));
    await page.keeper.flush();
    page.edit(set("b"), set("a", 5));
    await page.keeper.flush();
    expect(server.draft).toMatchObject({ revision: 2, result: [item("a", 5), item("b")] });
    expect(page.keeper.state.value).toBe("saved");
    expect(await log.entries("1/7/new")).toEqual([]);
  });

  test("survives the tab: what was not sent is there after a reload and is sent then", async () => {
    server.isDown = true;
    const first = await openPage(log, server);
    first.edit(set("a"));
    await first.keeper.flush();
    expect(first.keeper.state.value).toBe("offline");
    server.isDown = false;
    const second = await openPage(log, server);
    expect(second.work).toEqual([item("a")]);
    await second.keeper.flush();
    expect(server.draft!.result).toEqual([item("a")]);
  });

  test("counts once when the answer was lost on the way, also over a reload", async () => {
    const first = await openPage(log, server);
    first.edit(set("a"));
    await first.keeper.flush();
    server.losesAnswers = true;
    first.edit(set("b"));
    await first.keeper.flush();
    expect(server.draft!.revision).toBe(2);
    server.losesAnswers = false;
    const second = await openPage(log, server);
    await second.keeper.flush();
    expect(server.draft).toMatchObject({ revision: 2, result: [item("a"), item("b")] });
    expect(second.keeper.state.value).toBe("saved");
  });

  test("that was changed elsewhere waits for a word", async () => {
    const page = await openPage(log, server);
    page.edit(set("a"));
    await page.keeper.flush();
    server.draft = { ...server.draft!, revision: 9, result: [item("theirs")] };
    page.edit(set("b"));
    await page.keeper.flush();
    expect(page.keeper.state.value).toBe("conflict");
    expect(server.draft.result).toEqual([item("theirs")]);
    await page.keeper.keepMine();
    expect(server.draft).toMatchObject({ revision: 10, result: [item("a"), item("b")] });
  });

  test("can be given up for the other", async () => {
    const page = await openPage(log, server);
    page.edit(set("a"));
    await page.keeper.flush();
    server.draft = { ...server.draft!, revision: 9, result: [item("theirs")] };
    page.edit(set("b"));
    await page.keeper.flush();
    expect(await page.keeper.takeTheirs()).toEqual([item("theirs")]);
    expect(page.keeper.state.value).toBe("saved");
    expect(await log.entries("1/7/new")).toEqual([]);
  });

  test("that was thrown away elsewhere begins anew", async () => {
    const page = await openPage(log, server);
    page.edit(set("a"));
    await page.keeper.flush();
    server.draft = null;
    page.edit(set("b"));
    await page.keeper.flush();
    await page.keeper.flush();
    expect(server.draft).toMatchObject({ revision: 1, result: [item("a"), item("b")] });
  });

  test("leaves nothing in the browser after the submission", async () => {
    server.isDown = true;
    const page = await openPage(log, server);
    page.edit(set("a"));
    await page.keeper.close();
    expect(await log.entries("1/7/new")).toEqual([]);
    expect(await log.standing("1/7/new")).toBeNull();
  });
});

test("an edit is on its way within two seconds, however many follow", async () => {
  vi.useFakeTimers();
  const server = new Server();
  const page = await openPage(new MemoryLog(), server);
  for (let round = 0; round < 10; round++) {
    page.edit(set("a", round));
    await vi.advanceTimersByTimeAsync(150);
  }
  expect(server.requests).toBeGreaterThan(0);
  expect(server.requests).toBeLessThan(4);
  vi.useRealTimers();
});
