/** CSS that somebody wrote into a configuration: it holds where it should and fetches nothing. */

/** Without comments, escapes and whatever could name an address. */
function harmless(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\\/g, "")
    .replace(/@(?:import|charset|namespace|font-face)[^;{]*(?:;|\{[^}]*\})/gi, "")
    .replace(/(?:url|image-set|image|src|cross-fade|element|paint)\s*\([^)]*\)/gi, "none");
}

/** Declarations of a `style` attribute. */
export const safeStyle = (declarations: string): string => harmless(declarations);

/** Rules that hold inside the labelling area alone. */
export const safeRules = (rules: string): string => `@scope (.lw-lab-main) { ${balanced(harmless(rules))} }`;

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
