/**
 * What can be done by keys, by the names that a person's own map uses: Label Studio's where it has the action.
 *
 * Only here are titles and usual keys written; the parts of the page that act name an action by its id. Tags bring
 * their own: their plugin declares them (`actions` of the tag).
 */
import { IS_MAC, normalised } from "./chords.ts";

/** Where an action is there to be done: two actions clash only where both are. */
export type Scope = "everywhere" | "tasks" | "settings" | "create" | "playground" | "labelling" | `labelling:${string}`;

export interface Action {
  id: string;
  /** English msgid. */
  title: string;
  keys: readonly string[];
  /** English msgid of the shelf it stands on. */
  group: string;
  scope: Scope;
  /** Works while letters are typed, too. */
  inFields?: boolean;
}

/** Marks a msgid that is translated where it is shown. */
const m = (msgid: string): string => msgid;

interface Given {
  keys?: string[];
  /** Other keys where the usual ones belong to the system. */
  mac?: string[];
  inFields?: boolean;
}

const shelf = (group: string, scope: Scope) => (id: string, title: string, { keys = [], mac, inFields }: Given = {}): Action =>
  ({ id, title, keys: (IS_MAC && mac ? mac : keys).map(normalised), group, scope, inFields });

const everywhere = shelf(m("Everywhere"), "everywhere");
const tasks = shelf(m("Tasks"), "tasks");
const settings = shelf(m("Settings"), "settings");
const create = shelf(m("Create a project"), "create");
const playground = shelf(m("Playground"), "playground");
const annotation = shelf(m("Annotation"), "labelling");
const region = shelf(m("Regions"), "labelling");
const relation = shelf(m("Relations"), "labelling");
const tool = shelf(m("Tools"), "labelling");
const view = shelf(m("View"), "labelling");

export const ACTIONS: readonly Action[] = [
  everywhere("app:palette", m("Find a command"), { keys: ["ctrl+k"], inFields: true }),
  everywhere("app:keys", m("Show the keys of this page"), { keys: ["?"] }),
  annotation("annotation:submit", m("Submit or update"), { keys: ["ctrl+enter"], inFields: true }),
  // Ctrl+Space switches the input method on many systems: the second key is for those.
  annotation("annotation:skip", m("Skip, or take back the skip"), { keys: ["ctrl+space", "alt+enter"], mac: ["alt+enter"] }),
  annotation("annotation:undo", m("Undo"), { keys: ["ctrl+z"] }),
  annotation("annotation:redo", m("Redo"), { keys: ["ctrl+shift+z", "ctrl+y"] }),
  annotation("task:next", m("Next task"), { keys: ["alt+n"] }),
  annotation("task:previous", m("Previous task"), { keys: ["alt+p"] }),
  region("region:delete", m("Delete the selected regions"), { keys: ["backspace", "delete"] }),
  region("region:delete-all", m("Delete all regions"), { keys: ["ctrl+backspace"] }),
  region("region:duplicate", m("Duplicate"), { keys: ["ctrl+d"] }),
  region("region:copy", m("Copy regions"), { keys: ["ctrl+c"] }),
  region("region:paste", m("Paste regions"), { keys: ["ctrl+v"] }),
  region("region:select-all", m("Select all regions"), { keys: ["ctrl+a"] }),
  region("region:unselect", m("Let go of label and selection"), { keys: ["u"] }),
  region("region:exit", m("Cancel what is being done"), { keys: ["escape"] }),
  region("region:cycle", m("Next region"), { keys: ["alt+."] }),
  region("region:cycle-back", m("Previous region"), { keys: ["alt+comma"] }),
  region("region:focus", m("Show the selected region"), { keys: ["enter"] }),
  region("region:visibility", m("Hide or show the selected regions"), { keys: ["alt+h"] }),
  // Command+H hides the whole browser on a Mac.
  region("region:visibility-all", m("Hide or show all regions"), { keys: ["ctrl+h"], mac: ["alt+shift+h"] }),
  region("region:lock", m("Lock or unlock the selected regions"), { keys: ["alt+l"] }),
  region("region:meta", m("Write a note on the region"), { keys: ["alt+m"] }),
  region("region:relation", m("Relate the region to another"), { keys: ["alt+r"] }),
  relation("relation:turn", m("Turn the relation"), { keys: ["alt+shift+r"] }),
  relation("relation:show", m("Relations: show or hide")),
  tool("tool:move", m("Select and move"), { keys: ["v"] }),
  tool("tool:pan-image", m("Move the view"), { keys: ["h"] }),
  tool("tool:zoom-in", m("Zoom in"), { keys: ["ctrl+plus"] }),
  tool("tool:zoom-out", m("Zoom out"), { keys: ["ctrl+minus"] }),
  tool("tool:zoom-to-fit", m("Fit to the view"), { keys: ["shift+1"] }),
  tool("tool:zoom-to-actual", m("One to one"), { keys: ["shift+2"] }),
  view("view:side", m("Side panel: show or hide"), { keys: ["alt+s"] }),
  view("setting:keep-label", m("Keep the label after drawing: on or off")),
  view("setting:show-labels", m("Labels on regions: show or hide")),
  view("setting:select-after", m("Select a region after drawing: on or off")),
  tasks("tasks:label", m("Label all tasks"), { keys: ["l"] }),
  tasks("tasks:import", m("Import data"), { keys: ["i"] }),
  tasks("tasks:export", m("Export"), { keys: ["e"] }),
  tasks("tasks:filters", m("Filters"), { keys: ["f"] }),
  settings("settings:save", m("Save"), { keys: ["ctrl+s"], inFields: true }),
  create("project:create", m("Create the project"), { keys: ["ctrl+enter"], inFields: true }),
  playground("playground:find", m("Find a tag"), { keys: ["/"] }),
  playground("playground:next", m("The next tag"), { keys: ["alt+down"], inFields: true }),
  playground("playground:previous", m("The tag before"), { keys: ["alt+up"], inFields: true }),
];

const byId = new Map(ACTIONS.map((action) => [action.id, action]));

export const actionOf = (id: string): Action | undefined => byId.get(id);

/** An action as the server describes it, of a tag. */
export interface DeclaredAction {
  id: string;
  title: string;
  keys: readonly string[];
}

interface Declaring {
  tag: string;
  actions?: readonly DeclaredAction[];
}

/** What tags declare, each action once: several tags may share a tool. */
export function actionsOfTags<T extends Declaring>(tags: readonly T[]): { action: Action; info: T }[] {
  const found = new Map<string, { action: Action; info: T }>();
  for (const info of tags) {
    for (const { id, title, keys } of info.actions ?? []) {
      if (found.has(id) || byId.has(id)) continue;
      // Tools of several tags lie side by side on one picture.
      const shelved: Pick<Action, "group" | "scope"> = id.startsWith("tool:") ? { group: "Tools", scope: "labelling" } : { group: info.tag, scope: `labelling:${info.tag}` };
      found.set(id, { action: { id, title, keys: keys.map(normalised), ...shelved }, info });
    }
  }
  return [...found.values()];
}
