/** A part of a text: `start` and `end` count Unicode code points, `end` is the first that does not belong to it. */
import { icons, type RegionType } from "labelwright";

export interface Span {
  start: number;
  end: number;
  text?: string;
}

const LONGEST = 60;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

export const span: RegionType<Span> = {
  api: 1,
  kind: "region",
  type: "span",
  space: "text",
  title: "Part of the text",
  icon: icons.text,
  fromResult({ value = {} }) {
    const { start, end, text } = value as Partial<Span>;
    return { start: Number(start), end: Number(end), ...(typeof text === "string" ? { text } : {}) };
  },
  toResult: (value) => ({ ...value }),
  bounds: ({ start, end }) => [start, end],
  describe: ({ start, end, text }, t) => (text ? shortened(text.replace(/\s+/g, " ")) : t("from {start} to {end}", { start, end })),
};
