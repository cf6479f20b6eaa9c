/** Work that goes on: a ring in the bar while something runs, and a list behind it. */
import { useId, useRef, useState } from "preact/hooks";

import { jobs, runningJobs } from "../api/changes.ts";
import type { Job } from "../api/types.ts";
import { url } from "../boot.ts";
import { formatPercent, t, tn } from "../i18n/index.ts";
import { Icon } from "./components/icons.tsx";
import { JobLine } from "./components/job_line.tsx";
import { placeBeside } from "./components/menu.tsx";

const RING = 2 * Math.PI * 6;
const SHOWN = 6;

/** One share for all that runs; `null` while none of it knows its size. */
export function overallProgress(running: readonly Job[]): number | null {
  const known = running.map((job) => job.progress).filter((share) => share !== null);
  return known.length === 0 ? null : known.reduce((sum, share) => sum + share, 0) / running.length;
}

function Ring({ share }: { share: number | null }) {
  return (
    <svg class={`app-ring${share === null ? " app-ring--open" : ""}`} width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="6" />
      <circle cx="9" cy="9" r="6" pathLength={RING} stroke-dasharray={`${RING * (share ?? 0.25)} ${RING}`} transform="rotate(-90 9 9)" />
    </svg>
  );
}

export function JobsIndicator() {
  const running = runningJobs.value;
  const popover = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const share = overallProgress(running);
  const label = running.length === 0
    ? t("Jobs: nothing is running")
    : tn("{n} job is running", "{n} jobs are running", running.length) + (share === null ? "" : `, ${formatPercent(share)}`);
  const open = () => {
    popover.current!.showPopover();
    placeBeside(popover.current!, button.current!, "end");
  };
  return (
    <>
      <button
        ref={button} type="button" class="lw-button lw-button--quiet lw-button--icon" aria-label={label} data-tip={label} aria-haspopup="dialog"
        aria-expanded={isOpen} aria-controls={id} onClick={() => (isOpen ? popover.current?.hidePopover() : open())}
      >
        {running.length > 0 ? <Ring share={share} /> : <Icon name="activity" />}
      </button>
      <div
        ref={popover} id={id} class="lw-menu app-jobs-menu" popover="auto" role="dialog" aria-label={t("Jobs")}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {jobs.value.length === 0
          ? <p class="lw-menu-head">{t("Nothing is running. Imports and exports appear here.")}</p>
          : <ul class="app-jobs-short">{jobs.value.slice(0, SHOWN).map((job) => <li key={job.id}><JobLine job={job} /></li>)}</ul>}
        <hr />
        <a class="lw-menu-item" href={url("/jobs")} onClick={() => popover.current?.hidePopover()}><Icon name="activity" /><span>{t("All jobs")}</span></a>
      </div>
    </>
  );
}
