import { render } from "preact";
import { App } from "./app/index.tsx";

render(<App />, document.getElementById("app")!);
