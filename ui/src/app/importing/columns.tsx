/** A small step before the import, only when a file's columns are not called as the configuration reads them. */
import { useEffect, useState } from "preact/hooks";

import { t } from "../../i18n/index.ts";
import { SelectField } from "../components/field.tsx";
import { Note } from "../components/states.tsx";
import type { FileEntry } from "./files.ts";
import { fieldsOf, guessColumns, peek } from "./peek.ts";

interface Misfit {
  names: string[];
  /** Field of the configuration to the column that holds it; `""`: none. */
  columns: Record<string, string>;
}

/** What a row of the import names: column to field, without those that nobody chose. */
const renamed = (columns: Record<string, string>) => {
  const chosen = Object.entries(columns).filter(([, column]) => column !== "");
  return chosen.length > 0 ? Object.fromEntries(chosen.map(([field, column]) => [column, field])) : undefined;
};

export function ColumnStep({ config, entries, update }: {
  config: string; entries: readonly FileEntry[]; update: (keys: readonly string[], change: Partial<FileEntry>) => void;
}) {
  const [misfits, setMisfits] = useState<Record<string, Misfit>>({});
  const waiting = entries.filter((one) => one.state === "waiting" || one.state === "failed");
  useEffect(() => {
    for (const entry of waiting) {
      if (entry.key in misfits || !/\.(csv|tsv|jsonl?)$/i.test(entry.name)) continue;
      peek(entry).then(({ data }) => {
        const columns = data ? guessColumns(fieldsOf(config), data) : {};
        setMisfits((old) => ({ ...old, [entry.key]: { names: Object.keys(data ?? {}), columns } }));
        if (Object.keys(columns).length > 0) update([entry.key], { columns: renamed(columns) });
      }, () => undefined);
    }
  }, [waiting.map((one) => one.key).join(" ")]);
  const choose = (entry: FileEntry, field: string, column: string) => {
    const misfit = misfits[entry.key]!;
    const columns = { ...misfit.columns, [field]: column };
    setMisfits({ ...misfits, [entry.key]: { ...misfit, columns } });
    update([entry.key], { columns: renamed(columns) });
  };
  const shown = waiting.filter((entry) => Object.keys(misfits[entry.key]?.columns ?? {}).length > 0);
  return (
    <>
      {shown.map((entry) => {
        const misfit = misfits[entry.key]!;
        return (
          <Note key={entry.key}>
            <p>{t("{name} has other columns than the labelling interface reads. Say which is which.", { name: entry.name })}</p>
            {Object.entries(misfit.columns).map(([field, column]) => (
              <SelectField
                key={field} small label={t("“{field}” is the column", { field })} value={column} onValue={(next) => choose(entry, field, next)}
                options={[{ value: "", label: t("None") }, ...misfit.names.map((name) => ({ value: name, label: name }))]}
              />
            ))}
          </Note>
        );
      })}
    </>
  );
}
