/** Which keys are in force here: the answer to `?`. */
import { signal } from "@preact/signals";

import { t } from "../i18n/index.ts";
import { Dialog } from "./components/dialog.tsx";
import { keyCaps, shortcutGroups } from "./keys.ts";

export const isKeyListOpen = signal(false);

export function Keys({ keys }: { keys: string }) {
  return <span class="app-keys">{keyCaps(keys).map((cap) => <kbd key={cap} class="lw-key">{cap}</kbd>)}</span>;
}

export function KeyList() {
  if (!isKeyListOpen.value) return null;
  return (
    <Dialog title={t("Keys on this page")} onClose={() => { isKeyListOpen.value = false; }} wide>
      <div class="app-key-list" tabIndex={0}>
        {shortcutGroups.value.filter((group) => group.shortcuts.length > 0).map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts.map((one) => (
                <div key={one.keys + one.label}><dt>{one.label}</dt><dd><Keys keys={one.keys} /></dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
