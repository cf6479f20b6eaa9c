/** Colours for labels that have none: far apart, and readable on white and on black. */
const PALETTE = [
  "#e5484d", "#3e7bfa", "#2f9e5f", "#e58b00", "#8e4ec6", "#0894b3", "#d6409f", "#7a9a01",
  "#a0562b", "#5b5bd6", "#12a594", "#c2570c", "#687076", "#b0409a", "#4a8f29", "#0b68cb",
];

/** The colour at this place of a list, or one that always belongs to this text. */
export function colourFor(text: string, place?: number): string {
  if (place !== undefined && place < PALETTE.length) return PALETTE[place]!;
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return PALETTE[hash % PALETTE.length]!;
}

const NAMED: Record<string, string> = {
  red: "#ff0000", green: "#008000", blue: "#0000ff", yellow: "#ffff00", orange: "#ffa500", purple: "#800080", pink: "#ffc0cb",
  brown: "#a52a2a", black: "#000000", white: "#ffffff", gray: "#808080", grey: "#808080", cyan: "#00ffff", magenta: "#ff00ff",
  lime: "#00ff00", navy: "#000080", teal: "#008080", olive: "#808000", maroon: "#800000", gold: "#ffd700", violet: "#ee82ee",
};

const cache = new Map<string, [number, number, number]>();

/** Red, green, blue of a CSS colour. Other spellings than hex and the commonest names are left to the browser's canvas. */
export function rgbOf(colour: string): [number, number, number] {
  const known = cache.get(colour);
  if (known) return known;
  const text = (NAMED[colour.toLowerCase()] ?? colour).trim();
  const found = fromHex(text) ?? fromFunction(text) ?? fromCanvas(text) ?? [104, 112, 118];
  cache.set(colour, found);
  return found;
}

function fromHex(text: string): [number, number, number] | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text)?.[1];
  if (!hex) return null;
  const pairs = hex.length < 6 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
  return [0, 1, 2].map((index) => parseInt(pairs[index] ?? "0", 16)) as [number, number, number];
}

function fromFunction(text: string): [number, number, number] | null {
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : null;
}

let probe: CanvasRenderingContext2D | null = null;

function fromCanvas(text: string): [number, number, number] | null {
  if (typeof document === "undefined") return null;
  probe ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!probe) return null;
  probe.fillStyle = "#687076";
  probe.fillStyle = text;
  const read = probe.fillStyle;
  return typeof read === "string" ? (fromHex(read) ?? fromFunction(read)) : null;
}

export function withAlpha(colour: string, alpha: number): string {
  const [r, g, b] = rgbOf(colour);
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

function luminance(colour: string): number {
  const [r, g, b] = rgbOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever is read better on `background`. */
export function inkOn(background: string): string {
  const light = luminance(background);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}
