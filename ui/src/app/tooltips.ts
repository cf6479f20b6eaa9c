/** One tooltip for the whole page: any element with `data-tip` has it, at hover and at focus. */
import { shownKeys } from "../keys/chords.ts";

const AFTER_MS = 450;
const GAP = 6;

export function startTooltips(): void {
  const tip = document.createElement("div");
  tip.className = "lw-tooltip";
  tip.popover = "manual";
  tip.setAttribute("aria-hidden", "true"); // the element's own label says the same
  document.body.append(tip);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownFor: Element | null = null;

  const hide = () => {
    clearTimeout(timer);
    if (shownFor && tip.matches(":popover-open")) tip.hidePopover();
    shownFor = null;
  };
  const show = (element: HTMLElement) => {
    if (!element.isConnected || element.getAttribute("aria-expanded") === "true") return;
    tip.textContent = element.dataset.tip!;
    if (element.dataset.tipKeys) {
      const keys = document.createElement("kbd");
      keys.textContent = shownKeys(element.dataset.tipKeys).join(" ");
      tip.append(keys);
    }
    tip.showPopover();
    const at = element.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const above = at.top - height - GAP;
    tip.style.left = `${Math.max(GAP, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - GAP))}px`;
    tip.style.top = `${at.bottom + GAP + height > innerHeight ? above : at.bottom + GAP}px`;
  };
  const aim = (event: Event) => {
    const element = (event.target as Element | null)?.closest?.<HTMLElement>("[data-tip]") ?? null;
    if (element === shownFor) return;
    hide();
    const isPointedAt = event.type === "pointerover" ? (event as PointerEvent).pointerType === "mouse" : element?.matches(":focus-visible");
    if (!element || !isPointedAt) return;
    shownFor = element;
    timer = setTimeout(() => show(element), AFTER_MS);
  };
  document.addEventListener("pointerover", aim);
  document.addEventListener("focusin", aim);
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", hide, true);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", hide, true);
}
