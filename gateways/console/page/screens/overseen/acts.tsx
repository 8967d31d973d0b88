import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { renderMoment } from "../../ground/moments.ts";
import { say } from "../../ground/words.ts";
import { Panel } from "../../parts/panel.tsx";

const asked = [
  ["RELEASE_GIVEN", "acts.approved"],
  ["MESSAGE_READ", "acts.opened"],
  ["EXPORT_READ", "acts.exported"],
  ["REFUSED", "acts.refused"],
] as const;
type Act = (typeof asked)[number][0];

function Lines({ act }: { readonly act: Act }): VNode {
  const found = useLoad(act, async () => had((await api.GET("/v1/audit", { params: { query: { act, limit: "20" } } })).data).items);
  return (
    <Panel of={found}>
      {(items) =>
        items.length === 0 ? (
          <p class="note">{say("acts.none")}</p>
        ) : (
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">{say("acts.line")}</th>
                <th scope="col">{say("hooks.at")}</th>
                <th scope="col">{say("acts.who")}</th>
                <th scope="col">{say("acts.came")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ position, at, who, outcome }) => (
                <tr key={position}>
                  <td>
                    <bdi dir="ltr">{position}</bdi>
                  </td>
                  <td>{renderMoment(at)}</td>
                  <td>
                    <bdi dir="ltr">{who}</bdi>
                  </td>
                  <td>
                    <bdi dir="ltr">{outcome}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Panel>
  );
} // prettier-ignore

/** Who approved, opened or exported something, or was refused: by number, since names are for the state alone to say. */
export function Acts(): VNode {
  const act = useSignal<Act | "">("");
  return (
    <section aria-labelledby="acts">
      <h2 id="acts">{say("acts.title")}</h2>
      <p class="filters">
        <label>
          {say("acts.which")}
          <select name="act" value={act.value} onChange={({ currentTarget }) => (act.value = asked.find(([code]) => code === currentTarget.value)?.[0] ?? "")}>
            <option value="">–</option>
            {asked.map(([code, word]) => (
              <option key={code} value={code}>
                {say(word)}
              </option>
            ))}
          </select>
        </label>
      </p>
      {act.value === "" ? null : <Lines key={act.value} act={act.value} />}
    </section>
  );
} // prettier-ignore
