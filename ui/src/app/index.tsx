/** The application: a bar, the screen that the address names, and what lies above them. */
import { effect } from "@preact/signals";
import { Component, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { isOffline, watchChanges } from "../api/changes.ts";
import { signIn } from "../api/client.ts";
import { boot } from "../boot.ts";
import { loadLocale, locale, preferredLocale, t } from "../i18n/index.ts";
import { Icon } from "./components/icons.tsx";
import { ErrorPanel, Loading, Skeleton } from "./components/states.tsx";
import { Toasts } from "./components/toasts.tsx";
import { Confirm } from "./confirm.tsx";
import { KeyList } from "./key_list.tsx";
import { startShortcuts } from "./keys.ts";
import { Palette } from "./palette.tsx";
import { findRoute, path, query, startRouter, type Match, type Screen } from "./router.ts";
import { ROUTES } from "./routes.ts";
import { NotFound } from "./screens/not_found.tsx";
import { announce, Announcer } from "./title.tsx";
import { startTooltips } from "./tooltips.ts";
import { TopBar, useGlobalCommands } from "./top_bar.tsx";
import "./app.css";

const screens = new Map<string, Screen>();

/** The screen's module: the old screen stays until the new one is there. */
function useScreen(match: Match | null): { shown: Match | null; Screen: Screen | null; error: unknown } {
  const [state, setState] = useState<{ shown: Match | null; error: unknown }>({ shown: null, error: null });
  const isLoaded = match !== null && screens.has(match.route.path);
  useEffect(() => {
    if (!match || screens.has(match.route.path)) return setState({ shown: match, error: null });
    let isWanted = true;
    match.route.load().then(
      (screen) => {
        screens.set(match.route.path, screen);
        if (isWanted) setState({ shown: match, error: null });
      },
      (error: unknown) => isWanted && setState({ shown: match, error }),
    );
    return () => { isWanted = false; };
  }, [match?.route.path, path.value]);
  const shown = isLoaded ? match : state.shown;
  return { shown, Screen: shown ? (screens.get(shown.route.path) ?? null) : null, error: state.error };
}

/** A screen that fails leaves the bar and the way out in place. */
class Fence extends Component<{ children: ComponentChildren; at: string }, { error: unknown; at: string }> {
  override state = { error: null as unknown, at: "" };
  override componentDidCatch(error: unknown) {
    this.setState({ error, at: this.props.at });
    console.error(error);
  }
  override render() {
    const { error, at } = this.state;
    if (!error || at !== this.props.at) return this.props.children;
    return <div class="app-page"><ErrorPanel error={error} title={t("This page failed")} onRetry={() => this.setState({ error: null })} /></div>;
  }
}

function FirstScreen() {
  return <div class="app-page"><Loading><Skeleton width={240} height={28} /><Skeleton height={120} /><Skeleton height={120} /></Loading></div>;
}

function Main() {
  const match = findRoute(ROUTES, path.value);
  const { shown, Screen, error } = useScreen(match);
  useGlobalCommands();
  useEffect(() => watchChanges({}), []);
  useEffect(() => announce(), [path.value]);

  const fills = !!shown?.route.fills && !!match;
  return (
    <div class={`app${fills ? " app--fills" : ""}`} data-screen={shown?.route.name}>
      <a class="app-skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{t("Skip to the content")}</a>
      <TopBar match={match} />
      {isOffline.value && (
        <p class="app-offline" role="status"><Icon name="warning" size={14} />{t("No connection to the server. Trying again; nothing you typed is lost.")}</p>
      )}
      <main id="main" tabIndex={-1}>
        <Fence at={path.value}>
          {!match ? <NotFound />
            : error ? <div class="app-page"><ErrorPanel error={error} onRetry={() => location.reload()} /></div>
            : Screen && shown ? <Screen params={shown.params} query={query.value} />
            : <FirstScreen />}
        </Fence>
      </main>
    </div>
  );
}

function start(): void {
  startRouter();
  startShortcuts();
  startTooltips();
  effect(() => { document.documentElement.lang = locale.value === "zh" ? "zh-CN" : "en"; });
}

let started = false;

export function App() {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    if (!boot.user) return signIn();
    if (!started) start();
    started = true;
    // Without its catalogue the page still works, in English.
    void loadLocale(preferredLocale()).catch(() => undefined).then(() => setReady(true));
  }, []);
  if (!isReady) return null;
  return (
    <>
      <Main />
      <Palette />
      <KeyList />
      <Confirm />
      <Toasts />
      <Announcer />
    </>
  );
}
