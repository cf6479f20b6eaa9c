/** Every screen and its address. */
import type { Route } from "./router.ts";

export const ROUTES: readonly Route[] = [
  { path: "/", name: "projects", load: async () => (await import("./screens/projects.tsx")).Projects },
  { path: "/projects", name: "projects", load: async () => (await import("./screens/projects.tsx")).Projects },
  { path: "/projects/create", name: "create", fills: true, load: async () => (await import("./screens/create.tsx")).CreateProject },
  { path: "/projects/:id", name: "data", fills: true, load: async () => (await import("./screens/project_data.tsx")).ProjectData },
  { path: "/projects/:id/data", name: "data", fills: true, load: async () => (await import("./screens/project_data.tsx")).ProjectData },
  { path: "/projects/:id/label", name: "label", fills: true, load: async () => (await import("./screens/label.tsx")).LabelStream },
  { path: "/projects/:id/settings", name: "settings", load: async () => (await import("./screens/settings.tsx")).ProjectSettings },
  { path: "/projects/:id/settings/:sub", name: "settings", load: async () => (await import("./screens/settings.tsx")).ProjectSettings },
  { path: "/organization", name: "organization", load: async () => (await import("./screens/members.tsx")).Members },
  { path: "/user/account", name: "account", load: async () => (await import("./screens/account.tsx")).Account },
  { path: "/user/account/:sub", name: "account", load: async () => (await import("./screens/account.tsx")).Account },
  { path: "/jobs", name: "jobs", load: async () => (await import("./screens/jobs.tsx")).Jobs },
  { path: "/playground", name: "playground", fills: true, load: async () => (await import("./screens/playground.tsx")).Playground },
  { path: "/plugins", name: "plugins", load: async () => (await import("./screens/plugins.tsx")).Plugins },
];
