import type { VNode } from "preact";

import type { paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { may } from "../../ground/session.ts";
import { language, say, typeName } from "../../ground/words.ts";
import { Panel } from "../../parts/panel.tsx";

type Tables = paths["/v1/statistics"]["get"]["responses"]["200"]["content"]["application/json"]["items"]; // prettier-ignore

/** Cells of one table; what would tell of a few persons is withheld, and so is what it could be told by. */
function Cells({ of: { cells } }: { readonly of: Tables[number] }): VNode {
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{say("figures.indicator")}</th>
          <th scope="col">{say("figures.count")}</th>
        </tr>
      </thead>
      <tbody>
        {cells.map((cell) => (
          <tr key={JSON.stringify(cell)}>
            <td>
              <bdi dir="ltr">{cell.indicator}</bdi>
            </td>
            <td>{cell.count ?? say("analysis.withheld")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NightlyTables(): VNode {
  const found = useLoad("", async () => had((await api.GET("/v1/statistics")).data).items);
  return (
    <Panel of={found}>
      {(items) =>
        items.length === 0 ? (
          <p class="note">{say("figures.none")}</p>
        ) : (
          <>
            {items.map((one) => (
              <details key={`${one.type} ${one.period}`}>
                <summary>
                  {typeName(one.type)} · <bdi dir="ltr">{one.period}</bdi> · {say("figures.from", { n: one.messages })}
                </summary>
                <Cells of={one} />
              </details>
            ))}
          </>
        )
      }
    </Panel>
  );
} // prettier-ignore

/** Deadlines that passed and still stand open, by what was awaited; nothing leads to a message. */
function Overdue(): VNode {
  const found = useLoad(language.value, async () => had((await api.GET("/v1/breaches", { params: { query: { open: "true" } } })).data).items);
  return (
    <Panel of={found}>
      {(items) => {
        const names = [...new Set(items.map(({ closingName }) => closingName))];
        return (
          <ul data-overdue={items.length}>
            <li>{say("figures.overdue", { n: items.length })}</li>
            {names.map((name) => (
              <li key={name}>
                {name}: <bdi dir="ltr">{items.filter(({ closingName }) => closingName === name).length}</bdi>
              </li>
            ))}
          </ul>
        );
      }}
    </Panel>
  );
} // prettier-ignore

/** Numbers without persons. */
export function FigureTables(): VNode {
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{say("figures.title")}</h2>
      {may("GET", "/v1/breaches") ? <Overdue /> : null}
      {may("GET", "/v1/statistics") ? <NightlyTables /> : null}
    </section>
  );
}
