import { formatNumber, t } from "../../i18n/index.ts";
import { Button } from "./button.tsx";
import { SelectField } from "./field.tsx";

/** Which of how many are on screen, and the way to the others. */
export function Pager<S extends string>({ page, size, count, onPage, sizes, onSize }: {
  page: number; size: number; count: number; onPage: (page: number) => void; sizes?: readonly S[]; onSize?: (size: S) => void;
}) {
  const last = Math.max(1, Math.ceil(count / size));
  const from = (page - 1) * size + 1;
  return (
    <nav class="lw-spread app-pager" aria-label={t("Pages")}>
      <span class="lw-small lw-muted lw-digits">
        {t("{from}–{to} of {count}", { from: Math.min(from, count), to: Math.min(count, from + size - 1), count })}
      </span>
      <div class="lw-row">
        {sizes && onSize && (
          <SelectField quiet small label={t("Rows on a page")} value={String(size) as S} onValue={onSize}
            options={sizes.map((one) => ({ value: one, label: t("{n} on a page", { n: Number(one) }) }))} />
        )}
        <Button small icon="chevron-left" label={t("Previous page")} disabled={page <= 1} onClick={() => onPage(page - 1)} />
        <span class="lw-small lw-digits" aria-current="page">{t("{page} of {last}", { page: formatNumber(page), last: formatNumber(last) })}</span>
        <Button small icon="chevron-right" label={t("Next page")} disabled={page >= last} onClick={() => onPage(page + 1)} />
      </div>
    </nav>
  );
}
