import { fieldErrors } from "../../api/errors.ts";
import { t } from "../../i18n/index.ts";
import { SelectField, TextArea, TextField } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import type { SettingsProps } from "../screens/settings.tsx";
import { useProjectForm } from "./form.ts";
import { FormError, SaveButtons } from "./save_bar.tsx";

const FIELDS = ["title", "description", "color", "sampling"] as const;

/** Told apart at a glance, in both themes. */
const COLOURS: [string, () => string][] = [
  ["#FFFFFF", () => t("None")], ["#3A6BE0", () => t("Blue")], ["#1793A5", () => t("Teal")], ["#2B9A66", () => t("Green")], ["#8D9B1C", () => t("Olive")],
  ["#D9822B", () => t("Orange")], ["#D64545", () => t("Red")], ["#C2498D", () => t("Pink")], ["#7C66DC", () => t("Violet")], ["#7B8794", () => t("Grey")],
];

function ColourField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const known = COLOURS.some(([colour]) => colour === value.toUpperCase());
  const shown: [string, () => string][] = known ? COLOURS : [...COLOURS, [value, () => value]];
  return (
    <fieldset class="lw-field">
      <legend class="lw-label">{t("Colour")}</legend>
      <div class="colours">
        {shown.map(([colour, name]) => (
          <label key={colour} data-tip={name()}>
            <input type="radio" name="colour" value={colour} aria-label={name()} checked={value.toUpperCase() === colour.toUpperCase()} onChange={() => onValue(colour)} />
            <i class={colour === "#FFFFFF" ? "colours-none" : undefined} style={{ background: colour === "#FFFFFF" ? undefined : colour }} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function GeneralSettings({ project, onSaved }: SettingsProps) {
  const form = useProjectForm(project, FIELDS, onSaved);
  const { value, set, error } = form;
  return (
    <>
      <h1>{t("General")}</h1>
      <Panel title={t("Project")} foot={<SaveButtons isChanged={form.isChanged} onSave={form.save} onUndo={form.undo} />}>
        <FormError error={error} fields={FIELDS} />
        <TextField label={t("Name")} value={value.title} onValue={(title) => set("title", title)} error={fieldErrors(error, "title")} required />
        <TextArea label={t("Description")} value={value.description ?? ""} onValue={(text) => set("description", text)} error={fieldErrors(error, "description")} />
        <ColourField value={value.color || "#FFFFFF"} onValue={(colour) => set("color", colour)} />
        <SelectField
          label={t("Order of tasks")} value={value.sampling} onValue={(sampling) => set("sampling", sampling)} error={fieldErrors(error, "sampling")}
          hint={t("In which order the label stream gives tasks out.")}
          options={[
            { value: "Sequential sampling", label: t("One after the other") },
            { value: "Uniform sampling", label: t("At random") },
            { value: "Uncertainty sampling", label: t("Least certain predictions first") },
          ]}
        />
      </Panel>
    </>
  );
}
