import type { ButtonHTMLAttributes, ComponentChildren, Ref } from "preact";
import { useState } from "preact/hooks";

import { asked } from "../asking.ts";
import { showError } from "../toasts.ts";
import { Icon, type IconName } from "./icons.tsx";

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick" | "icon" | "size">;

export interface ButtonProps extends Native {
  kind?: "plain" | "primary" | "danger" | "quiet";
  icon?: IconName;
  small?: boolean;
  wide?: boolean;
  /** The name of a button that shows only its icon; also its tooltip. */
  label?: string;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string;
  busy?: boolean;
  /** While the promise that it returns is open the button is busy; a refusal is shown as a toast. */
  onClick?: (event: MouseEvent) => unknown;
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
}

function classes(kind: string, props: { small?: boolean; wide?: boolean; isBare: boolean; extra?: string }): string {
  return ["lw-button", kind !== "plain" && `lw-button--${kind}`, props.small && "lw-button--small", props.wide && "lw-button--wide",
    props.isBare && "lw-button--icon", props.extra].filter(Boolean).join(" ");
}

export function Button({ kind = "plain", icon, small, wide, label, keys, busy, onClick, buttonRef, children, ...rest }: ButtonProps) {
  const [working, setWorking] = useState(false);
  const isBusy = busy || (working && asked.value === null);
  const isBare = !children && !!icon;
  const click = async (event: MouseEvent) => {
    if (isBusy || working || rest["aria-disabled"] === true || rest["aria-disabled"] === "true") return event.preventDefault();
    const work = onClick?.(event);
    if (!(work instanceof Promise)) return;
    setWorking(true);
    try {
      await work;
    } catch (error) {
      showError(error);
    } finally {
      setWorking(false);
    }
  };
  return (
    <button
      type="button" {...rest} ref={buttonRef} onClick={click}
      class={classes(kind, { small, wide, isBare, extra: rest.class as string })}
      aria-label={isBare ? label : rest["aria-label"]} data-tip={isBare ? label : rest["data-tip" as keyof typeof rest]} data-tip-keys={keys}
      data-busy={isBusy ? "" : undefined} aria-busy={isBusy || undefined}
    >
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
      {isBusy && <i class="lw-spinner" />}
    </button>
  );
}

export function LinkButton({ href, kind = "plain", icon, small, wide, label, children, ...rest }: {
  href: string; kind?: ButtonProps["kind"]; icon?: IconName; small?: boolean; wide?: boolean; label?: string; children?: ComponentChildren;
  download?: boolean; target?: string; class?: string;
}) {
  const isBare = !children;
  return (
    <a {...rest} href={href} class={classes(kind, { small, wide, isBare, extra: rest.class })} aria-label={isBare ? label : undefined} data-tip={isBare ? label : undefined}>
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </a>
  );
}
