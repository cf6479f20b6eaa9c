import type { ControlProps } from "../../components/field.tsx";
import { useEffect, useState } from "preact/hooks";

export interface DraftProps extends Partial<ControlProps> {
  class?: string;
  title?: string;
  maxLength?: number;
  "aria-label"?: string;
  "data-focus"?: string;
  value: string;
  onValue: (value: string) => void;
  /** Why this may not be the value; nothing if it may. */
  refuse?: (value: string) => string | null;
  onRefused?: (why: string | null) => void;
}

/** A text that counts when it is finished (Enter, or another field): for what others follow, such as names. */
export function DraftField({ value, onValue, refuse, onRefused, ...rest }: DraftProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const isDraft = draft !== value;
  const why = isDraft ? (refuse?.(draft) ?? null) : null;
  useEffect(() => onRefused?.(why), [why]);
  const finish = () => {
    if (isDraft && !why) onValue(draft);
    else if (why) setDraft(value);
  };
  return (
    <input
      {...rest} type="text" spellcheck={false} autocomplete="off" value={draft} data-draft={isDraft || undefined}
      onInput={(event) => setDraft(event.currentTarget.value)} onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.isComposing && !why) finish();
        if (event.key === "Escape" && isDraft) {
          event.stopPropagation();
          setDraft(value);
        }
      }}
    />
  );
}
