/** The line between two boxes: pure arithmetic in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Line {
  path: string;
  /** Where a label stands on it. */
  middle: { x: number; y: number };
}

const RISE_PX = 22;

export function lineBetween(from: Box, to: Box): Line {
  const a = { x: from.left + from.width / 2, y: from.top + from.height / 2 };
  const b = { x: to.left + to.width / 2, y: to.top + to.height / 2 };
  if (Math.abs(a.y - b.y) < Math.max(from.height, to.height) / 2) return arc({ x: a.x, y: from.top }, { x: b.x, y: to.top });
  const isBeside = from.left + from.width < to.left || to.left + to.width < from.left;
  const isStacked = from.top + from.height < to.top || to.top + to.height < from.top;
  if (isBeside && (!isStacked || Math.abs(b.x - a.x) > Math.abs(b.y - a.y))) {
    const way = b.x > a.x ? 1 : -1;
    return curve({ x: a.x + (way * from.width) / 2, y: a.y }, { x: b.x - (way * to.width) / 2, y: b.y }, "x");
  }
  const way = b.y > a.y ? 1 : -1;
  return curve({ x: a.x, y: a.y + (way * from.height) / 2 }, { x: b.x, y: b.y - (way * to.height) / 2 }, "y");
}

interface Spot {
  x: number;
  y: number;
}

/** Beside each other in one row, as words are: over what stands between. */
function arc(a: Spot, b: Spot): Line {
  const top = Math.min(a.y, b.y) - RISE_PX - Math.min(24, Math.abs(b.x - a.x) / 20);
  return { path: `M${at(a)}C${at({ x: a.x, y: top })} ${at({ x: b.x, y: top })} ${at(b)}`, middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 8 + (top * 3) / 4 } };
}

function curve(a: Spot, b: Spot, along: "x" | "y"): Line {
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const [one, other] = along === "x" ? [{ x: middle.x, y: a.y }, { x: middle.x, y: b.y }] : [{ x: a.x, y: middle.y }, { x: b.x, y: middle.y }];
  return { path: `M${at(a)}C${at(one)} ${at(other)} ${at(b)}`, middle };
}

const at = ({ x, y }: Spot): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
