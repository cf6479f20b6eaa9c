/** `<List>` shows things, `<Ranker>` makes them movable: the board stands where the list stands. */
import { signal, type Signal } from "@preact/signals";
import type { ControlTag, ObjectContext, ObjectTag } from "labelwright";
import { cleanHtml, Icon, icons, Keys } from "labelwright";
import { render } from "preact";

import { Ranking, rankingOf } from "./board.ts";
import { Dragging } from "./dragging.ts";
import { REST, thingsOf, type Group, type Places, type Thing } from "./order.ts";
import rules from "./ranking.css?inline";

/** A list on screen. */
class Board {
  readonly things: readonly Thing[];
  readonly folded = signal<ReadonlySet<string>>(new Set());
  readonly dragging = new Dragging((id, place) => this.move(id, place.group, place.at));
  readonly ranking: Signal<Ranking | null>;

  constructor(readonly ctx: ObjectContext, readonly el: HTMLElement) {
    this.things = thingsOf(ctx.field(ctx.attrs.value));
    this.ranking = rankingOf(ctx.store, ctx.name);
  }

  get mayMove(): boolean {
    return this.ranking.value !== null && !this.ctx.readonly.value;
  }

  get groups(): readonly Group[] {
    return this.ranking.value?.groups ?? [{ name: REST }];
  }

  get places(): Places {
    return this.ranking.value?.places(this.things) ?? { [REST]: this.things.map((thing) => String(thing.id)) };
  }

  titleOf({ name, title }: Group): string {
    return title || (name === REST || name === this.ranking.value?.first ? String(this.ctx.attrs.title ?? "") : "") || this.ctx.name;
  }

  move(id: string, group: string, at: number): void {
    this.ranking.peek()?.move(this.things, id, group, at);
    const [title, place] = [this.titleOf(this.groups.find((one) => one.name === group)!), (this.places[group] ?? []).indexOf(id) + 1];
    this.ctx.announce(this.ctx.t("{n} in {group}", { n: place, group: title }));
  }

  toggle(id: string): void {
    const next = new Set(this.folded.peek());
    if (!next.delete(id)) next.add(id);
    this.folded.value = next;
  }

  focus(id: string | undefined): void {
    if (id !== undefined) requestAnimationFrame(() => this.el.querySelector<HTMLElement>(`[data-thing="${CSS.escape(id)}"]`)?.focus());
  }

  /** Arrows go, with Shift they carry the thing along; a digit sends it to that group and goes on with the next. */
  key(event: KeyboardEvent, id: string, group: string): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
    const names = this.groups.map((one) => one.name);
    const ids = this.places[group]!;
    const [at, column] = [ids.indexOf(id), names.indexOf(group)];
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -at, End: ids.length - 1 - at }[event.key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const target = /^[1-9]$/.test(event.key) ? names[Number(event.key) - 1] : undefined;
    const carries = event.shiftKey && this.mayMove;
    if (step !== undefined) {
      if (carries) this.move(id, group, Math.max(0, Math.min(ids.length - 1, at + step)));
      this.focus(carries ? id : ids[Math.max(0, Math.min(ids.length - 1, at + step))]);
    } else if (aside !== undefined) {
      const next = names[Math.max(0, Math.min(names.length - 1, column + aside))]!;
      const there = this.places[next]!;
      if (carries && next !== group) this.move(id, next, Math.min(at, there.length));
      this.focus(carries ? id : there[Math.min(at, there.length - 1)]);
    } else if (target !== undefined && this.mayMove && names.length > 1) {
      if (target !== group) this.move(id, target, this.places[target]!.length);
      this.focus(ids[at + 1] ?? ids[at - 1] ?? id);
    } else if (event.key === "Enter" || event.key === " ") {
      this.toggle(id);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function Columns({ board }: { board: Board }) {
  const { ctx, groups, places } = board;
  const [dragged, over] = [board.dragging.id.value, board.dragging.over.value];
  const byId = new Map(board.things.map((thing) => [String(thing.id), thing]));
  void ctx.locale.value;
  const hint = groups.length > 1 ? ctx.t("Drag, or by keys: arrows to go, Shift with arrows to move, a digit to send it to that group") : ctx.t("Drag, or by keys: arrows to go, Shift with arrows to move");
  return (
    <div class="lw-rank" data-board data-dragging={dragged ?? undefined}>
      {groups.map((group, number) => {
        const ids = places[group.name]!;
        const others = ids.filter((id) => id !== dragged);
        const mark = over?.group === group.name ? over.at : -1;
        return (
          <section key={group.name} class="lw-rank-column htx-ranker-column" data-group={group.name} data-over={mark >= 0 || undefined}>
            <h3 class="lw-rank-title">
              {board.titleOf(group)} <small>{ids.length}</small>
              {groups.length > 1 && number < 9 && board.mayMove && <Keys keys={String(number + 1)} />}
            </h3>
            <ol class="lw-rank-list" aria-label={board.titleOf(group)}>
              {ids.map((id) => (
                <Item key={id} board={board} thing={byId.get(id)!} group={group.name} isDragged={id === dragged} isBelow={mark >= 0 && others[mark] === id} />
              ))}
              {mark >= 0 && mark >= others.length && <li class="lw-rank-end" aria-hidden="true" />}
            </ol>
            {ids.length === 0 && <p class="lw-rank-empty">{ctx.t("Nothing here yet")}</p>}
          </section>
        );
      })}
      {board.mayMove && <small class="lw-rank-hint">{hint}</small>}
    </div>
  );
}

interface ItemProps {
  board: Board;
  thing: Thing;
  group: string;
  isDragged: boolean;
  isBelow: boolean;
}

function Item({ board, thing, group, isDragged, isBelow }: ItemProps) {
  const { ctx } = board;
  const id = String(thing.id);
  const isOpen = !board.folded.value.has(id);
  const mayFold = board.ranking.value?.ctx.attrs.collapsible !== false && (thing.body !== "" || thing.html !== "");
  return (
    <li class="lw-rank-item htx-ranker-item" data-thing={id} data-dragged={isDragged || undefined} data-below={isBelow || undefined} tabIndex={0}
      data-movable={board.mayMove || undefined} onKeyDown={(event) => board.key(event, id, group)}
      onPointerDown={(event) => {
        if (board.mayMove && event.pointerType === "mouse" && !(event.target as Element).closest("button, a")) board.dragging.press(event, id);
      }}>
      <div class="lw-rank-head">
        {board.mayMove && (
          <span class="lw-rank-grip" aria-hidden="true" onPointerDown={(event) => (event.pointerType === "mouse" ? undefined : board.dragging.press(event, id))}>
            <Icon path="M6 3.5v.1M6 8v.1M6 12.5v.1M10 3.5v.1M10 8v.1M10 12.5v.1" />
          </span>
        )}
        <strong class="lw-rank-name">{thing.title || id}</strong>
        {mayFold && (
          <button type="button" class="lw-rank-fold" aria-expanded={isOpen} aria-label={isOpen ? ctx.t("Fold {title}", { title: thing.title }) : ctx.t("Unfold {title}", { title: thing.title })}
            tabIndex={-1} onClick={() => board.toggle(id)}>
            <Icon path={icons.down} size={14} />
          </button>
        )}
      </div>
      {isOpen && thing.body !== "" && <p class="lw-rank-body">{thing.body}</p>}
      {isOpen && thing.html !== "" && <Html html={thing.html} />}
      {isOpen && thing.title !== "" && <small class="lw-rank-id">{id}</small>}
    </li>
  );
}

function Html({ html }: { html: string }) {
  const put = (el: HTMLElement | null): void => {
    if (el && el.dataset.html !== html) {
      el.dataset.html = html;
      void cleanHtml(html).then(({ nodes }) => el.replaceChildren(nodes));
    }
  };
  return <div class="lw-rank-html" ref={put} />;
}

const list: ObjectTag = {
  api: 1,
  tag: "List",
  kind: "object",
  space: "list",
  mount(el, ctx) {
    ctx.css(rules);
    const board = new Board(ctx, el);
    if (board.things.length === 0) ctx.failed(ctx.t("This task has no list in {field}.", { field: String(ctx.attrs.value) }));
    else {
      render(<Columns board={board} />, el);
      ctx.loaded();
    }
    return { focus: () => el.querySelector<HTMLElement>("[data-thing]")?.focus(), dispose: () => render(null, el) };
  },
};

const ranker: ControlTag = {
  api: 1,
  tag: "Ranker",
  kind: "control",
  setup(ctx) {
    const ranking = rankingOf(ctx.store, ctx.toName[0] ?? "");
    ranking.value = new Ranking(ctx);
    return {
      view: () => null,
      dispose: () => {
        ranking.value = null;
      },
    };
  },
};

const tags = [list, ranker];

export default tags;
