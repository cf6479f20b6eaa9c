import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { t } from "../../i18n/index.ts";
import { Button } from "./button.tsx";

/** A modal: the browser's own dialog holds the focus inside, gives it back, and closes at Escape. */
export function Dialog({ title, onClose, wide, foot, bare, children }: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  foot?: ComponentChildren;
  /** No head and no padding: the content brings its own. */
  bare?: boolean;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the next key press, not after the next paint: letters typed right after Ctrl+K belong to the palette.
  useLayoutEffect(() => {
    const opened = dialog.current!;
    const before = document.activeElement;
    opened.showModal();
    if (!opened.querySelector("[autofocus]")) opened.focus();
    return () => {
      opened.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog} tabIndex={-1} class={`lw-dialog${wide ? " lw-dialog--wide" : ""}${bare ? " lw-dialog--bare" : ""}`}
      aria-labelledby={bare ? undefined : heading} aria-label={bare ? title : undefined}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === dialog.current) onClose(); }}
    >
      {bare ? children : (
        <>
          <header class="lw-dialog-head">
            <h2 id={heading}>{title}</h2>
            <Button kind="quiet" small icon="close" label={t("Close")} onClick={onClose} />
          </header>
          <div class="lw-dialog-body">{children}</div>
          {foot && <footer class="lw-dialog-foot">{foot}</footer>}
        </>
      )}
    </dialog>
  );
}
