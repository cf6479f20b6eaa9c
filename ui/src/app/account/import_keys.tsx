/** Take keys out of a file: an export from here, or Label Studio's. */
import { useRef, useState } from "preact/hooks";

import { t, tn } from "../../i18n/index.ts";
import type { Action } from "../../keys/catalogue.ts";
import { withKeys } from "../../keys/clashes.ts";
import { imported } from "../../keys/label_studio.ts";
import { keysInForce, saveOwnKeys, type KeyMap } from "../../keys/own.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextArea } from "../components/field.tsx";
import { toast } from "../toasts.ts";

/** Without what only repeats the usual keys. */
function onlyChanges(map: KeyMap, actions: readonly Action[], usual: (action: Action) => readonly string[]): KeyMap {
  return actions.reduce((now, action) => (now[action.id] ? withKeys(now, action, keysInForce(action.id, usual(action), now), usual(action)) : now), map);
}

export function ImportKeys({ actions, usual, onClose }: { actions: readonly Action[]; usual: (action: Action) => readonly string[]; onClose: () => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const take = async () => {
    const found = imported(text);
    if (!found) return setProblem(t("This is no file of keys, neither ours nor Label Studio's."));
    const map = onlyChanges(found, actions, usual);
    await saveOwnKeys(() => map);
    const count = Object.keys(map).length;
    toast(count === 0 ? t("All keys are the usual ones") : tn("{n} key differs from the usual ones", "{n} keys differ from the usual ones", count), "good");
    onClose();
  };
  const read = async (chosen: File | undefined) => {
    if (!chosen) return;
    setText(await chosen.text());
    setProblem(null);
  };
  return (
    <Dialog
      title={t("Import keys")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" disabled={text.trim() === ""} onClick={take}>{t("Import")}</Button></>}
    >
      <p class="lw-muted">{t("They take the place of the keys that you have. Label Studio's export of hotkeys can be read, too.")}</p>
      <div>
        <Button icon="file" onClick={() => file.current?.click()}>{t("Choose a file")}</Button>
        <input ref={file} type="file" accept=".json,application/json" hidden onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </div>
      <TextArea label={t("Or paste it here")} value={text} onValue={(value) => { setText(value); setProblem(null); }} error={problem} mono rows={8} spellcheck={false} />
    </Dialog>
  );
}
