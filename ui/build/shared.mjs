// What the import map offers to every tag module: one instance each, shared by the application and all plugins.
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ui = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const repository = path.dirname(ui);

/** Import specifier -> the module that is built for it (a package name, or a file of ours). */
export const shared = {
  preact: "preact",
  "preact/hooks": "preact/hooks",
  "preact/jsx-runtime": "preact/jsx-runtime",
  "@preact/signals": "@preact/signals",
  "htm/preact": "htm/preact",
  labelwright: path.join(ui, "src/runtime/sdk.ts"),
  "labelwright/surface2d": path.join(ui, "src/runtime/surface2d/index.ts"),
};

export const fileNameOf = (specifier) => specifier.replace(/^@/, "").replaceAll("/", "-");

export const jsx = { jsx: { runtime: "automatic", importSource: "preact" } };

/** Sources outside ui/ (plugins) have no node_modules above them: look packages up from here. */
export function resolveFromUi() {
  return {
    name: "resolve-from-ui",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (!importer || !/^[a-z@]/i.test(source) || path.isAbsolute(source) || importer.startsWith(ui)) return null;
      return this.resolve(source, path.join(ui, "package.json"), { ...options, skipSelf: true });
    },
  };
}
