/** Rules of tags, as constructed style sheets: the content policy refuses `<style>`. Each text is added once. */
const sheets = new Map<string, { sheet: CSSStyleSheet; users: number }>();

/** Add rules until the returned function is called as often as this was. */
export function addRules(rules: string): () => void {
  if (typeof CSSStyleSheet === "undefined" || typeof document === "undefined") return () => undefined;
  let known = sheets.get(rules);
  if (!known) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    known = { sheet, users: 0 };
    sheets.set(rules, known);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  known.users++;
  let isHeld = true;
  return () => {
    if (isHeld) release(rules);
    isHeld = false;
  };
}

function release(rules: string): void {
  const known = sheets.get(rules);
  if (!known || --known.users > 0) return;
  sheets.delete(rules);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== known.sheet);
}
