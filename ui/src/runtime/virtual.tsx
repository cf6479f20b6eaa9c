/** A list of rows of one height, of which only those in view exist. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface VirtualProps {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** This row is kept in view when it changes. */
  focus: number;
}

const BEYOND = 8;

export function VirtualRows({ count, rowHeight, row, focus }: VirtualProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(400);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => (height.value = box.current?.clientHeight ?? 0));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const el = box.current!;
    if (focus < 0) return;
    if (focus * rowHeight < el.scrollTop) el.scrollTop = focus * rowHeight;
    else if ((focus + 1) * rowHeight > el.scrollTop + el.clientHeight) el.scrollTop = (focus + 1) * rowHeight - el.clientHeight;
  }, [focus]);
  const first = Math.max(0, Math.floor(top.value / rowHeight) - BEYOND);
  const last = Math.min(count, Math.ceil((top.value + height.value) / rowHeight) + BEYOND);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => row(first + index));
  return (
    <div class="lw-virtual" ref={box} role="presentation" onScroll={(event) => (top.value = event.currentTarget.scrollTop)}>
      <div role="presentation" style={{ height: `${count * rowHeight}px`, position: "relative" }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>{rows}</div>
      </div>
    </div>
  );
}
