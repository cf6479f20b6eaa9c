import { rgbOf } from "../../../runtime/colours.ts";

const hex = (part: number): string => part.toString(16).padStart(2, "0");

/** `#rrggbb` of any CSS colour: all that the browser's own picker understands. */
export const asHex = (colour: string): string => `#${rgbOf(colour).map(hex).join("")}`;

/** A patch of the colour in force, which opens the browser's picker. One with a broken edge was made, not chosen. */
export function Swatch({ value, shown, onValue, ...rest }: { value: string; shown: string; onValue: (colour: string) => void; id?: string; "aria-label"?: string }) {
  return <input {...rest} type="color" class={`swatch${value ? "" : shown ? " swatch--made" : " swatch--none"}`} value={asHex(value || shown || "#808080")} onInput={(event) => onValue(event.currentTarget.value)} />;
}
