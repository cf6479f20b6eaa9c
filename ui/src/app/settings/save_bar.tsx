import { ApiError } from "../../api/client.ts";
import { describeError } from "../../api/errors.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Note } from "../components/states.tsx";
import { useShortcuts } from "../keys.ts";
import { keyOf } from "../../keys/own.ts";

/** Save and undo; with `mod+s` as everywhere. */
export function SaveButtons({ isChanged, isReady = true, onSave, onUndo }: { isChanged: boolean; isReady?: boolean; onSave: () => Promise<unknown>; onUndo: () => void }) {
  useShortcuts(() => ({ title: t("Settings"), shortcuts: [{ id: "settings:save", run: () => { if (isChanged && isReady) void onSave(); } }] }), [isChanged, isReady, onSave]);
  return (
    <>
      {isChanged && <Button kind="quiet" onClick={onUndo}>{t("Undo changes")}</Button>}
      <Button kind="primary" keys={keyOf("settings:save")} disabled={!isChanged || !isReady} onClick={onSave}>{t("Save")}</Button>
    </>
  );
}

/** A refusal that no field of the form shows. */
export function FormError({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error) return null;
  const isShownByField = error instanceof ApiError && Object.keys(error.fields).length > 0 && Object.keys(error.fields).every((name) => fields.includes(name));
  return isShownByField ? null : <Note kind="bad"><p>{describeError(error)}</p></Note>;
}
