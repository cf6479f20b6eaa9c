/** The module `labelwright` of the import map: what tag modules may use. Its types are ui/sdk/labelwright.d.ts. */
import type * as contract from "../../sdk/labelwright";
import { inkOn, withAlpha } from "./colours.ts";
import { cleanHtml } from "./clean.ts";
import { safeRules, safeStyle } from "./css.ts";
import { isTyping } from "../keys/chords.ts";
import { icons } from "./icons.ts";
import { newId } from "./ids.ts";
import { api } from "./loader.ts";
import { Icon, IconButton, Keys } from "./parts.tsx";
import { codePointsBefore, utf16Offset } from "./text.ts";
import { VirtualRows } from "./virtual.tsx";

({ api, cleanHtml, Icon, IconButton, icons, inkOn, isTyping, Keys, newId, safeRules, safeStyle, codePointsBefore, utf16Offset, VirtualRows, withAlpha }) satisfies Omit<typeof contract, never>;

export { api, cleanHtml, Icon, IconButton, icons, inkOn, isTyping, Keys, newId, safeRules, safeStyle, codePointsBefore, utf16Offset, VirtualRows, withAlpha };
