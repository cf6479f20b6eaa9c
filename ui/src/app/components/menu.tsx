import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { Icon, type IconName } from "./icons.tsx";

export interface MenuItem {
  label: string;
  icon?: IconName;
  hint?: string;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  /** One of several, of which this is the one in force. */
  checked?: boolean;
  onSelect?: () => void;
}

export type MenuEntry = MenuItem | "line" | { head: ComponentChildren };

interface TriggerProps {
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  "aria-controls": string;
  onClick: (event: MouseEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

const GAP = 4;
const MARGIN = 8;

/** Put an element that lies above the page under its anchor, or over it where there is no room. */
export function placeBeside(floating: HTMLElement, anchor: HTMLElement, align: "start" | "end" = "start"): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = floating.getBoundingClientRect();
  const wanted = align === "end" ? at.right - width : at.left;
  const left = Math.max(MARGIN, Math.min(wanted, innerWidth - width - MARGIN));
  const below = at.bottom + GAP;
  const above = at.top - GAP - height;
  const top = below + height > innerHeight - MARGIN && above > MARGIN ? above : below;
  floating.style.left = `${left}px`;
  floating.style.top = `${Math.max(MARGIN, Math.min(top, innerHeight - height - MARGIN))}px`;
}

const isItem = (entry: MenuEntry): entry is MenuItem => entry !== "line" && "label" in entry;

/** A button's menu: arrows, Home, End and first letters move; Escape closes and gives the focus back. */
export function Menu({ label, items, align = "start", trigger }: {
  label: string;
  items: MenuEntry[];
  align?: "start" | "end";
  trigger: (props: TriggerProps) => JSX.Element;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const anchor = useRef<HTMLElement | null>(null);
  const [isOpen, setOpen] = useState(false);

  // A window of another size has the button elsewhere.
  useEffect(() => {
    if (!isOpen) return;
    const follow = () => placeBeside(list.current!, anchor.current!, align);
    addEventListener("resize", follow);
    return () => removeEventListener("resize", follow);
  }, [isOpen, align]);

  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not([aria-disabled=true])") ?? [])];
  const open = (from: HTMLElement, end = false) => {
    anchor.current = from;
    list.current!.showPopover();
    placeBeside(list.current!, from, align);
    (end ? rows().at(-1) : (rows().find((row) => row.ariaChecked === "true") ?? rows()[0]))?.focus();
  };
  const close = (giveBack = true) => {
    list.current?.hidePopover();
    if (giveBack) anchor.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const byLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " "
      ? [...all.slice(at + 1), ...all.slice(0, at + 1)].find((row) => row.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))
      : undefined;
    const to = { ArrowDown: all[(at + 1) % all.length], ArrowUp: all.at(at <= 0 ? -1 : at - 1), Home: all[0], End: all.at(-1) }[event.key] ?? byLetter;
    if (event.key === "Tab" || event.key === "Escape") close();
    if (event.key === "Escape") event.stopPropagation();
    if (to || event.key === "Escape") event.preventDefault();
    to?.focus();
  };
  const choose = (item: MenuItem) => (event: MouseEvent) => {
    if (item.disabled) return event.preventDefault();
    close(!item.href);
    item.onSelect?.();
  };

  return (
    <>
      {trigger({
        "aria-haspopup": "menu", "aria-expanded": isOpen, "aria-controls": id,
        onClick: (event) => (isOpen ? close() : open(event.currentTarget as HTMLElement)),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          open(event.currentTarget as HTMLElement, event.key === "ArrowUp");
        },
      })}
      <div
        ref={list} id={id} class="lw-menu" popover="auto" role="menu" aria-label={label} onKeyDown={move}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {items.map((entry, index) => {
          if (entry === "line") return <hr key={index} />;
          if (!isItem(entry)) return <div key={index} class="lw-menu-head" role="presentation">{entry.head}</div>;
          const shared = {
            class: `lw-menu-item${entry.danger ? " lw-menu-item--danger" : ""}`, tabIndex: -1,
            role: entry.checked === undefined ? ("menuitem" as const) : ("menuitemradio" as const),
            "aria-checked": entry.checked, "aria-disabled": entry.disabled || undefined, onClick: choose(entry),
          };
          const inside = (
            <>
              {entry.icon && <Icon name={entry.icon} />}
              <span>{entry.label}{entry.hint && <span class="app-menu-hint">{entry.hint}</span>}</span>
              {entry.checked && <Icon name="check" class="app-menu-check" />}
            </>
          );
          return entry.href
            ? <a key={index} {...shared} href={entry.href}>{inside}</a>
            : <button key={index} type="button" {...shared}>{inside}</button>;
        })}
      </div>
    </>
  );
}
