// `npm run build` builds everything, `npm run build app`, `npm run build tag_image` one part; `--watch` builds again on change.
import { buildApplication } from "./application.mjs";
import { buildPlugins } from "./plugins.mjs";

const args = process.argv.slice(2);
const watch = args.includes("--watch");
const parts = args.filter((arg) => !arg.startsWith("--"));
const started = performance.now();
if (parts.length === 0 || parts.includes("app")) await buildApplication({ watch });
const only = parts.filter((part) => part !== "app");
if (parts.length === 0 || only.length > 0) await buildPlugins({ watch, only: only.length > 0 ? only : null });
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
