/** What every part of the visual editor works on. */
import { useMemo, useRef, useState } from "preact/hooks";

import type { Problem, TagInfo } from "../../../api/types.ts";
import { keyOf, problemsByPath } from "./problems_at.ts";
import { apply, type Change, type Edit } from "./xml_edit.ts";
import { nearest, readXml, type Path, type XmlElement, type XmlText } from "./xml_text.ts";

/** The text that is edited, shared with the code editor and its history. */
export interface TextDocument {
  text: () => string;
  change: (changes: readonly Change[], isTyping: boolean) => void;
  undo: () => void;
  redo: () => void;
  depth: () => { undo: number; redo: number };
}

export interface Desk {
  xml: XmlText;
  tags: readonly TagInfo[];
  /** Problems by the key of their element. */
  problems: ReadonlyMap<string, readonly Problem[]>;
  /** A task of the user's data, or an example. */
  sample: Record<string, unknown> | null;
  /** The names of the fields that the user's tasks have. */
  columns: readonly string[];
  chosen: Path;
  choose: (path: Path, focus?: Focus) => void;
  /** Change the text as it is now, which may be newer than what is on screen. */
  edit: (act: (xml: XmlText) => Edit, options?: { isTyping?: boolean; focus?: Focus; say?: string }) => void;
  undo: () => void;
  redo: () => void;
  depth: () => { undo: number; redo: number };
  /** Where the focus goes once what was edited is on screen. */
  wanted: { current: Focus | null };
}

/** `outline`, or the `data-focus` of an element. */
type Focus = string;

export interface DeskProps {
  document: TextDocument;
  config: string;
  tags: readonly TagInfo[];
  problems: readonly Problem[];
  sample: Record<string, unknown> | null;
  columns: readonly string[];
  chosen: Path;
  onChosen: (path: Path) => void;
}

export function useDesk(props: DeskProps): { desk: Desk; said: string } {
  const { document, config, tags, problems, sample, columns } = props;
  const xml = useMemo(() => readXml(config), [config]);
  const byPath = useMemo(() => problemsByPath(xml, problems), [xml, problems]);
  const [said, setSaid] = useState("");
  const wanted = useRef<Focus | null>(null);
  const chosen = xml.root ? nearest(xml.root, props.chosen).path : [];
  const desk: Desk = {
    xml, tags, problems: byPath, sample, columns, chosen, wanted, undo: document.undo, redo: document.redo, depth: document.depth,
    choose: (path, focus) => {
      wanted.current = focus ?? null;
      props.onChosen(path);
    },
    edit: (act, { isTyping = false, focus, say } = {}) => {
      const now = readXml(document.text());
      if (now.broken) return;
      const { changes, select } = act(now);
      if (changes.length > 0 && !readXml(apply(now.text, changes)).broken) document.change(changes, isTyping);
      wanted.current = focus ?? null;
      if (select) props.onChosen(select);
      if (say) setSaid(say);
    },
  };
  return { desk, said };
}

export const problemsAt = (desk: Desk, path: Path): readonly Problem[] => desk.problems.get(keyOf(path)) ?? [];

/** The element that is meant in a text that is newer than the screen. */
export const sameIn = (xml: XmlText, path: Path): XmlElement | null => {
  const found = xml.root && nearest(xml.root, path);
  return found && found.path.length === path.length ? found.element : null;
};
