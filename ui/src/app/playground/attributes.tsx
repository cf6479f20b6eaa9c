/** A form for a tag's attributes, made from its declaration. */
import { useMemo, useState } from "preact/hooks";

import type { TagAttribute, TagInfo } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { Field, SearchField } from "../components/field.tsx";
import { Empty } from "../components/states.tsx";

interface Props {
  info: TagInfo;
  /** What is written; an attribute that is not has its default. */
  written: Readonly<Record<string, string>>;
  onWrite: (name: string, value: string) => void;
}

const shownDefault = (attribute: TagAttribute): string =>
  attribute.default === null || attribute.default === undefined || attribute.default === "" ? t("nothing") : String(attribute.default);

function One({ name, attribute, info, value, onValue }: {
  name: string; attribute: TagAttribute; info: TagInfo; value: string; onValue: (value: string) => void;
}) {
  const choices = attribute.type === "bool" ? ["true", "false"] : attribute.choices;
  const isNumber = attribute.type === "int" || attribute.type === "number";
  const label = <code class="playground-name" data-written={value !== "" || undefined}>{name}</code>;
  return (
    <Field label={label} hint={attribute.help && tOf(info, attribute.help)}>
      {(control) => choices
        ? (
          <select class="lw-select lw-select--small" {...control} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
            <option value="">{t("Default: {value}", { value: shownDefault(attribute) })}</option>
            {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
          </select>
        )
        : (
          <span class="playground-input">
            {attribute.type === "color" && (
              <input
                type="color" class="playground-colour" aria-label={t("Colour of {name}", { name })}
                value={/^#[\da-f]{6}$/i.test(value) ? value : String(attribute.default ?? "#000000")} onInput={(event) => onValue(event.currentTarget.value)}
              />
            )}
            <input
              class="lw-input lw-input--small" type="text" inputMode={isNumber ? "decimal" : "text"} {...control}
              autocomplete="off" spellcheck={false} value={value} placeholder={attribute.default === null ? "" : String(attribute.default ?? "")} onInput={(event) => onValue(event.currentTarget.value)}
            />
          </span>
        )}
    </Field>
  );
}

export function Attributes({ info, written, onWrite }: Props) {
  const [typed, setTyped] = useState("");
  const words = typed.trim().toLowerCase();
  const shown = useMemo(
    () => Object.entries(info.attributes).filter(([name, one]) => `${name} ${one.help ?? ""} ${tOf(info, one.help ?? "")}`.toLowerCase().includes(words)),
    [info, words],
  );
  return (
    <>
      <div class="playground-search"><SearchField label={t("Find an attribute")} value={typed} onValue={setTyped} /></div>
      <div class="playground-form">
        {shown.length === 0 && <Empty icon="search" title={words ? t("No attribute is called “{typed}”", { typed }) : t("This tag has no attributes")} />}
        {shown.map(([name, attribute]) => (
          <One key={`${info.tag}.${name}`} name={name} attribute={attribute} info={info} value={written[name] ?? ""} onValue={(value) => onWrite(name, value)} />
        ))}
      </div>
    </>
  );
}
