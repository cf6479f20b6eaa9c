/** Small views that the runtime's screens and tag authors share. */
import type { VNode } from "preact";

import { shownKeys } from "../keys/chords.ts";

/** A 16x16 icon from path data, in the colour of the text. */
export function Icon({ path, size = 16, class: name }: { path: string; size?: number; class?: string }): VNode {
  return (
    <svg class={name} width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** `Ctrl Z` as the user's keyboard has it. */
export function Keys({ keys }: { keys: string }): VNode {
  return <kbd class="lw-keys">{shownKeys(keys).map((part) => <span key={part}>{part}</span>)}</kbd>;
}

export interface IconButtonProps {
  icon: string;
  title: string;
  keys?: string;
  pressed?: boolean;
  disabled?: boolean;
  small?: boolean;
  onClick: (event: MouseEvent) => void;
}

/** A button that is only an icon: its name and its key are in the tooltip. */
export function IconButton({ icon, title, keys, pressed, disabled, small, onClick }: IconButtonProps): VNode {
  const shown = keys ? `${title} (${shownKeys(keys).join(" ")})` : title;
  return (
    <button type="button" class={`lw-button lw-button--quiet lw-button--icon${small ? " lw-button--small" : ""}`} title={shown} aria-label={title}
      aria-pressed={pressed} aria-disabled={disabled ? "true" : undefined} onClick={(event) => (disabled ? undefined : onClick(event))}>
      <Icon path={icon} />
    </button>
  );
}
