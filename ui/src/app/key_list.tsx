/** Which keys are in force here: the answer to `?`. */
import { signal } from "@preact/signals";
import { Fragment } from "preact";

import { url } from "../boot.ts";
import { t } from "../i18n/index.ts";
import { shownKeys } from "../keys/chords.ts";
import { Dialog } from "./components/dialog.tsx";
import { shortcutGroups } from "./keys.ts";

export const isKeyListOpen = signal(false);

export function Keys({ keys }: { keys: string }) {
  return <span class="app-keys">{shownKeys(keys).map((cap) => <Fragment key={cap}> <kbd class="lw-key">{cap}</kbd></Fragment>)}</span>;
}

export function KeyList() {
  if (!isKeyListOpen.value) return null;
  const close = () => { isKeyListOpen.value = false; };
  const groups = shortcutGroups.value.map(({ title, shortcuts }) => ({ title, shortcuts: shortcuts.filter((one) => one.all.length > 0) }));
  return (
    <Dialog title={t("Keys on this page")} onClose={close} wide foot={<a class="lw-button" href={url("/user/account/hotkeys")} onClick={close}>{t("Change the keys")}</a>}>
      <div class="app-key-list" tabIndex={0}>
        {groups.filter((group) => group.shortcuts.length > 0).map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts.map((one) => (
                <div key={one.all.join() + one.label}><dt>{one.label}</dt><dd>{one.all.map((keys) => <Keys key={keys} keys={keys} />)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
