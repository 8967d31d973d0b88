import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { renderMoment } from "../ground/moments.ts";
import { may } from "../ground/session.ts";
import { labelOf, say, typeName } from "../ground/words.ts";
import { Act } from "./act.tsx";

type Rules = paths["/v1/register/rules"]["get"]["responses"]["200"]["content"]["application/json"];
type Impact =
  paths["/v1/register/impact"]["get"]["responses"]["200"]["content"]["application/json"];
type Line = Rules["mandates"][number];

/** A type, a family or all, as a person says it. */
function tellType(type: string): string {
  if (type === "*") return say("rules.everything");
  return type.endsWith(".*") ? say("rules.family", { name: type.slice(0, -2) }) : typeName(type);
}

function tellCrime(crime: string): string {
  return crime === "*" ? say("rules.everyCrime") : labelOf("CRIME", crime);
}

/** One line of the register as a sentence of clauses. */
function Sentence({ of: line }: { readonly of: Line }): VNode {
  const { action, scope, types, crimes, handlingUpTo, until, inForce } = line;
  return (
    <li class={inForce ? "" : "aside"}>
      <strong>{say(action === "PUBLISH" ? "rules.sends" : "rules.reads")}</strong> {types.map(tellType).join(", ")} ·{" "}
      {crimes.map(tellCrime).join(", ")} · {scope === "direct" ? say("rules.direct") : <bdi dir="ltr">{scope}</bdi>} ·{" "}
      {say("rules.upTo", { handling: handlingUpTo })}
      {until === undefined ? null : ` · ${say("rules.until", { time: renderMoment(until) })}`}
      {inForce ? null : ` · ${say("rules.notInForce")}`}
    </li>
  );
} // prettier-ignore

function Lines({ title, of }: { readonly title: string; readonly of: readonly Line[] }): VNode {
  return (
    <>
      <h3>{title}</h3>
      {of.length === 0 ? (
        <p class="note">{say("rules.nothing")}</p>
      ) : (
        <ul>
          {of.map((line) => (
            <Sentence key={JSON.stringify(line)} of={line} />
          ))}
        </ul>
      )}
    </>
  );
}

/** What would end here were it revoked: looked at before anybody asks for that. */
function Reach({ of: { certificates, publishes, reads, ours, others } }: { readonly of: Impact }): VNode {
  return (
    <section aria-labelledby="reach" data-waiting={ours.waiting}>
      <h3 id="reach">{say("impact.title")}</h3>
      <ul>
        <li>{say("impact.certificates", { n: certificates })}</li>
        <li>
          {say("impact.publishes")} <bdi dir="ltr">{publishes.join(", ") || "–"}</bdi>
        </li>
        <li>
          {say("impact.reads")} <bdi dir="ltr">{reads.join(", ") || "–"}</bdi>
        </li>
        <li>{say("impact.waiting", { n: ours.waiting })}</li>
        <li>{say("impact.ofIt", { n: ours.awaitedOfIt })}</li>
        <li>{say("impact.ofUs", { n: ours.awaitedOfUs })}</li>
        <li>
          {say("impact.others")} <bdi dir="ltr">{others.join(", ") || "–"}</bdi>
        </li>
      </ul>
      <p class="aside">{say("impact.how")}</p>
    </section>
  );
} // prettier-ignore

/** What the register lets an agency do, as sentences; and what hangs on it here. */
export function AgencyRules(): VNode {
  const name = useSignal("");
  const rules = useSignal<Rules | undefined>(undefined);
  const impact = useSignal<Impact | undefined>(undefined);
  const show = async (): Promise<void> => {
    const params = { query: { agency: name.value.trim() } };
    rules.value = had((await api.GET("/v1/register/rules", { params })).data);
    impact.value = may("GET", "/v1/register/impact") ? (await api.GET("/v1/register/impact", { params })).data : undefined;
  };
  const found = rules.value;
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">{say("rules.title")}</h2>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("admin.agency")}
          <input name="agency" dir="ltr" autocomplete="off" placeholder="gh/tcu" value={name.value} onInput={({ currentTarget }) => (name.value = currentTarget.value)} />
        </label>
        <Act act={show} name="rules">
          {say("act.show")}
        </Act>
      </form>
      {found === undefined ? null : (
        <div data-agency={found.agency}>
          <p>
            <bdi dir="ltr">{found.agency}</bdi> · {say("rules.memberOf")}{" "}
            <bdi dir="ltr">{found.memberOf.map(({ rec }) => rec).join(", ") || "–"}</bdi>
            {found.suspendedFrom === undefined ? null : <strong> · {say("rules.suspended")}</strong>}
          </p>
          <Lines title={say("rules.mandates")} of={found.mandates} />
          <Lines title={say("rules.nominations")} of={found.nominations} />
        </div>
      )}
      {impact.value === undefined ? null : <Reach of={impact.value} />}
    </section>
  );
} // prettier-ignore
