/** A question that must be answered before something is done: `if (await confirm({...}))`. */
import { useState } from "preact/hooks";

import { t } from "../i18n/index.ts";
import { asked, type Question } from "./asking.ts";
import { Button } from "./components/button.tsx";
import { Dialog } from "./components/dialog.tsx";
import { TextField } from "./components/field.tsx";

export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((resolve) => {
    asked.value = { ...question, answer: (yes) => { asked.value = null; resolve(yes); } };
  });
}

export function Confirm() {
  const question = asked.value;
  return question && <Ask key={question.title} {...question} />;
}

function Ask({ title, body, action, danger, typed, answer }: Question & { answer: (yes: boolean) => void }) {
  const [text, setText] = useState("");
  const isReady = !typed || text.trim() === typed.value.trim();
  return (
    <Dialog
      title={title} onClose={() => answer(false)}
      foot={<>
        <Button autofocus={danger && !typed} onClick={() => answer(false)}>{t("Cancel")}</Button>
        <Button kind={danger ? "danger" : "primary"} autofocus={!danger && !typed} disabled={!isReady} onClick={() => answer(true)}>{action}</Button>
      </>}
    >
      {body && <div class="lw-muted">{body}</div>}
      {typed && (
        <form onSubmit={(event) => { event.preventDefault(); if (isReady) answer(true); }}>
          <TextField label={typed.label} value={text} onValue={setText} autocomplete="off" spellcheck={false} autofocus />
        </form>
      )}
    </Dialog>
  );
}
