/**
 * The code editor itself; this module alone loads CodeMirror.
 *
 * It lives in a shadow root: there CodeMirror uses constructed style sheets, which the page's Content-Security-Policy
 * allows, and its styles and ours keep apart.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { autoCloseTags, xml } from "@codemirror/lang-xml";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers, placeholder as placeholderText,
} from "@codemirror/view";
import { tags as token } from "@lezer/highlight";

import type { Problem, TagInfo } from "../../api/types.ts";
import { problemRemedy, problemText } from "./check.ts";
import { completions, helpAt } from "./completion.ts";
import type { Change } from "./visual/xml_edit.ts";

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--lw-text)", backgroundColor: "transparent", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--lw-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--lw-text)" },
  ".cm-line": { padding: "0 16px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--lw-text)", borderLeftWidth: "1.5px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--lw-text-3)", border: "none", paddingLeft: "6px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--lw-hover) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--lw-text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "light-dark(#c9d9fb, #2b4a8c)" },
  ".cm-matchingBracket": { backgroundColor: "var(--lw-accent-soft) !important", outline: "none" },
  ".cm-placeholder": { color: "var(--lw-text-3)" },
  ".cm-tooltip": {
    border: "1px solid var(--lw-line)", borderRadius: "8px", backgroundColor: "var(--lw-raised)", color: "var(--lw-text)", boxShadow: "var(--lw-shadow-2)",
    fontFamily: "var(--lw-font)", fontSize: "13px", overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--lw-font)", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", gap: "12px", alignItems: "baseline", padding: "3px 10px", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--lw-accent) !important", color: "var(--lw-on-accent)" },
  ".cm-completionLabel": { fontFamily: "var(--lw-mono)", flex: "1" },
  ".cm-completionDetail": { margin: "0", fontStyle: "normal", color: "var(--lw-text-3)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo, .lw-help": { maxWidth: "320px", padding: "8px 12px", lineHeight: "1.45" },
  ".lw-help code, .cm-completionInfo code": { display: "block", marginTop: "2px", color: "var(--lw-text-2)", fontFamily: "var(--lw-mono)", fontSize: "12px" },
  ".lw-help p, .cm-completionInfo p": { margin: "4px 0 0", color: "var(--lw-text-2)" },
  ".cm-diagnostic": { padding: "8px 12px", borderLeft: "3px solid var(--lw-bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--lw-warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--lw-bad) 1px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--lw-warn) 1px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
});

const colours = HighlightStyle.define([
  { tag: [token.tagName, token.keyword], color: "var(--lw-accent-text)" },
  { tag: token.angleBracket, color: "var(--lw-text-3)" },
  { tag: [token.attributeName, token.propertyName], color: "light-dark(#7a4a00, #e2b874)" },
  { tag: [token.attributeValue, token.string], color: "light-dark(#17693a, #7fd0a0)" },
  { tag: [token.number, token.bool, token.null], color: "light-dark(#8a2c6b, #e6a1cf)" },
  { tag: token.comment, color: "var(--lw-text-3)", fontStyle: "italic" },
  { tag: token.invalid, color: "var(--lw-bad)" },
]);

/** A change that the page makes, not the person who types. */
const fromOutside = Annotation.define<boolean>();

export interface EditorOptions {
  value: string;
  language: "xml" | "json";
  label: string;
  placeholder?: string;
  readOnly?: boolean;
  tags?: () => readonly TagInfo[];
  onChange: (value: string) => void;
}

export interface Editor {
  set: (value: string) => void;
  text: () => string;
  /** Change the text as if it were typed here. Unless `isTyping`, it is undone as a step of its own. */
  change: (changes: readonly Change[], isTyping?: boolean) => void;
  undo: () => void;
  redo: () => void;
  /** How many steps can be undone and done again. */
  depth: () => { undo: number; redo: number };
  /** Where the caret is. */
  caret: () => number;
  showProblems: (problems: readonly Problem[]) => void;
  goToLine: (line: number) => void;
  focus: () => void;
  dispose: () => void;
}

/** Where a problem is underlined: its attribute, else its tag, else its line. */
export function rangeOf(problem: Problem, lineText: string): [number, number] {
  const name = problem.attribute ?? problem.tag;
  const found = name ? new RegExp(`(?<![\\w.-])${name.replaceAll(/[^\w]/g, "\\$&")}(?![\\w.-])`, "i").exec(lineText) : null;
  if (found) return [found.index, found.index + found[0].length];
  const start = lineText.length - lineText.trimStart().length;
  return [start, Math.max(start, lineText.trimEnd().length)];
}

function diagnostic(state: EditorState, problem: Problem): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, problem.line || 1), state.doc.lines));
  const [from, to] = rangeOf(problem, line.text);
  const remedy = problemRemedy(problem);
  return {
    from: line.from + from, to: line.from + to, severity: problem.level === "error" ? "error" : "warning",
    message: remedy ? `${problemText(problem)}\n${remedy}` : problemText(problem),
  };
}

export function createEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  const tags = options.tags ?? (() => []);
  const help = hoverTooltip((view, at) => {
    const found = helpAt(tags(), view.state.doc.toString(), at);
    if (!found) return null;
    return {
      pos: found.from, end: found.to, above: true,
      create: () => {
        const dom = found.card();
        dom.className = "lw-help";
        return { dom };
      },
    };
  });
  const isXml = options.language === "xml";
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), highlightActiveLineGutter(), indentOnInput(), bracketMatching(), closeBrackets(),
        isXml ? [xml(), autoCloseTags, autocompletion({ override: [completions(tags)], icons: false }), help] : [json(), EditorView.lineWrapping],
        syntaxHighlighting(colours), look,
        EditorState.readOnly.of(options.readOnly ?? false), EditorState.tabSize.of(2),
        options.placeholder ? placeholderText(options.placeholder) : [],
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.some((one) => one.annotation(fromOutside));
          if (update.docChanged && !isOurs) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    set: (value) => {
      if (value === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, annotations: fromOutside.of(true) });
    },
    text: () => view.state.doc.toString(),
    change: (changes, isTyping) => view.dispatch({ changes: [...changes], annotations: isTyping ? [] : isolateHistory.of("full") }),
    undo: () => undo(view),
    redo: () => redo(view),
    depth: () => ({ undo: undoDepth(view.state), redo: redoDepth(view.state) }),
    caret: () => view.state.selection.main.head,
    showProblems: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((one) => diagnostic(view.state, one)))),
    goToLine: (number) => {
      const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from, head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      view.focus();
    },
    focus: () => view.focus(),
    dispose: () => view.destroy(),
  };
}
