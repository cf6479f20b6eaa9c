/** What is yours: your name, how the pages look, and the tokens of your programs. */
import { useEffect, useState } from "preact/hooks";

import { api, ApiError } from "../../api/client.ts";
import { describeError, fieldErrors } from "../../api/errors.ts";
import type { User } from "../../api/types.ts";
import { boot, url } from "../../boot.ts";
import { locale, LOCALES, t } from "../../i18n/index.ts";
import { setTheme, themeChoice } from "../../theme/index.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { Segments, TextField } from "../components/field.tsx";
import { ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { Password } from "../account/password.tsx";
import { Picture } from "../account/picture.tsx";
import { Shortcuts } from "../account/shortcuts.tsx";
import { LegacyToken, PersonalTokens } from "../account/tokens.tsx";
import { Panel } from "../components/panel.tsx";
import { currentProject } from "../current_project.ts";
import { chooseLanguage } from "../language.ts";
import { useResource } from "../resource.ts";
import type { RouteParams } from "../router.ts";
import { useTitle } from "../title.tsx";
import { toast } from "../toasts.ts";
import "./settings.css";

function Profile({ user, onSaved }: { user: User; onSaved: (user: User) => void }) {
  const [form, setForm] = useState({ first_name: user.first_name ?? "", last_name: user.last_name ?? "", phone: user.phone ?? "" });
  const [error, setError] = useState<unknown>(null);
  const isChanged = form.first_name !== (user.first_name ?? "") || form.last_name !== (user.last_name ?? "") || form.phone !== (user.phone ?? "");
  const set = (name: keyof typeof form) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const save = async () => {
    setError(null);
    try {
      const saved = await api.patch<User>(`/api/users/${user.id}/`, form);
      onSaved({ ...user, ...saved });
      if (boot.user) Object.assign(boot.user, { first_name: saved.first_name, last_name: saved.last_name, initials: saved.initials });
      toast(t("Saved"), "good");
    } catch (failure) {
      setError(failure);
    }
  };
  const isOfFields = error instanceof ApiError && Object.keys(error.fields).some((name) => name in form);
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <Panel
        title={t("Profile")} foot={<Button kind="primary" type="submit" disabled={!isChanged} onClick={save}>{t("Save")}</Button>}
      >
        {error && !isOfFields ? <Note kind="bad"><p>{describeError(error)}</p></Note> : null}
        <div class="lw-row account-who">
          <Avatar user={{ ...user, ...form, initials: undefined }} size={56} />
          <div class="lw-grow"><strong>{user.email}</strong><p class="lw-small lw-muted">{t("The address you sign in with; it cannot be changed here.")}</p></div>
          <Picture user={user} onChanged={onSaved} />
        </div>
        <div class="account-names">
          <TextField label={t("First name")} value={form.first_name} onValue={set("first_name")} error={fieldErrors(error, "first_name")} autocomplete="given-name" />
          <TextField label={t("Last name")} value={form.last_name} onValue={set("last_name")} error={fieldErrors(error, "last_name")} autocomplete="family-name" />
        </div>
        <TextField label={t("Phone")} value={form.phone} onValue={set("phone")} error={fieldErrors(error, "phone")} autocomplete="tel" inputMode="tel" />
      </Panel>
    </form>
  );
}

function Appearance() {
  return (
    <Panel title={t("Appearance")} about={t("Kept in this browser; it takes effect at once.")}>
      <div class="account-choice">
        <span class="lw-label">{t("Language")}</span>
        <Segments label={t("Language")} value={locale.value} onValue={(id) => void chooseLanguage(id)} options={LOCALES.map((one) => ({ value: one.id, label: one.name }))} />
      </div>
      <div class="account-choice">
        <span class="lw-label">{t("Theme")}</span>
        <Segments
          label={t("Theme")} value={themeChoice.value} onValue={setTheme}
          options={[{ value: "auto", label: t("As the system") }, { value: "light", label: t("Light") }, { value: "dark", label: t("Dark") }]}
        />
      </div>
    </Panel>
  );
}

function Person() {
  const { data, error, reload, set } = useResource((signal) => api.get<User>("/api/current-user/whoami", { signal }), []);
  return (
    <>
      {error ? <ErrorPanel error={error} onRetry={reload} /> : data ? <Profile key={data.id} user={data} onSaved={set} /> : <Loading><Skeleton height={260} /></Loading>}
      <Appearance />
      <Password />
      <PersonalTokens />
      <LegacyToken />
    </>
  );
}

const TOPICS = [
  { sub: "", name: () => t("Profile"), Content: Person },
  { sub: "hotkeys", name: () => t("Keyboard shortcuts"), Content: Shortcuts },
];

/** The addresses are Label Studio's; its other topics are all on the first page. */
export function Account({ params }: { params: RouteParams }) {
  const topic = TOPICS.find((one) => one.sub === params.sub) ?? TOPICS[0]!;
  useTitle(topic.sub ? `${topic.name()} · ${t("Account")}` : t("Account"));
  useEffect(() => { currentProject.value = null; }, []);
  const { Content } = topic;
  return (
    <div class="settings">
      <nav class="settings-nav" aria-label={t("Account")}>
        {TOPICS.map((one) => (
          <a key={one.sub} class="settings-link" href={url(["/user/account", one.sub].filter(Boolean).join("/"))} aria-current={one === topic ? "page" : undefined}>{one.name()}</a>
        ))}
      </nav>
      <div class="settings-body">
        <h1 class="lw-hidden-visually">{t("Account")}</h1>
        <Content />
      </div>
    </div>
  );
}
