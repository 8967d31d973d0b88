import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { renderMoment } from "../../ground/moments.ts";
import { may, proving } from "../../ground/session.ts";
import { language, say, type WordId } from "../../ground/words.ts";
import { Act } from "../../parts/act.tsx";
import { Panel } from "../../parts/panel.tsx";

type Examined = paths["/v1/doctor"]["get"]["responses"]["200"]["content"]["application/json"];
type Made = paths["/v1/backups"]["post"]["responses"]["201"]["content"]["application/json"];
type Item = Examined["items"][number];

const marks: Readonly<Record<Item["state"], WordId>> = {
  bad: "health.bad",
  warn: "health.warn",
  ok: "health.ok",
};
const order: readonly Item["state"][] = ["bad", "warn", "ok"];

function Findings({ of, state }: { readonly of: readonly Item[]; readonly state: Item["state"] }): VNode | null {
  const items = of.filter((one) => one.state === state);
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={`is-${state}`} data-health={state}>
      <h3 id={`is-${state}`} class={state === "bad" ? "bad" : ""}>
        {say(marks[state], { n: items.length })}
      </h3>
      <ul>
        {items.map(({ code, says, fix }) => (
          <li key={code + says} data-code={code}>
            {says}
            {fix === undefined ? null : <p class="aside">{fix}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
} // prettier-ignore

/** Everything that was looked at, what is wrong first, each with what to do. */
function Doctor(): VNode {
  const found = useLoad(language.value, async () => had((await api.GET("/v1/doctor")).data));
  return (
    <section aria-labelledby="doctor">
      <h2 id="doctor">{say("health.title")}</h2>
      <Panel of={found}>
        {({ at, items }) => (
          <>
            <p class="note">{say("load.stale", { time: renderMoment(at) })}</p>
            {order.map((state) => (
              <Findings key={state} of={items} state={state} />
            ))}
          </>
        )}
      </Panel>
      <button type="button" data-act="examine" onClick={found.again}>
        {say("health.again")}
      </button>
    </section>
  );
} // prettier-ignore

/** A sealed copy of the store on the gateway's own disk; nothing of it comes through the browser. */
function Backup(): VNode {
  const made = useSignal<Made | undefined>(undefined);
  const withFiles = useSignal(false);
  const run = async (): Promise<void> => {
    made.value = undefined;
    const body = { withKeys: false, withFiles: withFiles.value };
    made.value = had((await proving(async () => await api.POST("/v1/backups", { body }))).data);
  };
  return (
    <section aria-labelledby="backup">
      <h2 id="backup">{say("backup.title")}</h2>
      <p class="aside">{say("backup.help")}</p>
      <label>
        <input type="checkbox" name="withFiles" checked={withFiles.value} onChange={({ currentTarget }) => (withFiles.value = currentTarget.checked)} /> {say("backup.files")}
      </label>
      <p>
        <Act act={run} name="backup">
          {say("backup.make")}
        </Act>
      </p>
      {made.value === undefined ? null : (
        <p class="done" role="status">
          {say("backup.made", { n: made.value.messages })} <bdi dir="ltr">{made.value.file}</bdi>
        </p>
      )}
    </section>
  );
} // prettier-ignore

/** Whether the gateway is well, and what to do where it is not. */
export function Health(): VNode {
  return (
    <>
      {may("GET", "/v1/doctor") ? <Doctor /> : null}
      {may("POST", "/v1/backups") ? <Backup /> : null}
    </>
  );
}
