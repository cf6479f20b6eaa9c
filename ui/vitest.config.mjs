import path from "node:path";
import { defineConfig } from "vitest/config";
import { jsx, repository, resolveFromUi, shared } from "./build/shared.mjs";

export default defineConfig({
  root: repository,
  oxc: jsx,
  plugins: [resolveFromUi()],
  resolve: {
    alias: [
      { find: /^labelwright\/surface2d$/, replacement: shared["labelwright/surface2d"] },
      { find: /^labelwright$/, replacement: shared.labelwright },
    ],
  },
  cacheDir: path.join(repository, "ui/node_modules/.vite"),
  test: { include: ["ui/src/**/*.test.{ts,tsx}", "plugins/*/ui/**/*.test.{ts,tsx}"], environment: "node" },
});
