// @ts-check
import { Icon, icons } from "labelwright";
import { html } from "htm/preact";

const rules = `
.stars { display: inline-flex; gap: 2px; }
.stars button { padding: 4px; border: 0; border-radius: 6px; background: none; color: var(--lw-text-3); cursor: pointer; }
.stars button:hover { background: var(--lw-hover); }
.stars button[data-given] { color: #e5a50a; }
.stars button[data-given] path { fill: currentColor; }`;

/** @type {import("labelwright").ControlTag} */
const stars = {
  api: 1,
  tag: "Stars",
  kind: "control",
  setup(ctx) {
    ctx.css(rules);
    /** @type {import("labelwright").Answer<number>} */
    const given = ctx.answer();
    const most = Number(ctx.attrs.max ?? 5);
    const title = ctx.attrs.hint || ctx.name;

    /** @param {number} n the same number of stars again takes them back */
    const give = (n) => {
      if (n <= most) given.value = given.peek() === n ? null : n;
    };
    /** @param {number} n */
    const star = (n) => html`
      <button type="button" role="radio" aria-checked=${given.value === n} aria-label=${ctx.t("{n} stars", { n })} key=${n}
        disabled=${ctx.readonly.value} data-given=${n <= (given.value ?? 0) || undefined} onClick=${() => give(n)}>
        <${Icon} path=${icons.star} size=${24} />
      </button>`;

    return {
      view: () => html`
        <div>
          ${ctx.attrs.hint && html`<div>${ctx.attrs.hint}</div>`}
          <div class="stars" role="radiogroup" aria-label=${title}>${Array.from({ length: most }, (_, index) => star(index + 1))}</div>
        </div>`,
      hotkeys: { [`1-${Math.min(most, 9)}`]: (key) => give(Number(key)) },
    };
  },
};

export default stars;
