/** A project's colour. White, the default, means none was chosen: a pale mark keeps its place. */
export function ColourDot({ colour, size = 10 }: { colour: string | null | undefined; size?: number }) {
  const chosen = colour && !/^#f{3}(f{3})?$/i.test(colour) ? colour : undefined;
  return <i class={`app-dot${chosen ? "" : " app-dot--none"}`} style={{ width: `${size}px`, height: `${size}px`, background: chosen }} aria-hidden="true" />;
}
