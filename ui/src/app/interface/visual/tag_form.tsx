/** The form of one tag, made from its declaration. */
import { useEffect, useState } from "preact/hooks";

import type { TagAttribute, TagInfo } from "../../../api/types.ts";
import { t, tOf } from "../../../i18n/index.ts";
import { problemRemedy, problemText } from "../check.ts";
import { findTag } from "../completion.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Note } from "../../components/states.tsx";
import { AttributeField } from "./attribute_field.tsx";
import { problemsAt, sameIn, type Desk } from "./desk.ts";
import { LabelRows } from "./label_rows.tsx";
import { keyOf } from "./problems_at.ts";
import { helpOf, labelNameAt, mayHold } from "./rules.ts";
import { contentOf, setAttribute, setContent } from "./xml_edit.ts";
import { attributeOf, decode, elementAt, readXml, valueOf, type Path, type XmlElement } from "./xml_text.ts";

type Folds = "answer" | "look" | "condition" | "more";
type Group = "needed" | "main" | Folds;

const TITLES: Record<Folds, () => string> = {
  answer: () => t("Answer"), look: () => t("Look"), condition: () => t("Shown when"), more: () => t("More"),
};
/** So many attributes that nobody needs stand among the first; the others are folded up. */
const FIRST = 8;

/** The attributes of a tag under the headings of its form. It does not depend on what is written, so that nothing jumps. */
export function grouped(info: TagInfo): Map<Group, [string, TagAttribute][]> {
  const groups = new Map<Group, [string, TagAttribute][]>([["needed", []], ["main", []], ["answer", []], ["look", []], ["condition", []], ["more", []]]);
  for (const [name, one] of Object.entries(info.attributes)) {
    const isNeeded = one.required || name === "name";
    const group = isNeeded ? "needed" : (one.group ?? (groups.get("main")!.length < FIRST ? "main" : "more"));
    groups.get(group)!.push([name, one]);
  }
  return groups;
}

/** Whether the text inside an element stands for its `value`. */
function holdsText(desk: Desk, element: XmlElement, info: TagInfo | undefined): boolean {
  if (info?.markup) return !element.isSingle && !attributeOf(element, "value");
  if (!info?.attributes.value || element.children.length > 0 || attributeOf(element, "value")) return false;
  const { from, to } = contentOf(desk.xml, element);
  return desk.xml.text.slice(from, to).trim() !== "" || info.attributes.value.type === "css";
}

function TextInside({ desk, path, element, info }: { desk: Desk; path: Path; element: XmlElement; info: TagInfo | undefined }) {
  const { from, to } = contentOf(desk.xml, element);
  const raw = desk.xml.text.slice(from, to).trim();
  const text = info?.markup ? raw : decode(raw.replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, (_, inside: string) => inside.replaceAll("&", "&amp;")));
  const [draft, setDraft] = useState(text);
  useEffect(() => { if (text !== draft.trim()) setDraft(text); }, [text]);
  const write = (next: string) => desk.edit((xml) => {
    const same = sameIn(xml, path);
    const isReadable = !info?.markup || !readXml(`<a>${next}</a>`).broken;
    return { changes: same && isReadable ? setContent(xml, same, next, info?.markup) : [] };
  }, { isTyping: true });
  return (
    <div class="attribute">
      <Field label={info?.markup ? t("Markup inside") : t("Text inside")} hint={info?.attributes.value?.help ? tOf(info, info.attributes.value.help) : undefined}>
        {(control) => <textarea {...control} class="lw-textarea app-mono" spellcheck={false} value={draft} onInput={(event) => { setDraft(event.currentTarget.value); write(event.currentTarget.value.trim()); }} />}
      </Field>
    </div>
  );
}

/** Attributes that are written and not declared: kept, shown, and changed like any text. */
function Strangers({ desk, path, element, info }: { desk: Desk; path: Path; element: XmlElement; info: TagInfo | undefined }) {
  const known = new Set(Object.keys(info?.attributes ?? {}).map((name) => name.toLowerCase()));
  const strange = element.attributes.filter((one) => !known.has(one.name.toLowerCase()));
  if (strange.length === 0) return null;
  return (
    <section class="form-group" aria-label={t("Not known here")}>
      {info && <h3>{t("Not known here")}</h3>}
      {strange.map((one) => (
        <div key={one.name} class="form-stranger">
          <AttributeField desk={desk} path={path} element={element} info={info} name={one.name} attribute={{ type: "string", required: one.name === "name" }} />
          <Button small kind="quiet" icon="close" label={t("Remove {name}", { name: one.name })} onClick={() => desk.edit((xml) => {
            const same = sameIn(xml, path);
            return { changes: same ? setAttribute(xml, same, one.name, null) : [] };
          })} />
        </div>
      ))}
    </section>
  );
}

function Folded({ desk, path, element, info, group, entries }: {
  desk: Desk; path: Path; element: XmlElement; info: TagInfo; group: Folds; entries: [string, TagAttribute][];
}) {
  if (entries.length === 0) return null;
  const set = entries.filter(([name]) => attributeOf(element, name)).length;
  const isWrong = problemsAt(desk, path).some((one) => entries.some(([name]) => name === one.attribute));
  return (
    <details class="form-group form-fold" open={isWrong || undefined}>
      <summary><h3>{TITLES[group]()}</h3>{set > 0 && <span class="lw-tiny lw-muted">{t("{n} set", { n: set })}</span>}</summary>
      {entries.map(([name, attribute]) => <AttributeField key={name} desk={desk} path={path} element={element} info={info} name={name} attribute={attribute} />)}
    </details>
  );
}

/** The way from the outermost label set to a label, to go back on. */
function Way({ desk, path }: { desk: Desk; path: Path }) {
  if (path.length === 0) return null;
  const steps = path.map((_, depth) => path.slice(0, depth));
  return (
    <nav class="form-way" aria-label={t("Where it stands")}>
      {steps.map((step) => {
        const element = elementAt(desk.xml.root!, step)!;
        return <button key={keyOf(step)} type="button" onClick={() => desk.choose(step, "form")}><code>{element.name}{valueOf(element, "name") ? ` ${valueOf(element, "name")}` : ""}</code></button>;
      })}
    </nav>
  );
}

export function TagForm({ desk }: { desk: Desk }) {
  const { chosen: path, xml, tags } = desk;
  const element = elementAt(xml.root!, path)!;
  const info = findTag(tags, element.name);
  const groups = info ? grouped(info) : null;
  const isInside = holdsText(desk, element, info);
  const hasField = (name: string) => attributeOf(element, name) !== undefined || Object.keys(info?.attributes ?? {}).some((one) => one.toLowerCase() === name.toLowerCase());
  const general = problemsAt(desk, path).filter((one) => !one.attribute || !hasField(one.attribute) || (isInside && one.attribute === "value"));
  const labelName = labelNameAt(tags, xml.root!, path);
  const label = labelName ? tags.find((one) => one.tag === labelName) : undefined;
  const holdsLabels = label && mayHold(tags, xml.root!, path, label);
  const fields = (group: "needed" | "main") => {
    const some = groups?.get(group)!.filter(([name]) => !(isInside && name === "value")) ?? [];
    return some.length > 0 && (
      <section class="form-group">
        {some.map(([name, attribute]) => <AttributeField key={name} desk={desk} path={path} element={element} info={info} name={name} attribute={attribute} />)}
      </section>
    );
  };
  return (
    <form class="tag-form" aria-label={t("Settings of {tag}", { tag: element.name })} onSubmit={(event) => event.preventDefault()} key={`${keyOf(path)} ${element.name}`}>
      <header class="tag-form-head">
        <Way desk={desk} path={path} />
        <h2 tabIndex={-1} data-focus="form"><code>{element.name}</code></h2>
        {info && <p class="lw-small lw-muted">{helpOf(info)}</p>}
      </header>
      {!info && general.length === 0 && <Note kind="warn"><p>{t("No plugin here knows this tag. It is kept as it is written.")}</p></Note>}
      {general.map((one, index) => (
        <Note key={index} kind={one.level === "error" ? "bad" : "warn"}><p>{problemText(one)}</p>{problemRemedy(one) && <p>{problemRemedy(one)}</p>}</Note>
      ))}
      {fields("needed")}
      {isInside && <TextInside desk={desk} path={path} element={element} info={info} />}
      {holdsLabels && <LabelRows desk={desk} path={path} element={element} label={label} />}
      {fields("main")}
      {groups && info && (["answer", "look", "condition", "more"] as const).map((group) => (
        <Folded key={group} desk={desk} path={path} element={element} info={info} group={group} entries={groups.get(group)!} />
      ))}
      <Strangers desk={desk} path={path} element={element} info={info} />
    </form>
  );
}
