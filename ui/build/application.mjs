// The application and the modules of the import map -> core/labelwright/static/
import { copyFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "vite";
import { fileNameOf, jsx, repository, shared, ui } from "./shared.mjs";

const outDir = path.join(repository, "core/labelwright/static");
const THEME = path.join(ui, "src/theme/theme.css");
/** The pages name it, also those that know nothing of the manifest. */
const ICON = path.join(ui, "src/theme/favicon.svg");
const TYPES = ["labelwright.d.ts", "surface2d.d.ts"];
const SHARED = "\0shared:";

/** What every page needs, and what every page that labels or previews needs: a file each instead of thirty and ten. */
const TOGETHER = [
  { name: "shell", test: /\/ui\/src\/main\.tsx$/, priority: 2 },
  { name: "labelling", test: /\/ui\/src\/(runtime|labelling)\/index\.tsx?$/, priority: 1 },
];

/** `export *` keeps each package's names; a facade of our own gives each a chunk with a stable signature. */
function sharedModules() {
  return {
    name: "shared-modules",
    resolveId: (source) => (source.startsWith("shared:") ? SHARED + source.slice(7) : null),
    load(id) {
      if (!id.startsWith(SHARED)) return null;
      return `export * from ${JSON.stringify(shared[id.slice(SHARED.length)])};`;
    },
  };
}

/** The two files that Python reads to write the page: which script to start, and where the shared modules are. */
function pageFiles() {
  return {
    name: "page-files",
    async writeBundle(_options, bundle) {
      const chunks = Object.values(bundle);
      const entry = (name) => chunks.find((chunk) => chunk.type === "chunk" && chunk.isEntry && chunk.name === name);
      const app = entry("app");
      const theme = chunks.find((chunk) => chunk.type === "asset" && /^theme-.*\.css$/.test(chunk.fileName));
      const imports = Object.fromEntries(Object.keys(shared).map((name) => [name, entry(fileNameOf(name)).fileName]));
      const first = [app, ...app.imports.map((name) => bundle[name])];
      const css = first.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]);
      const write = (name, value) => writeFile(path.join(outDir, name), JSON.stringify(value, null, 1) + "\n");
      await write("importmap.json", { imports });
      await write("entry.json", { js: [app.fileName], css, theme: theme?.fileName ?? null, preload: app.imports });
      // The types go along, so that an author finds those of the very version that is installed.
      for (const name of TYPES) await copyFile(path.join(ui, "sdk", name), path.join(outDir, name));
      await copyFile(ICON, path.join(outDir, "favicon.svg"));
      // Old files go last, so that a server that runs meanwhile never misses one.
      const kept = new Set([...Object.keys(bundle), "importmap.json", "entry.json", "favicon.svg", ...TYPES]);
      const stale = (await readdir(outDir)).filter((name) => !kept.has(name));
      await Promise.all(stale.map((name) => rm(path.join(outDir, name), { recursive: true })));
    },
  };
}

export async function buildApplication({ watch = false } = {}) {
  const inputs = Object.keys(shared).map((name) => [fileNameOf(name), `shared:${name}`]);
  return build({
    configFile: false,
    root: ui,
    base: "./",
    logLevel: "warn",
    oxc: jsx,
    plugins: [sharedModules(), pageFiles()],
    resolve: { alias: { labelwright: shared.labelwright } },
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      watch: watch ? {} : null,
      modulePreload: { polyfill: false },
      cssCodeSplit: true,
      assetsDir: "",
      rollupOptions: {
        checks: { pluginTimings: false },
        input: Object.fromEntries([["app", path.join(ui, "src/main.tsx")], ["theme", THEME], ...inputs]),
        preserveEntrySignatures: "strict",
        output: {
          entryFileNames: "[name]-[hash].js",
          chunkFileNames: "[name]-[hash].js",
          assetFileNames: "[name]-[hash][extname]",
          codeSplitting: { groups: TOGETHER },
        },
      },
    },
  });
}
