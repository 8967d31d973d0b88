import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { stir, tick } from "../ground/live.ts";
import { renderMoment } from "../ground/moments.ts";
import { may, proving, session } from "../ground/session.ts";
import { say, type WordId } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { AgencyRules } from "../parts/agency-rules.tsx";
import { RuleTest } from "../parts/rule-test.tsx";

type Waiting =
  paths["/v1/people-changes"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number];
type People = paths["/v1/people"]["get"]["responses"]["200"]["content"]["application/json"]["items"]; // prettier-ignore

const kinds: Readonly<Record<string, WordId>> = {
  INVITE: "admin.invite",
  CODE: "admin.code",
  RIGHTS: "admin.rights",
  STATE: "admin.state",
  PASSKEY: "admin.passkey",
  MACHINE: "admin.machine",
  PROOF: "admin.proof",
  MACHINE_END: "admin.machineEnd",
};

/** What is to be known of a change to judge it: every member of it, in full. */
function tellMembers(change: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(change).flatMap(([name, value]) => {
    if (name === "kind") return [];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return tellMembers(Object.fromEntries(Object.entries(value)));
    return [[name, Array.isArray(value) ? value.join(", ") : String(value)]] as const;
  });
} // prettier-ignore

/** What the person it is about may do now, beside what is asked. */
function Before({ id, people }: { readonly id: unknown; readonly people: People }): VNode | null {
  const found = people.find((one) => one.id === id);
  if (found === undefined) return null;
  return (
    <p>
      {say("admin.now")} <bdi>{found.name}</bdi> · <bdi dir="ltr">{`${found.roles.join(", ")} · ${found.handlingUpTo} · ${found.state}`}</bdi>
    </p>
  );
} // prettier-ignore

function Change({ of: { id, by, change, endsAt }, people }: { readonly of: Waiting; readonly people: People }): VNode {
  const decide = (agrees: boolean) => async (): Promise<void> => {
    await proving(async () => await api.POST("/v1/people-changes/{id}/decision", { params: { path: { id } }, body: { agrees } }));
    stir();
  };
  const isOwn = by === session.value?.id;
  return (
    <li data-change={id}>
      <h3>{say(kinds[change.kind] ?? "admin.change")}</h3>
      <Before id={change["id"]} people={people} />
      <dl>
        {tellMembers(change).map(([name, value]) => (
          <div key={name}>
            <dt>
              <bdi dir="ltr">{name}</bdi>
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <p class="aside">{say("admin.until", { time: renderMoment(endsAt) })}</p>
      {isOwn ? (
        <p class="note">{say("admin.own")}</p>
      ) : (
        <p class="acts">
          <Act act={decide(true)} kind="main" name="agree">
            {say("admin.agree")}
          </Act>
          <Act act={decide(false)} name="refuse">
            {say("admin.refuse")}
          </Act>
        </p>
      )}
    </li>
  );
} // prettier-ignore

/** Changes of people and machines that wait for another's word. */
function Changes(): VNode {
  const found = useLoad(`${tick.value}`, async () => {
    const [changes, people] = await Promise.all([api.GET("/v1/people-changes"), api.GET("/v1/people")]);
    return { items: had(changes.data).items, people: had(people.data).items };
  });
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{say("admin.changes")}</h2>
      <Panel of={found}>
        {({ items, people }) =>
          items.length === 0 ? (
            <p class="note">{say("admin.noChanges")}</p>
          ) : (
            <ul class="plain">
              {items.map((one) => (
                <Change key={one.id} of={one} people={people} />
              ))}
            </ul>
          )
        }
      </Panel>
    </section>
  );
} // prettier-ignore

/** Certificates that end, the first to end first. */
function Ends(): VNode {
  const found = useLoad("", async () => had((await api.GET("/v1/register/ends", { params: { query: { days: "90" } } })).data).items);
  return (
    <section aria-labelledby="ends">
      <h2 id="ends">{say("admin.ends")}</h2>
      <Panel of={found}>
        {(items) =>
          items.length === 0 ? (
            <p class="note">{say("admin.noEnds")}</p>
          ) : (
            <table class="figures">
              <thead>
                <tr>
                  <th scope="col">{say("admin.agency")}</th>
                  <th scope="col">{say("admin.use")}</th>
                  <th scope="col">{say("admin.end")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ agency, use, notAfter, daysLeft, isReplaced }) => (
                  <tr key={`${agency} ${use} ${notAfter}`} data-days={daysLeft}>
                    <td>
                      <bdi dir="ltr">{agency}</bdi>
                    </td>
                    <td>
                      <bdi dir="ltr">{use}</bdi>
                    </td>
                    <td class={daysLeft <= 7 && !isReplaced ? "bad" : ""}>
                      {say(daysLeft < 0 ? "admin.ended" : "admin.daysLeft", { n: Math.max(0, daysLeft) })} ({renderMoment(notAfter)})
                      {isReplaced ? ` – ${say("admin.replaced")}` : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Panel>
    </section>
  );
} // prettier-ignore

/** What administrators look after: whose word is awaited, what ends, what the register lets whom do. */
export function Administration(): VNode {
  return (
    <>
      <Heading title={say("nav.admin")} />
      {may("GET", "/v1/people-changes") ? <Changes /> : null}
      {may("GET", "/v1/register/ends") ? <Ends /> : null}
      <AgencyRules />
      <RuleTest />
    </>
  );
}
