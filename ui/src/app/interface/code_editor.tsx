import { useEffect, useRef, useState } from "preact/hooks";

import type { Problem, TagInfo } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Loading, Skeleton } from "../components/states.tsx";
import type { Editor } from "./code_mirror.ts";

/** A code editor; until its module has come, or where it cannot, a plain text area does. */
export function CodeEditor({ value, onChange, language, label, problems, tags, placeholder, editorRef }: {
  value: string;
  onChange: (value: string) => void;
  language: "xml" | "json";
  label: string;
  problems?: readonly Problem[];
  tags?: readonly TagInfo[];
  placeholder?: string;
  editorRef?: (editor: Editor | null) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [isPlain, setPlain] = useState(false);
  const latest = useRef({ value, onChange, tags });
  latest.current = { value, onChange, tags };
  // What was typed comes back as `value` a moment later, when more may have been typed already: only a text that did
  // not come from the editor is put into it.
  const sent = useRef<string[]>([]);

  useEffect(() => {
    let made: Editor | null = null;
    let isGone = false;
    import("./code_mirror.ts").then(
      ({ createEditor }) => {
        if (isGone || !host.current) return;
        made = createEditor(host.current, {
          value: latest.current.value, language, label, placeholder, tags: () => latest.current.tags ?? [],
          onChange: (text) => {
            sent.current.push(text);
            latest.current.onChange(text);
          },
        });
        setEditor(made);
        editorRef?.(made);
      },
      () => setPlain(true),
    );
    return () => {
      isGone = true;
      made?.dispose();
      editorRef?.(null);
    };
  }, [language, label]);
  useEffect(() => {
    const echo = sent.current.indexOf(value);
    if (echo >= 0) sent.current.splice(0, echo + 1);
    else editor?.set(value);
  }, [editor, value]);
  useEffect(() => editor?.showProblems(problems ?? []), [editor, problems]);

  if (isPlain) {
    return <textarea class="lw-textarea code-plain" aria-label={label} value={value} spellcheck={false} onInput={(event) => onChange(event.currentTarget.value)} />;
  }
  return (
    <div class="code-editor">
      {!editor && <Loading><Skeleton width="30%" /><Skeleton width="62%" /><Skeleton width="48%" /><span class="lw-hidden-visually">{t("The editor is loading")}</span></Loading>}
      <div ref={host} class="code-host" />
    </div>
  );
}
