/** `<Repeater>`: the host has repeated what is inside; with pages it shows one round at a time. */
import { effect, signal } from "@preact/signals";
import { IconButton, icons, type ConfigNode, type TagContext, type VisualTag } from "labelwright";

import { holds } from "./nodes.ts";

const RULES = `
.lw-pages { display: flex; align-items: center; justify-content: center; gap: 6px; flex: none; margin-top: 8px; }
.lw-pages > span { min-width: 6rem; color: var(--lw-text-2); font-variant-numeric: tabular-nums; text-align: center; }
`;

/** The nodes of each round: their ids end in the index. */
function roundsOf(nodes: readonly ConfigNode[]): ConfigNode[][] {
  const rounds = new Map<string, ConfigNode[]>();
  for (const node of nodes) {
    const round = node.id.slice(node.id.lastIndexOf(".") + 1);
    rounds.set(round, [...(rounds.get(round) ?? []), node]);
  }
  return [...rounds.values()];
}

function paged(ctx: TagContext) {
  ctx.css(RULES);
  const rounds = roundsOf(ctx.node.children);
  const page = signal(0);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(rounds.length - 1, to));
    if (next === page.peek()) return;
    page.value = next;
    ctx.announce(ctx.t("{n} of {total}", { n: next + 1, total: rounds.length }));
  };
  const stop = effect(() => {
    const wanted = ctx.wanted.value;
    const at = wanted ? rounds.findIndex((round) => holds(round, wanted.name)) : -1;
    if (at >= 0) page.value = at;
  });
  ctx.abort.addEventListener("abort", stop, { once: true });
  ctx.hotkey({ id: "repeater:previous-page", run: () => go(page.peek() - 1) });
  ctx.hotkey({ id: "repeater:next-page", run: () => go(page.peek() + 1) });
  return {
    view: () => (
      <>
        {ctx.children(rounds[page.value] ?? [])}
        {rounds.length > 1 && (
          <nav class="lw-pages" aria-label={ctx.t("Items")}>
            <IconButton icon={icons.previous} title={ctx.t("Previous item")} keys={ctx.keyOf("repeater:previous-page")} disabled={page.value === 0} onClick={() => go(page.peek() - 1)} />
            <span>{ctx.t("{n} of {total}", { n: page.value + 1, total: rounds.length })}</span>
            <IconButton icon={icons.next} title={ctx.t("Next item")} keys={ctx.keyOf("repeater:next-page")} disabled={page.value === rounds.length - 1} onClick={() => go(page.peek() + 1)} />
          </nav>
        )}
      </>
    ),
  };
}

const repeater: VisualTag = {
  api: 1,
  tag: "Repeater",
  kind: "visual",
  setup: (ctx) => (ctx.attrs.mode === "pagination" ? paged(ctx) : { view: () => <>{ctx.children()}</> }),
};

export default repeater;
