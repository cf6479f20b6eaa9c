/** One attribute of a tag as a field of the kind that its declaration names. */
import { useId, useState } from "preact/hooks";

import type { TagAttribute, TagInfo } from "../../../api/types.ts";
import { t, tOf } from "../../../i18n/index.ts";
import { problemText } from "../check.ts";
import { Button } from "../../components/button.tsx";
import { Field, SwitchField, type ControlProps } from "../../components/field.tsx";
import { Swatch } from "./colour_field.tsx";
import { problemsAt, sameIn, type Desk } from "./desk.ts";
import { DraftField, type DraftProps } from "./draft_field.tsx";
import { HotkeyField } from "./hotkey_field.tsx";
import { namesIn, referencesTo, relabel, rename } from "./names.ts";
import { targetsFor } from "./rules.ts";
import { setAttribute } from "./xml_edit.ts";
import { valueOf, walk, type Path, type XmlElement } from "./xml_text.ts";

export interface AttributeProps {
  desk: Desk;
  path: Path;
  element: XmlElement;
  info: TagInfo | undefined;
  name: string;
  attribute: TagAttribute;
}

interface ControlParts extends AttributeProps {
  control: ControlProps;
  /** What is written; empty if nothing is. */
  value: string;
  set: (value: string | null, isTyping?: boolean) => void;
  onRefused: (why: string | null) => void;
}

const isOn = (value: unknown): boolean => /^true$/i.test(String(value));
const shown = (value: unknown): string => (value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
const cutOf = (text: string): string | null => text || null;

/** Texts that are offered for an attribute: fields of the data, names, labels. */
function offers({ desk, info, name, attribute }: AttributeProps): string[] {
  if (attribute.type === "field" || info?.reads.includes(name)) return desk.columns.map((column) => `$${column}`);
  if (attribute.refers !== "label") return [];
  const labels = [...walk(desk.xml.root!)].filter(({ element }) => desk.tags.some((tag) => tag.kind === "label" && tag.tag === element.name));
  return [...new Set(labels.map(({ element }) => valueOf(element, "alias") ?? valueOf(element, "value") ?? ""))].filter(Boolean);
}

function TextControl(props: ControlParts) {
  const { control, value, set, attribute } = props;
  const id = useId();
  const offered = offers(props);
  return (
    <>
      <input
        {...control} class="lw-input" type="text" spellcheck={false} autocomplete="off" list={offered.length > 0 ? id : undefined}
        value={value} placeholder={shown(attribute.default)} onInput={(event) => set(event.currentTarget.value || (attribute.required ? "" : null), true)}
      />
      {offered.length > 0 && <datalist id={id}>{offered.map((one) => <option key={one} value={one}>{one}</option>)}</datalist>}
    </>
  );
}

function NumberControl({ control, value, set, attribute }: ControlParts) {
  return (
    <input
      {...control} class="lw-input" type="number" step={attribute.type === "int" ? 1 : "any"} min={attribute.minimum} max={attribute.maximum}
      value={value} placeholder={shown(attribute.default)} onInput={(event) => { if (!event.currentTarget.validity.badInput) set(cutOf(event.currentTarget.value), true); }}
    />
  );
}

function ChoiceControl({ control, value, set, attribute }: ControlParts) {
  const choices = attribute.choices ?? [];
  const known = choices.find((one) => one.toLowerCase() === value.toLowerCase());
  const unset = shown(attribute.default);
  return (
    <select {...control} class="lw-select" value={known ?? value} onChange={(event) => set(cutOf(event.currentTarget.value))}>
      <option value="">{unset ? t("{value} (by default)", { value: unset }) : "–"}</option>
      {choices.map((one) => <option key={one} value={one}>{one}</option>)}
      {value && !known && <option value={value}>{value}</option>}
    </select>
  );
}

function ColourControl({ control, value, set, name, attribute }: ControlParts) {
  return (
    <div class="colour-field">
      <Swatch value={value} shown={shown(attribute.default) || "#808080"} onValue={(colour) => set(colour, true)} aria-label={t("Choose {name}", { name })} />
      <input {...control} class="lw-input" type="text" spellcheck={false} value={value} placeholder={shown(attribute.default)} onInput={(event) => set(cutOf(event.currentTarget.value), true)} />
      {value && <Button small kind="quiet" icon="close" label={t("Clear {name}", { name })} onClick={() => set(null)} />}
    </div>
  );
}

function CssControl({ control, value, set }: ControlParts) {
  return <textarea {...control} class="lw-textarea app-mono attribute-css" spellcheck={false} value={value} onInput={(event) => set(cutOf(event.currentTarget.value), true)} />;
}

/** The name: unique, and what points at it follows. */
function NameControl({ desk, path, control, value, attribute, onRefused }: ControlParts) {
  const refuse = (name: string) => {
    if (name === "" && attribute.required) return t("A name is needed.");
    return namesIn(desk.xml.root).has(name) ? t("This name is taken; each is used once.") : null;
  };
  return (
    <DraftField
      {...control} class="lw-input" value={value} refuse={refuse} onRefused={onRefused}
      onValue={(name) => desk.edit((xml) => {
        const same = sameIn(xml, path);
        return { changes: same ? (name ? rename(xml, desk.tags, same, name) : setAttribute(xml, same, "name", null)) : [] };
      })}
    />
  );
}

/** The text of a label: conditions that speak of it follow. */
export function LabelText({ desk, path, name, ...rest }: { desk: Desk; path: Path; name: string } & Omit<DraftProps, "onValue">) {
  return (
    <DraftField
      {...rest}
      onValue={(text) => desk.edit((xml) => {
        const same = sameIn(xml, path);
        return { changes: same ? relabel(xml, desk.tags, same, name, text) : [] };
      })}
    />
  );
}

/** What a control works on: one of those that fit, or several. */
function ReferenceControl(props: ControlParts) {
  const { desk, info, attribute, control, value, set, name } = props;
  const targets = targetsFor(desk.tags, desk.xml.root!, attribute, attribute.refers === "object" ? (info?.space ?? null) : null)
    .filter((one) => one.name !== valueOf(props.element, "name"));
  const chosen = value.split(",").map((one) => one.trim()).filter(Boolean);
  const unknown = chosen.filter((one) => !targets.some((target) => target.name === one));
  if (info?.manyTargets && attribute.refers === "object") {
    const all = [...targets, ...unknown.map((one) => ({ name: one, tag: "" }))];
    const toggle = (one: string) => set(chosen.includes(one) ? chosen.filter((other) => other !== one).join(",") : [...chosen, one].join(","));
    return (
      <div class="reference-many" role="group" aria-label={name}>
        {all.map((one) => (
          <label key={one.name} class="lw-check"><input type="checkbox" checked={chosen.includes(one.name)} onChange={() => toggle(one.name)} /><span>{one.name} <span class="lw-muted">{one.tag}</span></span></label>
        ))}
        {all.length === 0 && <p class="lw-hint">{t("There is nothing yet that it could work on.")}</p>}
      </div>
    );
  }
  return (
    <select {...control} class="lw-select" value={value} onChange={(event) => set(event.currentTarget.value || (attribute.required ? "" : null))}>
      <option value="">{attribute.required && targets.length === 0 ? t("There is nothing yet that it could work on.") : "–"}</option>
      {targets.map((one) => <option key={one.name} value={one.name}>{`${one.name} – ${one.tag}`}</option>)}
      {value && !targets.some((one) => one.name === value) && <option value={value}>{value}</option>}
    </select>
  );
}

function controlFor(props: ControlParts) {
  const { attribute, value, name, info } = props;
  if (name === "name") return <NameControl {...props} />;
  if (attribute.refers === "object" || attribute.refers === "control") return <ReferenceControl {...props} />;
  if (info?.kind === "label" && attribute.required) {
    return <LabelText {...props.control} desk={props.desk} path={props.path} name={name} value={value} class="lw-input" />;
  }
  if (value.startsWith("$")) return <TextControl {...props} />;
  switch (attribute.type) {
    // Without a default it is neither, which a switch cannot show.
    case "bool": return <ChoiceControl {...props} attribute={{ ...attribute, choices: ["true", "false"] }} />;
    case "choice": return <ChoiceControl {...props} />;
    case "color": return <ColourControl {...props} />;
    case "css": return <CssControl {...props} />;
    case "hotkey": return <HotkeyField {...props.control} value={value} onValue={(keys) => props.set(keys)} />;
    case "int": case "number": return value === "" || Number.isFinite(Number(value)) ? <NumberControl {...props} /> : <TextControl {...props} />;
  }
  return <TextControl {...props} />;
}

/** What is odd about a field of the task that is named. */
function doubt({ desk, info, name, attribute }: AttributeProps, value: string): string | null {
  const isField = attribute.type === "field" || info?.reads.includes(name);
  const field = isField && /^\$(\w+)/.exec(value)?.[1];
  return field && desk.columns.length > 0 && !desk.columns.includes(field) ? t("Your data have no field {field}.", { field }) : null;
}

export function AttributeField(props: AttributeProps) {
  const { desk, path, element, info, name, attribute } = props;
  const [refused, setRefused] = useState<string | null>(null);
  const value = valueOf(element, name) ?? "";
  const set = (next: string | null, isTyping = false) => desk.edit((xml) => {
    const same = sameIn(xml, path);
    return { changes: same ? setAttribute(xml, same, name, next) : [] };
  }, { isTyping });
  const problems = problemsAt(desk, path).filter((one) => one.attribute?.toLowerCase() === name.toLowerCase()).map(problemText);
  const help = attribute.help && info ? tOf(info, attribute.help) : undefined;
  const isSwitch = attribute.type === "bool" && typeof attribute.default === "boolean";
  if (isSwitch && !value.startsWith("$")) {
    const now = value === "" ? isOn(attribute.default) : isOn(value);
    return <div class="attribute"><SwitchField label={name} hint={[...problems, help].filter(Boolean).join(" ")} checked={now} onValue={(on) => set(on === isOn(attribute.default) ? null : String(on))} /></div>;
  }
  const followers = name === "name" ? referencesTo(desk.xml, desk.tags, value) : 0;
  const hints = [help, doubt(props, value), followers > 0 && t("What points at it follows a new name.")].filter(Boolean).join(" ");
  const label = <code class={attribute.required ? "attribute-needed" : undefined}>{name}</code>;
  return (
    <div class="attribute">
      <Field label={label} hint={hints || undefined} error={refused ?? problems}>
        {(control) => controlFor({ ...props, control, value, set, onRefused: setRefused })}
      </Field>
    </div>
  );
}
