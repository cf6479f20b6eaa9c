/** `<Table>`: the names and values of an object, or a list of objects. */
import type { ObjectContext, ObjectTag } from "labelwright";
import { render } from "preact";

import { gridOf } from "./rows.ts";
import { dataOf } from "./source.ts";
import rules from "./table.css?inline";

function Grid({ ctx, data }: { ctx: ObjectContext; data: unknown }) {
  const { headings, rows } = gridOf(data);
  void ctx.locale.value;
  const heads = headings ?? [ctx.t("Name"), ctx.t("Value")];
  return (
    <div class="lw-data" tabIndex={0} role="group" aria-label={ctx.node.name ? ctx.t("Table {name}", { name: ctx.node.name }) : ctx.t("Table")}>
      <table>
        {heads.length > 0 && <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>}
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>{row.map((cell, column) => (headings === null && column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column}>{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const table: ObjectTag = {
  api: 1,
  tag: "Table",
  kind: "object",
  space: "table",
  mount(el, ctx) {
    ctx.css(rules);
    const begin = (data: unknown): void => {
      if (ctx.abort.aborted) return;
      render(<Grid ctx={ctx} data={data} />, el);
      ctx.loaded();
    };
    dataOf(ctx).then(begin, (error: Error) => (ctx.abort.aborted ? undefined : ctx.failed(error.message)));
    return { focus: () => el.querySelector<HTMLElement>(".lw-data")?.focus(), dispose: () => render(null, el) };
  },
};

export default table;
