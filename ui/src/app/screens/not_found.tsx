import { url } from "../../boot.ts";
import { t } from "../../i18n/index.ts";
import { LinkButton } from "../components/button.tsx";
import { Empty } from "../components/states.tsx";
import { path } from "../router.ts";
import { useTitle } from "../title.tsx";

export function NotFound() {
  useTitle(t("Page not found"));
  return (
    <div class="app-page">
      <Empty icon="search" title={t("There is no page here")} actions={<LinkButton kind="primary" href={url("/projects")}>{t("All projects")}</LinkButton>}>
        {t("Nothing lives at {path}. It may have been deleted, or the address has a typing error.", { path: path.value })}
      </Empty>
    </div>
  );
}
