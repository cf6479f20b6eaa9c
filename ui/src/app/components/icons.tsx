/** Our icons: strokes on a grid of 16, drawn in the colour of the text around them. */

const PATHS = {
  activity: "M1.5 8h3l2-5 3.2 10 2-5h2.8",
  "arrow-down": "M8 3v10m-4-4 4 4 4-4",
  "arrow-left": "M13 8H3m4-4L3 8l4 4",
  "arrow-right": "M3 8h10M9 4l4 4-4 4",
  "arrow-up": "M8 13V3m4 4L8 3 4 7",
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12m1.2-10.4h2.7M9.2 6.5h4.4m-4.4 3h4.4m-4.4 2.9h2.7",
  box: "M2.5 5V3.5a1 1 0 0 1 1-1H5m6 0h1.5a1 1 0 0 1 1 1V5m0 6v1.5a1 1 0 0 1-1 1H11m-6 0H3.5a1 1 0 0 1-1-1V11M5.5 5.5h5v5h-5z",
  check: "m3 8.5 3.2 3.2L13 4.8",
  "chevron-down": "m4 6 4 4 4-4",
  "chevron-left": "m10 4-4 4 4 4",
  "chevron-right": "m6 4 4 4-4 4",
  close: "m4 4 8 8m0-8-8 8",
  code: "m5.5 4.5-3.5 3.5 3.5 3.5m5-7 3.5 3.5-3.5 3.5M9.2 3 6.8 13",
  columns: "M2.5 3h11v10h-11zm3.7 0v10m3.6-10v10",
  command: "M5.8 5.8h4.4v4.4H5.8zm0 0V4.1a1.7 1.7 0 1 0-1.7 1.7Zm4.4 0h1.7a1.7 1.7 0 1 0-1.7-1.7Zm0 4.4v1.7a1.7 1.7 0 1 0 1.7-1.7Zm-4.4 0H4.1a1.7 1.7 0 1 0 1.7 1.7Z",
  copy: "M5.5 5.5h7a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM2.5 10.5v-7a1 1 0 0 1 1-1h7",
  download: "M8 2v8.2M4.8 7.2 8 10.4l3.2-3.2M2.5 11.5v1a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-1",
  edit: "M10.8 2.9 13 5.1 5.4 12.7l-2.9.8.8-2.9ZM9.4 4.3l2.3 2.3",
  error: "M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4ZM8 5v3.6m0 2.2v.1",
  external: "M9 2.5h4.5V7M13.2 2.8 7.5 8.5M6.5 3.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3",
  eye: "M1.5 8C4.5 2.8 11.5 2.8 14.5 8c-3 5.2-10 5.2-13 0ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
  file: "M9 1.8H4a1 1 0 0 0-1 1v10.4a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V5.8Zm0 0v4h4",
  filter: "M2 3.5h12L9.5 8.8v3.7l-3 1.5V8.8Z",
  folder: "M1.8 12.2V3.8a1 1 0 0 1 1-1h3.4l1.6 1.9h5.4a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H2.8a1 1 0 0 1-1-1Z",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM2.2 8h11.6M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12",
  grip: "M6 3.9v.1m0 3.9v.1m0 3.9v.1M10 3.9v.1m0 3.9v.1m0 3.9v.1",
  help: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM6.3 6.4C6.5 4.5 9.8 4.6 9.7 6.6c0 1.3-1.7 1.4-1.7 2.7m0 1.9v.1",
  image: "M3 2.8h10a1 1 0 0 1 1 1v8.4a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3.8a1 1 0 0 1 1-1ZM2.2 11l3.5-3.6 3 3 1.9-1.8 3.2 3M10.6 5.8v.1",
  info: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 5.4v3.6M8 5v.1",
  key: "M5 8.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Zm1.8.7 6.7-6.7m-2.7 2.7 2 2M8.8 7.2l1.5 1.5",
  keyboard: "M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm1.9 2.7v.1m2.4-.1v.1m2.4-.1v.1m2.4-.1v.1M5.2 9.5h5.6",
  link: "M6.6 9.4 9.4 6.6M7.2 4.6l1.5-1.5a3 3 0 0 1 4.2 4.2l-1.5 1.5m-2.6 2.6-1.5 1.5a3 3 0 0 1-4.2-4.2l1.5-1.5",
  list: "M5.5 4h8m-8 4h8m-8 4h8M2.5 4v.1m0 3.9v.1m0 3.9v.1",
  lock: "M4 7.2h8a1 1 0 0 1 1 1v4.6a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8.2a1 1 0 0 1 1-1Zm1.2 0V5a2.8 2.8 0 0 1 5.6 0v2.2",
  "log-out": "M6.5 13.5h-3a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h3M6 8h7.5m-3-3 3 3-3 3",
  menu: "M2.5 4.5h11m-11 3.5h11m-11 3.5h11",
  moon: "M13.6 9.6A5.8 5.8 0 1 1 6.4 2.4a4.6 4.6 0 0 0 7.2 7.2Z",
  more: "M3.5 8v.1M8 8v.1m4.5-.1v.1",
  pin: "M6 2.2h4l-.5 4.1 2.3 2.3v1.2H4.2V8.6l2.3-2.3Zm2 7.6v4",
  play: "M5 3.2v9.6L12.6 8Z",
  plug: "M6 1.8v3m4-3v3M4 4.8h8v2.7a4 4 0 0 1-8 0Zm4 6.7v2.7",
  plus: "M8 3v10M3 8h10",
  redo: "M13 6.5H6a3.5 3.5 0 0 0 0 7h3m1.2-9.8L13 6.5l-2.8 2.8",
  refresh: "M13.4 6.6A5.6 5.6 0 0 0 3 5.4L2 7m0-3.8V7h3.8M2.6 9.4A5.6 5.6 0 0 0 13 10.6L14 9m0 3.8V9h-3.8",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.2 3.2",
  settings: "M2 4.5h6m3.5 0H14M2 11.5h2.5m3.5 0h6M9.8 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4ZM6.2 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z",
  sort: "M5 3v10m0 0L2.5 10.5M5 13l2.5-2.5M11 13V3m0 0L8.5 5.5M11 3l2.5 2.5",
  stop: "M4.5 4.5h7v7h-7z",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Zm0-3.7v1m0 11v1M1.5 8h1m11 0h1M3.4 3.4l.7.7m7.8 7.8.7.7m0-9.2-.7.7m-7.8 7.8-.7.7",
  tag: "M7.4 2.5H3.5a1 1 0 0 0-1 1v3.9l6.2 6.2a1 1 0 0 0 1.4 0l3.5-3.5a1 1 0 0 0 0-1.4ZM5.3 5.3v.1",
  text: "M3 4.5V3h10v1.5M8 3v10m-2 0h4",
  trash: "M2.5 4h11M6 4V2.5h4V4m-6 0 .6 9.5h6.8L12 4M6.6 6.8v4m2.8-4v4",
  undo: "M3 6.5h7a3.5 3.5 0 0 1 0 7H7M5.8 3.7 3 6.5l2.8 2.8",
  upload: "M8 10.4V2.2M4.8 5.2 8 2l3.2 3.2M2.5 11.5v1a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-1",
  user: "M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM2.8 13.5c.5-5 9.9-5 10.4 0",
  users: "M6 3a2.4 2.4 0 1 1 0 4.8A2.4 2.4 0 0 1 6 3ZM1.5 13c.4-4.5 8.6-4.5 9 0M10.4 3.2a2.4 2.4 0 0 1 0 4.5m1.6 1.8c1.5.5 2.4 1.7 2.5 3.5",
  warning: "M8 2.2 14.4 13.4H1.6Zm0 4.3v3.3m0 1.9v.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16, class: className }: { name: IconName; size?: number; class?: string }) {
  return (
    <svg
      class={className} width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor"
      stroke-width={name === "more" ? 2.25 : size > 24 ? 1 : 1.5} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's mark: a label on its string hole, with the maker's W. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        class="lw-mark-tag"
        d="M8.9 3.5H19A2.5 2.5 0 0 1 21.5 6v12a2.5 2.5 0 0 1-2.5 2.5H8.9a2.5 2.5 0 0 1-1.9-.9L2 13.6a2.5 2.5 0 0 1 0-3.2l5-6a2.5 2.5 0 0 1 1.9-.9Z"
      />
      <circle class="lw-mark-ink" cx="6.3" cy="12" r="1.35" />
      <path class="lw-mark-line" d="m10 8.8 2 6.4 2.2-5.2 2.2 5.2 2-6.4" />
    </svg>
  );
}
