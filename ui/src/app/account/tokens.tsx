/** Keys for programs: personal access tokens, and Label Studio's old kind where it is switched on. */
import { useState } from "preact/hooks";

import { api, ApiError } from "../../api/client.ts";
import type { PersonalToken } from "../../api/types.ts";
import { formatDate, t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { CopyField } from "../components/copy_field.tsx";
import { Icon } from "../components/icons.tsx";
import { Panel } from "../components/panel.tsx";
import { ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { useResource } from "../resource.ts";
import { toast } from "../toasts.ts";
import "./account.css";

/** The beginning of a token, enough to tell it from others. */
export function tokenStart(token: string): string {
  return token.length > 24 ? `${token.slice(0, 12)}…${token.slice(-8)}` : token;
}

/** A token that never really ends is said to be so. */
export function tokenEnd(expires: string | null, now = Date.now()): string {
  const hundredYears = 100 * 365 * 86_400_000;
  if (!expires || new Date(expires).getTime() - now > hundredYears) return t("Never ends");
  return t("Until {date}", { date: formatDate(expires, "date") });
}

export function PersonalTokens() {
  const { data, error, reload } = useResource((signal) => api.get<PersonalToken[]>("/api/token/", { signal }), []);
  const [fresh, setFresh] = useState<string | null>(null);
  const create = async () => {
    setFresh((await api.post<{ token: string }>("/api/token/")).token);
    await reload();
  };
  const revoke = async (token: PersonalToken) => {
    const isSure = await confirm({
      title: t("Revoke this token?"), body: t("Programs that use it are refused at once. This cannot be undone."), action: t("Revoke"), danger: true,
    });
    if (!isSure) return;
    await api.post("/api/token/blacklist/", { refresh: token.token });
    toast(t("The token no longer works"), "good");
    await reload();
  };
  return (
    <Panel title={t("Personal access tokens")} about={t("For scripts and the SDK. A token acts in your name: treat it as a password.")} foot={<Button icon="plus" onClick={create}>{t("Create a token")}</Button>}>
      {fresh && (
        <Note kind="good">
          <p><strong>{t("Copy it now; it is shown this once.")}</strong></p>
          <CopyField label={t("New token")} value={fresh} />
        </Note>
      )}
      {error ? <ErrorPanel error={error} onRetry={reload} />
        : !data ? <Loading><Skeleton height={44} /></Loading>
        : data.length === 0 && !fresh ? <p class="lw-muted">{t("You have no tokens yet.")}</p>
        : (
          <ul class="tokens">
            {data.map((token) => (
              <li key={token.token}>
                <Icon name="key" />
                <code class="lw-truncate">{tokenStart(token.token)}</code>
                <span class="lw-small lw-muted">{t("Created {date}", { date: formatDate(token.created_at, "date") })}</span>
                <span class="lw-small lw-muted">{tokenEnd(token.expires_at)}</span>
                <Button small onClick={() => revoke(token)}>{t("Revoke")}</Button>
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}

/** Shown only where the organization allows it: a refusal means that it does not. */
export function LegacyToken() {
  const { data, error, set } = useResource(async (signal) => {
    try {
      const settings = await api.get<{ legacy_api_tokens_enabled: boolean }>("/api/jwt/settings", { signal });
      if (!settings.legacy_api_tokens_enabled) return null;
      const answer = await api.get<{ token?: string; detail?: string }>("/api/current-user/token", { signal });
      return answer.token ?? answer.detail ?? null;
    } catch (failure) {
      if (failure instanceof ApiError && (failure.status === 403 || failure.status === 404)) return null;
      throw failure;
    }
  }, []);
  const [isShown, setShown] = useState(false);
  if (!data || error) return null;
  const renew = async () => {
    const isSure = await confirm({ title: t("Make a new token?"), body: t("The old one stops working at once, in every program that uses it."), action: t("Make a new token"), danger: true });
    if (!isSure) return;
    set((await api.post<{ token: string }>("/api/current-user/reset-token/")).token);
    toast(t("The old token no longer works"), "good");
  };
  return (
    <Panel
      title={t("Legacy token")} about={t("One fixed key, as older programs send it: “Authorization: Token …”.")}
      foot={<Button onClick={renew}>{t("Make a new token")}</Button>}
    >
      {isShown ? <CopyField label={t("Token")} value={data} /> : <div><Button icon="eye" onClick={() => setShown(true)}>{t("Show the token")}</Button></div>}
    </Panel>
  );
}
