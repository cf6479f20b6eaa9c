/** The question that is being asked, if any. Its dialog is in confirm.tsx; buttons look here, so that none spins while one waits for the answer. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export interface Question {
  title: string;
  body?: ComponentChildren;
  /** What the button says: the deed, not "OK". */
  action: string;
  danger?: boolean;
  /** A text that must be typed first. */
  typed?: { label: string; value: string };
}

export const asked = signal<(Question & { answer: (yes: boolean) => void }) | null>(null);
