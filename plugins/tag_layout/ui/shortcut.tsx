/** `<Shortcut>`: a button inside a text control that writes its text where the caret is. */
import { inkOn, Keys, type TagContext, type VisualTag } from "labelwright";

import { text } from "./written.ts";

const RULES = `
.lw-shortcut { display: inline-flex; align-items: center; gap: 6px; min-height: 26px; padding: 0 10px; border: 0; border-radius: var(--lw-radius); font: inherit; font-size: var(--lw-size-s); }
.lw-shortcut:hover { filter: brightness(1.1); }
`;

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The field of the control that it stands in: the one with the caret, else the last. */
function fieldOf(button: HTMLElement | null): Field | null {
  const fields = [...(button?.closest("[data-control]")?.querySelectorAll<Field>("textarea, input:not([type]), input[type=text]") ?? [])].filter((field) => !field.readOnly && !field.disabled);
  return fields.find((field) => field === document.activeElement) ?? fields.at(-1) ?? null;
}

function write(field: Field, words: string): void {
  field.focus();
  field.setRangeText(words, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: words, inputType: "insertText" }));
}

function setup(ctx: TagContext) {
  ctx.css(RULES);
  const words = String(ctx.field(ctx.attrs.value ?? ctx.node.text ?? "") ?? "");
  const colour = String(ctx.attrs.background);
  const key = text(ctx.attrs.hotkey);
  const button: { current: HTMLButtonElement | null } = { current: null };
  const press = (): void => {
    const field = ctx.readonly.peek() ? null : fieldOf(button.current);
    if (field) write(field, words);
  };
  if (key) ctx.hotkey({ keys: key, title: "Write a shortcut", run: press });
  return {
    view: () => (
      <button ref={button} type="button" class="lw-shortcut" style={{ background: colour, color: inkOn(colour) }} title={words} disabled={ctx.readonly.value}
        onPointerDown={(event) => event.preventDefault() /* the caret stays where it is */} onClick={press}>
        {text(ctx.attrs.alias) ?? words}
        {key && <Keys keys={key} />}
      </button>
    ),
  };
}

const shortcut: VisualTag = { api: 1, tag: "Shortcut", kind: "visual", setup };

export default shortcut;
