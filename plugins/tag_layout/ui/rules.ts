/** An author's rules hold inside the labelling area alone and fetch nothing. */
const AREA = ".lw-lab-main";

export function safeRules(rules: string): string {
  const clean = rules
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\\/g, "")
    .replace(/@(?:import|charset|namespace|font-face)[^;{]*(?:;|\{[^}]*\})/gi, "")
    .replace(/(?:url|image-set|image|src|cross-fade|element|paint)\s*\([^)]*\)/gi, "none");
  return `@scope (${AREA}) { ${balanced(clean)} }`;
}

/** A brace too many must not close the scope; one too few must not leave it open. */
function balanced(rules: string): string {
  let depth = 0;
  let kept = "";
  for (const letter of rules) {
    if (letter === "}" && depth === 0) continue;
    if (letter === "{") depth++;
    if (letter === "}") depth--;
    kept += letter;
  }
  return kept + "}".repeat(depth);
}
