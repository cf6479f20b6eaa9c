import { useRef } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { User } from "../../api/types.ts";
import { boot } from "../../boot.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { showError } from "../toasts.ts";

/** The picture beside somebody's name: chosen from a file, or none. */
export function Picture({ user, onChanged }: { user: User; onChanged: (user: User) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const show = async () => {
    const now = await api.get<User>("/api/current-user/whoami");
    if (boot.user) boot.user.avatar = now.avatar;
    onChanged({ ...user, avatar: now.avatar });
  };
  const send = async (file: File | undefined) => {
    if (!file) return;
    const form = new FormData();
    form.append("avatar", file);
    try {
      await api.upload(`/api/users/${user.id}/avatar/`, form);
      await show();
    } catch (error) {
      showError(error);
    }
  };
  const remove = async () => {
    await api.delete(`/api/users/${user.id}/avatar/`);
    await show();
  };
  return (
    <div class="lw-row">
      <Button small icon="image" onClick={() => input.current?.click()}>{t("Choose a picture")}</Button>
      {user.avatar && <Button small kind="quiet" icon="trash" label={t("Remove the picture")} onClick={remove} />}
      <input
        ref={input} class="lw-hidden-visually" type="file" accept="image/png,image/jpeg,image/gif,image/webp" tabIndex={-1} aria-hidden="true"
        onChange={(event) => { void send(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }}
      />
    </div>
  );
}
