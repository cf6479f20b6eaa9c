/** A button, and what it opens beside itself: closed by Escape or a click elsewhere. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { Button, type ButtonProps } from "../components/button.tsx";
import { placeBeside } from "../components/menu.tsx";

export function PopoverButton({ title, inside, children, opener: given, ...button }: Omit<ButtonProps, "onClick" | "title"> & {
  /** What the opened part is called. */
  title: string;
  /** Asked only while it is open. */
  inside: () => ComponentChildren;
  /** To press it from elsewhere. */
  opener?: RefObject<HTMLButtonElement | null>;
}) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLButtonElement | null>(null);
  const opener = given ?? own;
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
    popover.current!.showPopover();
    // Its content is there after the next drawing: only then is its size known.
    requestAnimationFrame(() => {
      if (!popover.current?.matches(":popover-open")) return;
      placeBeside(popover.current, opener.current!);
      popover.current.querySelector<HTMLElement>("[autofocus], select, input, button")?.focus();
    });
  };
  // What is inside grows and shrinks with what is chosen in it.
  useEffect(() => {
    if (!isOpen) return;
    const watcher = new ResizeObserver(() => placeBeside(popover.current!, opener.current!));
    watcher.observe(popover.current!);
    return () => watcher.disconnect();
  }, [isOpen]);
  return (
    <>
      <Button
        {...button} buttonRef={opener} aria-haspopup="dialog" aria-expanded={isOpen} aria-controls={id}
        onClick={() => (isOpen ? popover.current?.hidePopover() : open())}
      >
        {children}
      </Button>
      <div
        ref={popover} id={id} class="lw-menu tasks-popover" popover="auto" role="dialog" aria-label={title}
        onToggle={(event) => { if (event.newState === "closed") setOpen(false); }}
      >
        {isOpen && inside()}
      </div>
    </>
  );
}
