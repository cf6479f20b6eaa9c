/** In the place of a tag that failed: what happened, in words that can be copied to its author. */
import { useState } from "preact/hooks";
import { Component, type ComponentChildren } from "preact";

import { boot } from "../boot.ts";
import { t } from "../i18n/index.ts";
import { icons } from "./icons.ts";
import type { Failure } from "./loader.ts";
import { Icon } from "./parts.tsx";

export function reportOf(failure: Failure): string {
  return [
    `Tag: ${failure.tag} (${failure.plugin})`,
    `Labelwright: ${boot.version || "?"}`,
    `Browser: ${navigator.userAgent}`,
    `Page: ${location.pathname}`,
    `Message: ${failure.message}`,
    failure.stack,
  ].join("\n");
}

export function FailureCard({ failure }: { failure: Failure }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(reportOf(failure)).then(() => setCopied(true), () => undefined);
  };
  return (
    <div class="lw-note lw-note--bad lw-failure" role="alert" data-failed-tag={failure.tag}>
      <Icon path={icons.warning} />
      <div>
        <strong>{t("{tag} cannot be shown", { tag: failure.tag })}</strong>
        <p>{t("The plugin {plugin} failed in the browser. What was labelled with it is kept as it is; the rest of the page works.", { plugin: failure.plugin })}</p>
        <details>
          <summary>{t("Report for its author")}</summary>
          <pre>{reportOf(failure)}</pre>
        </details>
        <div class="lw-row">
          <button type="button" class="lw-button lw-button--small" onClick={() => void copy()}>
            <Icon path={copied ? icons.check : icons.copy} />
            {copied ? t("Copied") : t("Copy the report")}
          </button>
        </div>
      </div>
    </div>
  );
}

interface FenceProps {
  children: ComponentChildren;
  onError: (error: unknown) => void;
  fallback: () => ComponentChildren;
}

/** What throws inside is replaced by `fallback`; the rest of the page stays. */
export class Fence extends Component<FenceProps, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
    this.setState({ failed: true });
  }

  override render() {
    return this.state.failed ? this.props.fallback() : this.props.children;
  }
}
