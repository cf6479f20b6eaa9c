// Loads a page of `labelwright plugin dev` again when the plugin has changed, and shows what is wrong with it.
const bar = document.createElement("div");
bar.className = "workshop";
bar.setAttribute("role", "alert");
bar.hidden = true;
const sheet = new CSSStyleSheet();
sheet.replaceSync(`.workshop {
  position: fixed; inset: auto 16px 16px; z-index: 1000; max-height: 50vh; overflow: auto; padding: 12px;
  white-space: pre-wrap; font: 13px/1.5 ui-monospace, monospace; background: #8b1a1a; color: #fff; border-radius: 8px;
}
.workshop[hidden] { display: none; }`);
document.adoptedStyleSheets.push(sheet);
document.body.append(bar);

let shown = "";
async function look() {
  try {
    const state = await (await fetch("/workshop/state")).json();
    if (shown && state.version !== shown) return location.reload();
    shown = state.version;
    if (bar.textContent !== state.trouble) bar.textContent = state.trouble;
    bar.hidden = !state.trouble;
  } catch {
    // the server is beginning again
  }
  setTimeout(look, 500);
}
look();
