import type { ConfigNode } from "labelwright";

/** Whether a part of this name is among these nodes or inside them. */
export const holds = (nodes: readonly ConfigNode[], name: string): boolean => nodes.some((node) => node.name === name || holds(node.children, name));
