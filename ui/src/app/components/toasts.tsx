import { useEffect, useRef } from "preact/hooks";

import { t } from "../../i18n/index.ts";
import { dismiss, toasts } from "../toasts.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icons.tsx";

const ICONS = { info: "info", good: "check", bad: "error" } as const;

export function Toasts() {
  const host = useRef<HTMLDivElement>(null);
  const count = toasts.value.length;
  useEffect(() => {
    // Shown again at each arrival, it lies above a dialog that was opened meanwhile.
    const shown = host.current?.matches(":popover-open");
    if (shown) host.current?.hidePopover();
    if (count > 0) host.current?.showPopover();
  }, [count, toasts.value.at(-1)?.id]);
  return (
    <div ref={host} class="lw-toasts" popover="manual" role="region" aria-label={t("Notifications")} aria-live="polite">
      {toasts.value.map((one) => (
        <div key={one.id} class={`lw-toast lw-toast--${one.kind}`} role={one.kind === "bad" ? "alert" : "status"}>
          <Icon name={ICONS[one.kind]} />
          <div>{one.text}</div>
          {one.action && <Button small onClick={() => { dismiss(one.id); return one.action!.run(); }}>{one.action.label}</Button>}
          <Button kind="quiet" small icon="close" label={t("Dismiss")} onClick={() => dismiss(one.id)} />
        </div>
      ))}
    </div>
  );
}
