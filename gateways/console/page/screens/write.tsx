import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { keepDraft } from "../ground/answers.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { go } from "../ground/place.ts";
import { labelOf, language, say } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";

type Template =
  paths["/v1/templates"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number];

/** What officers begin by themselves most often; it stands on top, the rest folded away below. */
const usual = [
  "alert.incident",
  "request.information",
  "query.check",
  "fiu.request",
  "fiu.spontaneous",
  "fiu.report",
  "asset.trace_request",
  "firearm.trace_request",
  "seizure.report",
  "bulletin.red_flag",
  "warning.trend",
];

const direct = "direct";

/** How a message of this kind begins: as loosely handled as is usual, and to the one community there is. */
function beginningOf({ type, urgency, scopes }: Template, status: string): Parameters<typeof keepDraft>[0] {
  const communities = scopes.map(({ scope }) => scope).filter((scope) => scope !== direct);
  const handling = scopes.every(({ handlingUpTo }) => handlingUpTo === "H0") ? "H0" : "H1";
  const to = communities.length === 1 ? { recs: communities } : {};
  return { type, crimes: [], handling, urgency, status, ...to, body: {} };
} // prettier-ignore

async function begin(template: Template, status: "ACTUAL" | "EXERCISE"): Promise<void> {
  go(`write/${await keepDraft(beginningOf(template, status))}`);
}

/** Kinds that are about a message of others or of ours: they begin there, as answers do. */
const isAboutAnother = /^(?:request\.(?!information)|alert\.(?!incident)|core_data\.)/;

async function getTemplates(): Promise<readonly Template[]> {
  const { items } = had((await api.GET("/v1/templates")).data);
  return items.filter(({ isAnswer, type }) => !isAnswer && !isAboutAnother.test(type));
}

function Templates({ items }: { readonly items: readonly Template[] }): VNode {
  return (
    <ul class="templates">
      {items.map((template) => (
        <li key={template.type}>
          <Act kind="main" name={template.type} act={async () => await begin(template, "ACTUAL")}>
            {template.label}
          </Act>{" "}
          <Act name={`${template.type} drill`} act={async () => await begin(template, "EXERCISE")}>
            {say("write.drill")}
          </Act>{" "}
          <span class="aside">{labelOf("URGENCY", template.urgency)}</span>
        </li>
      ))}
    </ul>
  );
}

function All({ items }: { readonly items: readonly Template[] }): VNode {
  const first = usual.flatMap((type) => items.filter((one) => one.type === type));
  const rest = items.filter(({ type }) => !usual.includes(type));
  return (
    <>
      <Templates items={first} />
      {rest.length === 0 ? null : (
        <details class="more">
          <summary>{say("write.others")}</summary>
          <Templates items={rest} />
        </details>
      )}
    </>
  );
}

/** What this agency may write now, as the register says: a real one, or a drill that takes the same way. */
export function Write(): VNode {
  const templates = useLoad(language.value, getTemplates);
  return (
    <>
      <Heading title={say("nav.write")} />
      <p>{say("write.choose")}</p>
      <Panel of={templates}>{(items) => <All items={items} />}</Panel>
    </>
  );
}
