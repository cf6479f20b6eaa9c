/** `<Rating>`: a number of stars. The same number again takes them back. */
import { Icon, icons, Keys, type ControlContext, type ControlTag } from "labelwright";

import { number, text } from "./attributes.ts";
import rules from "./rating.css?inline";

const SIZES: Record<string, number> = { small: 18, medium: 24, large: 34 };

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<number>();
  const most = Math.max(1, Math.round(number(ctx.attrs.maxRating) ?? 5));
  const preset = Math.min(most, number(ctx.attrs.defaultValue) ?? 0);
  const size = SIZES[text(ctx.attrs.size)] ?? SIZES.medium!;
  const key = text(ctx.attrs.hotkey);
  const group: { current: HTMLDivElement | null } = { current: null };

  const give = (stars: number): void => {
    answer.value = answer.peek() === stars ? null : stars;
  };
  /** As radio buttons do: the arrow keys choose, and take the focus along. */
  const step = (stars: number): void => {
    answer.value = Math.min(most, Math.max(1, stars));
    group.current?.querySelectorAll<HTMLElement>("button")[answer.peek()! - 1]?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (by === undefined || ctx.readonly.peek()) return;
    event.preventDefault();
    event.stopPropagation();
    step((answer.peek() ?? (by > 0 ? 0 : most + 1)) + by);
  };
  if (key) {
    ctx.hotkey({ keys: key, title: "One star more", run: () => {
      if (!ctx.readonly.peek()) answer.value = ((answer.peek() ?? 0) % most) + 1;
    } });
  }

  return {
    view: () => {
      const given = answer.value;
      const lit = given ?? preset;
      return (
        <div class="lw-rating-line">
          <div ref={group} class="lw-rating" role="radiogroup" aria-label={ctx.name} data-preset={given === null || undefined} onKeyDown={press}>
            {Array.from({ length: most }, (_, at) => at + 1).map((stars) => (
              <button type="button" role="radio" key={stars} aria-checked={given === stars} aria-label={ctx.t("{n} of {most} stars", { n: stars, most })}
                tabIndex={stars === (given || 1) ? 0 : -1} disabled={ctx.readonly.value} data-lit={stars <= lit || undefined} onClick={() => give(stars)}>
                <Icon path={icons.star} size={size} />
              </button>
            ))}
          </div>
          {given !== null && <span class="lw-rating-count">{ctx.t("{n} of {most}", { n: given, most })}</span>}
          {key && <Keys keys={key} />}
        </div>
      );
    },
  };
}

const rating: ControlTag = { api: 1, tag: "Rating", kind: "control", setup };

export default rating;
