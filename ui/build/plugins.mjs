// plugins/<name>/ui/*.ts(x) with a default export -> labelwright_<name>/static/<same name>.js; ui/public/* as it is
import { existsSync } from "node:fs";
import { cp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "vite";
import { jsx, repository, resolveFromUi, shared } from "./shared.mjs";

const plugins = path.join(repository, "plugins");

/** A tag module is a file that exports a default; the others beside it are its parts. */
async function tagModules(folder) {
  const names = (await readdir(folder)).filter((name) => /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name));
  const found = [];
  for (const name of names) {
    const source = await readFile(path.join(folder, name), "utf8");
    if (/^export default /m.test(source)) found.push([name.replace(/\.tsx?$/, ""), path.join(folder, name)]);
  }
  return Object.fromEntries(found);
}

async function buildPlugin(name, watch) {
  const input = await tagModules(path.join(plugins, name, "ui"));
  const pictures = path.join(plugins, name, "ui", "public");
  const outDir = path.join(plugins, name, `labelwright_${name}`, "static");
  if (Object.keys(input).length === 0) {
    // A plugin may bring files alone; beside modules the build copies them itself.
    if (existsSync(pictures)) await cp(pictures, outDir, { recursive: true });
    return;
  }
  await build({
    configFile: false,
    root: path.join(plugins, name, "ui"),
    base: "./",
    logLevel: "warn",
    oxc: jsx,
    plugins: [resolveFromUi()],
    worker: { format: "es", plugins: () => [resolveFromUi()] },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      watch: watch ? {} : null,
      modulePreload: { polyfill: false },
      assetsDir: "",
      rollupOptions: {
        checks: { pluginTimings: false },
        input,
        external: Object.keys(shared),
        preserveEntrySignatures: "strict",
        output: {
          // Stable names: the server puts a hash of the whole folder into the address.
          entryFileNames: "[name].js",
          chunkFileNames: "chunks/[name].js",
          assetFileNames: "[name][extname]",
        },
      },
    },
  });
}

export async function buildPlugins({ watch = false, only = null } = {}) {
  const names = existsSync(plugins) ? await readdir(plugins) : [];
  for (const name of names.sort()) {
    if (only && !only.includes(name)) continue;
    if (existsSync(path.join(plugins, name, "ui"))) await buildPlugin(name, watch);
  }
}
