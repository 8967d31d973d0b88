import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { status } from "../ground/live.ts";
import { language, say } from "../ground/words.ts";
import { Panel } from "./panel.tsx";

type Decisions =
  paths["/v1/register/audience"]["get"]["responses"]["200"]["content"]["application/json"];

const levels = ["H0", "H1", "H2", "H3"] as const;

function levelOf(handling: unknown): (typeof levels)[number] {
  return levels.find((one) => one === handling) ?? "H0";
}

/** Why each may read it, and who may not: by the register, crime by crime and community by community. */
async function askWhy(message: unknown): Promise<readonly Decisions[]> {
  const { type, handling, recs, crimes } = membersOf(message);
  const scopes = listOf(recs).map(textOf);
  const [crime = ""] = listOf(crimes).map(textOf);
  return await Promise.all(
    scopes.map(async (scope) => {
      const query = { originator: status.value?.agency ?? "", scope, crime, type: textOf(type), handling: levelOf(handling), lang: language.value };
      return had((await api.GET("/v1/register/audience", { params: { query } })).data);
    }),
  );
} // prettier-ignore

function Reasons({ of }: { readonly of: Decisions }): VNode {
  return (
    <ul>
      {of.items.map(({ agency, allow, reasons }) => (
        <li key={agency}>
          <strong>
            <bdi dir="ltr">{agency}</bdi>
          </strong>{" "}
          {say(allow ? "audience.reads" : "audience.not")}:{" "}
          {reasons.map(({ says }) => says).join(" ")}
        </li>
      ))}
    </ul>
  );
}

/** Exactly who will read it, by name, before it goes; and, for what is published, why each may and others may not. */
export function Audience({ message, names }: { readonly message: unknown; readonly names: readonly string[] }): VNode {
  const isFeed = listOf(membersOf(message)["recs"]).length > 0;
  const key = `${JSON.stringify(membersOf(message)["recs"])} ${language.value}`;
  const why = useLoad(key, async () => (isFeed ? await askWhy(message) : []));
  return (
    <section aria-labelledby="audience">
      <h2 id="audience">{say("audience.title", { n: names.length })}</h2>
      <p data-audience={names.join(" ")}>
        <bdi dir="ltr">{names.join(", ")}</bdi>
      </p>
      {isFeed ? (
        <details>
          <summary>{say("audience.why")}</summary>
          <Panel of={why}>
            {(all) => all.map((one, place) => <Reasons key={place} of={one} />)}
          </Panel>
        </details>
      ) : null}
    </section>
  );
} // prettier-ignore
