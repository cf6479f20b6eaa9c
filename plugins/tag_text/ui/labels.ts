/** `<Labels>`: a set of labels for whatever lies on its object. What it makes there is the object's to say. */
import type { ControlTag } from "labelwright";

const labels: ControlTag = { api: 1, tag: "Labels", kind: "control", labels: true };

export default labels;
