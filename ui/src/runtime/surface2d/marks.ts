/** What lies over the regions for a moment: handles, the frame of a selection, a crosshair. */
import type { Handle, Point, Size } from "../../../sdk/labelwright";

export function paintHandles(g: CanvasRenderingContext2D, handles: readonly (Handle & { screen: Point })[], stroke: string): void {
  g.setLineDash([]);
  for (const { kind, screen } of handles) {
    g.beginPath();
    if (kind === "turn") g.arc(screen.x, screen.y, 5, 0, 2 * Math.PI);
    else if (kind === "edge") g.arc(screen.x, screen.y, 3.5, 0, 2 * Math.PI);
    else g.roundRect(screen.x - 4, screen.y - 4, 8, 8, 2);
    g.fillStyle = "#fff";
    g.strokeStyle = kind === "turn" ? "#1d1f23" : stroke;
    g.lineWidth = 1.75;
    g.fill();
    g.stroke();
  }
}

export function paintFrame(g: CanvasRenderingContext2D, [from, to]: [Point, Point]): void {
  g.fillStyle = "rgb(62 123 250 / 0.12)";
  g.strokeStyle = "#3e7bfa";
  g.lineWidth = 1;
  g.setLineDash([4, 3]);
  g.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  g.strokeRect(from.x + 0.5, from.y + 0.5, to.x - from.x, to.y - from.y);
  g.setLineDash([]);
}

export function paintCrosshair(g: CanvasRenderingContext2D, at: Point, view: Size): void {
  g.setLineDash([]);
  g.lineWidth = 1;
  for (const [colour, by] of [["rgb(0 0 0 / 0.5)", 0.5], ["rgb(255 255 255 / 0.8)", -0.5]] as const) {
    g.strokeStyle = colour;
    g.beginPath();
    g.moveTo(0, Math.round(at.y) + by);
    g.lineTo(view.width, Math.round(at.y) + by);
    g.moveTo(Math.round(at.x) + by, 0);
    g.lineTo(Math.round(at.x) + by, view.height);
    g.stroke();
  }
}
