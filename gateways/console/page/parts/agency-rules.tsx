import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { listOf, textOf } from "../ground/members.ts";
import { renderMoment } from "../ground/moments.ts";
import { may } from "../ground/session.ts";
import { labelOf, say, typeName, type WordId } from "../ground/words.ts";
import { Act } from "./act.tsx";

type Rules = paths["/v1/register/rules"]["get"]["responses"]["200"]["content"]["application/json"];
/** What hangs on an agency here. */
export type Impact =
  paths["/v1/register/impact"]["get"]["responses"]["200"]["content"]["application/json"];
type Line = Rules["mandates"][number];

/** Types, families and all, as a person says them: families by their names alone, for there may be forty. */
function tellTypes(types: readonly string[]): string {
  if (types.includes("*")) return say("rules.everything");
  const families = types.filter((type) => type.endsWith(".*")).map((type) => type.slice(0, -2));
  const single = types.filter((type) => !type.endsWith(".*")).map(typeName);
  const told = families.length === 0 ? [] : [say("rules.families", { n: families.length, names: families.join(", ") })];
  return [...told, ...single].join("; ");
} // prettier-ignore

function tellCrime(crime: string): string {
  return crime === "*" ? say("rules.everyCrime") : labelOf("CRIME", crime);
}

/** One line of the register as a sentence of clauses. */
function Sentence({ of: line }: { readonly of: Line }): VNode {
  const { action, scope, types, crimes, handlingUpTo, until, inForce } = line;
  return (
    <li class={inForce ? "" : "aside"}>
      <strong>{say(action === "PUBLISH" ? "rules.sends" : "rules.reads")}</strong> {tellTypes(types)} ·{" "}
      {crimes.map(tellCrime).join(", ")} · {scope === "direct" ? say("rules.direct") : <bdi dir="ltr">{scope}</bdi>} ·{" "}
      {say("rules.upTo", { handling: handlingUpTo })}
      {until === undefined ? null : ` · ${say("rules.until", { time: renderMoment(until) })}`}
      {inForce ? null : ` · ${say("rules.notInForce")}`}
    </li>
  );
} // prettier-ignore

/** Lines of the register under a heading. */
export function Lines({
  title,
  of,
}: {
  readonly title: string;
  readonly of: readonly Line[];
}): VNode {
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

function namesOf(value: unknown): string {
  return listOf(value).map(textOf).join(", ");
}

function Names({ word, of }: { readonly word: WordId; readonly of: unknown }): VNode | null {
  const names = namesOf(of);
  return names === "" ? null : (
    <>
      {" "}
      {say(word)} <bdi dir="ltr">{names}</bdi> ·
    </>
  );
} // prettier-ignore

/** One line of a state's release policy: whom it admits to what its agencies send, or keeps out. */
function ReleaseLine({ of }: { readonly of: Readonly<Record<string, unknown>> }): VNode {
  const [types, crimes] = [of["types"], of["crimes"]].map((list) => listOf(list).map(textOf));
  const everybody = ["agencies", "authorities", "kinds"].every((name) => listOf(of[name]).length === 0);
  const handling = textOf(of["handlingUpTo"]);
  const until = textOf(of["until"]);
  return (
    <li class={of["inForce"] === true ? "" : "aside"} data-effect={textOf(of["effect"])}>
      <strong>{say(of["effect"] === "ALLOW" ? "release.allow" : "release.deny")}</strong>
      {everybody ? ` ${say("release.everybody")} ·` : null}
      <Names word="release.agencies" of={of["agencies"]} />
      <Names word="release.states" of={of["authorities"]} />
      <Names word="release.kinds" of={of["kinds"]} />
      <Names word="release.sentBy" of={of["originators"]} />
      <Names word="release.assured" of={of["askedAssurances"]} />{" "}
      {types === undefined || types.length === 0 ? say("rules.everything") : tellTypes(types)} ·{" "}
      {crimes === undefined || crimes.length === 0 ? say("rules.everyCrime") : crimes.map(tellCrime).join(", ")}
      {handling === "" ? null : ` · ${say("rules.upTo", { handling })}`}
      {until === "" ? null : ` · ${say("rules.until", { time: renderMoment(until) })}`}
      {of["inForce"] === true ? null : ` · ${say("rules.notInForce")}`}
    </li>
  );
} // prettier-ignore

/** Whom the agency's state lets read what it sends; what no line admits is kept from everybody. */
function ReleasePolicy({ of }: { readonly of: Rules["release"] }): VNode {
  return (
    <>
      <h3>{say("release.title")}</h3>
      <ul data-release={of.length}>
        {of.map((line) => (
          <ReleaseLine key={JSON.stringify(line)} of={line} />
        ))}
        <li>{say("release.rest")}</li>
      </ul>
    </>
  );
}

/** What would end here were it revoked: looked at before anybody asks for that. */
export function Reach({ of: { certificates, publishes, reads, ours, others } }: { readonly of: Impact }): VNode {
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
          <ReleasePolicy of={found.release} />
        </div>
      )}
      {impact.value === undefined ? null : <Reach of={impact.value} />}
    </section>
  );
} // prettier-ignore
