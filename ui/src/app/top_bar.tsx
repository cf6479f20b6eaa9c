import { boot, url } from "../boot.ts";
import { locale, LOCALES, t } from "../i18n/index.ts";
import { keyOf } from "../keys/own.ts";
import { setTheme, themeChoice, type ThemeChoice } from "../theme/index.ts";
import { Avatar } from "./components/avatar.tsx";
import { Button } from "./components/button.tsx";
import { Icon, Mark, type IconName } from "./components/icons.tsx";
import { Menu, type MenuEntry } from "./components/menu.tsx";
import { currentProject } from "./current_project.ts";
import { JobsIndicator } from "./jobs_indicator.tsx";
import { isKeyListOpen } from "./key_list.tsx";
import { useShortcuts } from "./keys.ts";
import { chooseLanguage } from "./language.ts";
import { isPaletteOpen, useCommands } from "./palette.tsx";
import { ProjectSwitcher } from "./project_switcher.tsx";
import { navigate, type Match } from "./router.ts";
import { SETTINGS_TOPICS } from "./settings/topics.ts";

const THEMES: { id: ThemeChoice; icon: IconName; name: () => string }[] = [
  { id: "auto", icon: "auto", name: () => t("As the system") },
  { id: "light", icon: "sun", name: () => t("Light") },
  { id: "dark", icon: "moon", name: () => t("Dark") },
];

const openPalette = () => { isPaletteOpen.value = true; };
const openKeys = () => { isKeyListOpen.value = true; };

/** Drafts that wait in this browser go with the session: the next person here must not find them. */
export async function logOut(): Promise<void> {
  try {
    const { clearLog } = await import("../labelling/op_log.ts");
    await clearLog();
  } finally {
    location.assign(url("/logout"));
  }
}

export function useGlobalCommands(): void {
  useCommands(() => {
    const project = currentProject.value;
    const to = (id: string, title: string, path: string, icon: IconName, words = "") =>
      ({ id, title, icon, words, group: t("Go to"), run: () => navigate(path) });
    return [
      ...(project ? [
        { id: "project-label", title: t("Label all tasks of {title}", { title: project.title }), icon: "play" as const, group: t("This project"), run: () => navigate(`/projects/${project.id}/label`) },
        { id: "project-tasks", title: t("Tasks of {title}", { title: project.title }), icon: "list" as const, group: t("This project"), run: () => navigate(`/projects/${project.id}/data`) },
        ...SETTINGS_TOPICS.map((topic) => ({
          id: `settings-${topic.id}`, title: `${t("Settings")}: ${topic.name()}`, icon: "settings" as const, words: project.title, group: t("This project"),
          run: () => navigate(`/projects/${project.id}/settings/${topic.id}`),
        })),
      ] : []),
      to("projects", t("Projects"), "/projects", "folder", "home"),
      to("create", t("Create a project"), "/projects/create", "plus", "new"),
      to("members", t("Members"), "/organization", "users", "organization invite"),
      to("jobs", t("Jobs"), "/jobs", "activity", "progress import export"),
      to("plugins", t("Plugins"), "/plugins", "plug"),
      to("playground", t("Playground of the tags"), "/playground", "code", "tag attribute try plugin"),
      to("account", t("Account"), "/user/account", "user", "profile token language password"),
      to("account-keys", t("Keyboard shortcuts"), "/user/account/hotkeys", "keyboard", "hotkeys keys remap"),
      ...THEMES.map((theme) => ({
        id: `theme-${theme.id}`, title: `${t("Theme")}: ${theme.name()}`, icon: theme.icon, group: t("Appearance"), words: "theme dark light", run: () => setTheme(theme.id),
      })),
      ...LOCALES.map((one) => ({
        id: `locale-${one.id}`, title: `${t("Language")}: ${one.name}`, icon: "globe" as const, group: t("Appearance"), words: "language locale 语言", run: () => chooseLanguage(one.id),
      })),
      { id: "app:keys", title: t("Keys on this page"), icon: "keyboard", group: t("Help"), run: openKeys },
      { id: "log-out", title: t("Log out"), icon: "log-out", group: t("Help"), run: logOut },
    ];
  });
  useShortcuts(() => ({
    title: t("Everywhere"),
    shortcuts: [
      { id: "app:palette", run: openPalette },
      { id: "app:keys", run: openKeys },
    ],
  }));
}

function NavLink({ href, current, children }: { href: string; current: boolean; children: string }) {
  return <a class="app-nav-link" href={url(href)} aria-current={current ? "page" : undefined}>{children}</a>;
}

function Navigation({ match }: { match: Match | null }) {
  const name = match?.route.name;
  const id = match?.params.id;
  if (id) {
    return (
      <nav class="app-nav" aria-label={t("This project")}>
        <NavLink href={`/projects/${id}/data`} current={name === "data" || name === "label"}>{t("Tasks")}</NavLink>
        <NavLink href={`/projects/${id}/settings/general`} current={name === "settings"}>{t("Settings")}</NavLink>
      </nav>
    );
  }
  return (
    <nav class="app-nav" aria-label={t("Main")}>
      <NavLink href="/projects" current={name === "projects" || name === "create"}>{t("Projects")}</NavLink>
      <NavLink href="/organization" current={name === "organization"}>{t("Members")}</NavLink>
      <NavLink href="/jobs" current={name === "jobs"}>{t("Jobs")}</NavLink>
      <NavLink href="/plugins" current={name === "plugins"}>{t("Plugins")}</NavLink>
    </nav>
  );
}

function UserMenu() {
  const user = boot.user!;
  const name = `${user.first_name} ${user.last_name}`.trim();
  const items: MenuEntry[] = [
    { head: <span class="app-user-head"><strong>{name || user.email}</strong>{name && <span>{user.email}</span>}</span> },
    "line",
    { label: t("Account"), icon: "user", href: url("/user/account") },
    { label: t("Members"), icon: "users", href: url("/organization") },
    { label: t("Jobs"), icon: "activity", href: url("/jobs") },
    { label: t("Plugins"), icon: "plug", href: url("/plugins") },
    { label: t("Keys on this page"), icon: "keyboard", onSelect: openKeys },
    "line",
    ...THEMES.map((theme) => ({ label: theme.name(), icon: theme.icon, checked: themeChoice.value === theme.id, onSelect: () => setTheme(theme.id) })),
    "line",
    { label: t("Log out"), icon: "log-out", onSelect: logOut },
    { head: <span class="lw-tiny">{t("Labelwright {version}", { version: boot.version })}</span> },
  ];
  return (
    <Menu
      label={t("You")} items={items} align="end"
      trigger={(props) => <button type="button" {...props} class="app-user" data-tip={name || user.email}><Avatar user={user} /><span class="lw-hidden-visually">{t("You: {name}", { name: name || user.email })}</span></button>}
    />
  );
}

function LanguageMenu() {
  const items = LOCALES.map((one) => ({ label: one.name, checked: locale.value === one.id, onSelect: () => chooseLanguage(one.id) }));
  return <Menu label={t("Language")} items={items} align="end" trigger={(props) => <Button {...props} kind="quiet" icon="globe" label={t("Language")} class="app-wide-only" />} />;
}

export function TopBar({ match }: { match: Match | null }) {
  const id = Number(match?.params.id) || null;
  return (
    <header class="app-bar">
      <a class="app-home" href={url("/projects")} aria-label={t("Labelwright: all projects")}><Mark /><span class={id ? "lw-hidden-visually" : "app-home-name"}>Labelwright</span></a>
      {id && <><Icon name="chevron-right" class="app-crumb-line" size={14} /><ProjectSwitcher id={id} /></>}
      <Navigation match={match} />
      <div class="app-bar-end">
        <button type="button" class="app-find" onClick={openPalette} aria-label={t("Find a command")} data-tip={t("Find a command")} data-tip-keys={keyOf("app:palette")}>
          <Icon name="search" /><span>{t("Find…")}</span>
        </button>
        <JobsIndicator />
        <Button kind="quiet" icon="keyboard" label={t("Keys on this page")} keys={keyOf("app:keys")} onClick={openKeys} class="app-wide-only" />
        <LanguageMenu />
        <UserMenu />
      </div>
    </header>
  );
}
