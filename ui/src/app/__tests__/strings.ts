/** Finds what users read in our sources: texts that go through `t` and `tn`, and texts that do not. */
import { parseAst } from "rolldown/parseAst";

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

export interface Found {
  /** Keys that the catalogue must have. */
  msgids: string[];
  /** `line: text` of texts in markup that never pass `t`. */
  bare: string[];
}

const READ_ATTRIBUTES = new Set(["aria-label", "aria-description", "title", "placeholder", "alt", "label", "hint", "about", "action", "data-tip"]);
const NAMES = /^(Labelwright|English|中文|https?:\S+)$/;
const LETTERS = /\p{L}{2,}/u;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function literal(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  const quasis = node.quasis as { value: { cooked: string } }[] | undefined;
  return node.type === "TemplateLiteral" && quasis?.length === 1 ? quasis[0]!.value.cooked : null;
}

export function stringsOf(source: string): Found {
  const found: Found = { msgids: [], bare: [] };
  const lineOf = (node: Node) => source.slice(0, node.start).split("\n").length;
  const checkBare = (node: Node, text: string | null) => {
    const words = text?.trim() ?? "";
    if (LETTERS.test(words) && !NAMES.test(words)) found.bare.push(`${lineOf(node)}: ${words}`);
  };
  const visit = (node: Node, inMarkup: boolean) => {
    if (node.type === "CallExpression") {
      const callee = node.callee as Node & { name?: string };
      const args = node.arguments as Node[];
      const text = callee.name === "t" ? literal(args[0]) : callee.name === "tn" ? literal(args[1]) : null;
      if (text !== null) found.msgids.push(text);
    }
    if (node.type === "JSXText") checkBare(node, String(node.value));
    if (node.type === "JSXAttribute") {
      const name = (node.name as { name: unknown }).name;
      if (typeof name === "string" && READ_ATTRIBUTES.has(name)) {
        const value = node.value as Node | null;
        checkBare(node, literal(value) ?? (value?.type === "JSXExpressionContainer" ? literal(value.expression) : null));
      }
    }
    if (inMarkup && node.type === "JSXExpressionContainer") checkBare(node, literal(node.expression));
    for (const [key, value] of Object.entries(node)) {
      if (key === "parent") continue;
      for (const child of [value].flat()) if (isNode(child)) visit(child, node.type === "JSXElement" || node.type === "JSXFragment");
    }
  };
  visit(parseAst(source, { lang: "tsx" }) as unknown as Node, false);
  return found;
}
