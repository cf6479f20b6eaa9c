// Loads a page of `labelwright plugin dev` again when the plugin has changed, and shows what is wrong with it.
const bar = document.createElement("div");
bar.className = "workshop";
bar.setAttribute("role", "alert");
bar.hidden = true;
const words = document.createElement("pre");
const close = document.createElement("button");
close.type = "button";
close.textContent = "×";
close.title = "Close; the next error is shown again";
bar.append(close, words);
const sheet = new CSSStyleSheet();
sheet.replaceSync(`.workshop {
  position: fixed; inset: auto 16px 16px; z-index: 1000; max-height: 40vh; overflow: auto; padding: 12px;
  background: #8b1a1a; color: #fff; border-radius: 8px;
}
.workshop pre { margin: 0; white-space: pre-wrap; font: 13px/1.5 ui-monospace, monospace; color: inherit; }
.workshop button { position: sticky; top: 0; float: right; border: 0; background: none; color: inherit; font-size: 20px; cursor: pointer; }
.workshop[hidden] { display: none; }`);
document.adoptedStyleSheets.push(sheet);
document.body.append(bar);

// Kept over page loads: what was closed stays closed until something else breaks.
const CLOSED = "labelwright-workshop-closed";
close.addEventListener("click", () => {
  sessionStorage.setItem(CLOSED, words.textContent);
  bar.hidden = true;
});

let shown = "";
async function look() {
  try {
    const state = await (await fetch("/workshop/state")).json();
    if (shown && state.version !== shown) return location.reload();
    shown = state.version;
    if (words.textContent !== state.trouble) words.textContent = state.trouble;
    bar.hidden = !state.trouble || sessionStorage.getItem(CLOSED) === state.trouble;
  } catch {
    // the server is beginning again
  }
  setTimeout(look, 500);
}
look();
