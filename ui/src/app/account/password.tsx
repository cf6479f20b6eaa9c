import { useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { fieldErrors } from "../../api/errors.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import { FormError } from "../settings/save_bar.tsx";
import { toast } from "../toasts.ts";

const SHORTEST = 8;
const FIELDS = ["current", "password"] as const;

export function Password() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const change = async () => {
    setError(null);
    try {
      await api.post("/api/current-user/password", { current, password }, { stayWhenSignedOut: true });
      setCurrent("");
      setPassword("");
      toast(t("The password is changed"), "good");
    } catch (failure) {
      setError(failure);
    }
  };
  const isReady = current !== "" && password.length >= SHORTEST;
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (isReady) void change(); }}>
      <Panel title={t("Password")} foot={<Button disabled={!isReady} onClick={change}>{t("Change the password")}</Button>}>
        <FormError error={error} fields={FIELDS} />
        <Field label={t("Present password")} error={fieldErrors(error, "current")}>
          {(control) => <input class="lw-input" type="password" autocomplete="current-password" {...control} value={current} onInput={(event) => setCurrent(event.currentTarget.value)} />}
        </Field>
        <Field label={t("New password")} error={fieldErrors(error, "password")} hint={t("{min} characters or more; a few words are easy to remember. Your other sessions end.", { min: SHORTEST })}>
          {(control) => <input class="lw-input" type="password" autocomplete="new-password" {...control} value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
        </Field>
      </Panel>
    </form>
  );
}
