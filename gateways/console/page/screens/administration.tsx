import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { stir, tick } from "../ground/live.ts";
import { renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { may, proving, session } from "../ground/session.ts";
import { say, type WordId } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { ChangeWords, type People } from "../parts/change-words.tsx";
import { Heading } from "../parts/heading.tsx";
import { lazily } from "../parts/lazily.tsx";
import { Panel } from "../parts/panel.tsx";

type Waiting =
  paths["/v1/people-changes"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number];

const PeopleDesk = lazily(async () => (await import("./admin/people.tsx")).People);
const Keys = lazily(async () => (await import("./admin/keys.tsx")).Keys);
const Webhooks = lazily(async () => (await import("./admin/webhooks.tsx")).Webhooks);
const Certificates = lazily(async () => (await import("./admin/certificates.tsx")).Certificates);
const Rules = lazily(async () => (await import("./admin/rules.tsx")).Rules);
const Requests = lazily(async () => (await import("./admin/requests.tsx")).Requests);
const Health = lazily(async () => (await import("./admin/health.tsx")).Health);

type Screen = (props: { readonly id: string }) => VNode;

interface Desk {
  readonly path: string;
  readonly word: WordId;
  readonly asks: string;
  readonly shown: Screen;
}

const desks: readonly Desk[] = [
  { path: "people", word: "admin.people", asks: "/v1/people", shown: PeopleDesk },
  { path: "health", word: "admin.health", asks: "/v1/doctor", shown: Health },
  { path: "certificates", word: "admin.certificates", asks: "/v1/register/ends", shown: Certificates },
  { path: "rules", word: "admin.rules", asks: "/v1/register/rules", shown: Rules },
  { path: "requests", word: "admin.requests", asks: "/v1/register/impact", shown: Requests },
  { path: "keys", word: "admin.keys", asks: "/v1/sealing-keys", shown: Keys },
  { path: "webhooks", word: "admin.webhooks", asks: "/v1/webhooks", shown: Webhooks },
]; // prettier-ignore

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

function Change({ of: { id, by, change, endsAt }, people }: { readonly of: Waiting; readonly people: People }): VNode {
  const decide = (agrees: boolean) => async (): Promise<void> => {
    await proving(async () => await api.POST("/v1/people-changes/{id}/decision", { params: { path: { id } }, body: { agrees } }));
    stir();
  };
  const isOwn = by === session.value?.id;
  return (
    <li data-change={id}>
      <h3>{say(kinds[change.kind] ?? "admin.change")}</h3>
      <ChangeWords of={change} people={people} />
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

function Desks({ here }: { readonly here: string }): VNode {
  return (
    <nav aria-label={say("nav.admin")}>
      <ul>
        {desks
          .filter(({ asks }) => may("GET", asks))
          .map(({ path, word }) => (
            <li key={path}>
              <a href={hrefOf(`admin/${path}`)} aria-current={path === here ? "page" : undefined}>
                {say(word)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** What administrators look after: whose word is awaited first, and the way to each thing they keep. */
export function Administration(): VNode {
  return (
    <>
      <Heading title={say("nav.admin")} />
      <Desks here="" />
      {may("GET", "/v1/people-changes") ? <Changes /> : null}
    </>
  );
}

/** One thing that administrators keep. */
export function AdminDesk({ id }: { readonly id: string }): VNode {
  const found = desks.find(({ path }) => path === id);
  const Shown = found?.shown;
  return (
    <>
      <Heading title={say(found?.word ?? "notFound")} />
      <Desks here={id} />
      {Shown === undefined ? null : <Shown id={id} />}
    </>
  );
}
