import { useState } from "preact/hooks";

import type { UserLite } from "../../api/types.ts";
import { url } from "../../boot.ts";

/** Two letters for somebody: of the names, else of the address. */
export function initialsOf(user: UserLite): string {
  if (user.initials) return user.initials.slice(0, 2).toUpperCase();
  const names = [user.first_name, user.last_name].filter(Boolean) as string[];
  return (names.length > 0 ? names.map((name) => [...name][0]).join("") : user.email.slice(0, 2)).toUpperCase();
}

const HUES = 8;

export function Avatar({ user, size = 28 }: { user: UserLite; size?: number }) {
  const [failed, setFailed] = useState("");
  const style = { width: `${size}px`, height: `${size}px`, fontSize: size > 32 ? `${size * 0.36}px` : undefined };
  if (user.avatar && failed !== user.avatar) return <img class="app-avatar" src={url(user.avatar)} alt="" style={style} onError={() => setFailed(user.avatar!)} />;
  return <span class={`app-avatar app-avatar--${user.id % HUES}`} style={style} aria-hidden="true">{initialsOf(user)}</span>;
}
