/** The choice of a language: in this browser at once, and with the account for the next one. */
import { api } from "../api/client.ts";
import { boot } from "../boot.ts";
import { setLocale, type Locale } from "../i18n/index.ts";

export async function chooseLanguage(id: Locale): Promise<void> {
  await setLocale(id);
  // The page speaks it already; that the account forgets it is no reason to interrupt anybody.
  if (boot.user) await api.patch(`/api/users/${boot.user.id}/`, { locale: id }).catch(() => undefined);
}
