/** One text, written as code or by forms; the code editor keeps it, and its history, also while it is hidden. */
import { useRef, useState } from "preact/hooks";

import type { Editor } from "./code_mirror.ts";
import type { TextDocument } from "./visual/desk.ts";
import { apply } from "./visual/xml_edit.ts";
import { pathAt, readXml, type Path } from "./visual/xml_text.ts";

export type Mode = "code" | "visual";

const STORE = "labelwright.interface-mode";
const lastMode = (): Mode => (localStorage.getItem(STORE) === "visual" ? "visual" : "code");

/** Where the first element that begins in a line, or after it, is written. */
export function elementOfLine(text: string, line: number): number {
  const start = text.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const written = text.indexOf("<", start);
  return written < 0 ? start : written;
}

export function useModes(config: string, onConfig: (config: string) => void) {
  const [mode, setMode] = useState<Mode>(lastMode);
  const [chosen, setChosen] = useState<Path>([]);
  const editor = useRef<Editor | null>(null);
  const latest = useRef(config);
  latest.current = config;
  const choose = (text: string, at: number) => {
    const { root } = readXml(text);
    if (root) setChosen(pathAt(root, at));
    return root !== null;
  };
  // Where the code editor could not come, the page keeps the text.
  const document: TextDocument = {
    text: () => editor.current?.text() ?? latest.current,
    change: (changes, isTyping) => (editor.current ? editor.current.change(changes, isTyping) : onConfig(apply(latest.current, changes))),
    undo: () => editor.current?.undo(),
    redo: () => editor.current?.redo(),
    depth: () => editor.current?.depth() ?? { undo: 0, redo: 0 },
  };
  const show = (next: Mode) => {
    localStorage.setItem(STORE, next);
    if (next === "visual" && editor.current) choose(document.text(), editor.current.caret());
    setMode(next);
  };
  const goToLine = (line: number) => {
    show("code");
    // Once it is on screen again: what is hidden cannot be scrolled.
    requestAnimationFrame(() => editor.current?.goToLine(line));
  };
  const goToProblem = (line: number) => {
    if (mode === "code" || !choose(config, elementOfLine(config, line))) goToLine(line);
  };
  return { mode, show, chosen, setChosen, editor, document, goToLine, goToProblem };
}
