import type { VNode } from "preact";

import type { components } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { stir, tick } from "../../ground/live.ts";
import { renderMoment } from "../../ground/moments.ts";
import { may, proving, session } from "../../ground/session.ts";
import { say, type WordId } from "../../ground/words.ts";
import { Act } from "../../parts/act.tsx";
import { Panel } from "../../parts/panel.tsx";

type SealingKey = components["schemas"]["SealingKey"];

const states: Readonly<Record<SealingKey["state"], WordId>> = {
  FIRST: "keys.first",
  ENDORSED: "keys.endorsed",
  UNENDORSED: "keys.unendorsed",
  CONFIRMED: "keys.confirmed",
  REFUSED: "keys.refused",
};

/** Groups of four, as they are read aloud; never cut, never coloured. */
export function Fingerprint({ of }: { readonly of: string }): VNode {
  return <code class="fingerprint" dir="ltr">{of.match(/.{1,4}/g)?.join(" ") ?? of}</code>;
} // prettier-ignore

function One({ of: { agency, fingerprint, state, at } }: { readonly of: SealingKey }): VNode {
  const decide = (word: "CONFIRMED" | "REFUSED") => async (): Promise<void> => {
    const body = { agency, fingerprint, state: word, by: session.value?.name ?? "" };
    await proving(async () => await api.POST("/v1/sealing-keys:decide", { body }));
    stir();
  };
  return (
    <li data-key={fingerprint} data-state={state}>
      <h2>
        {say("keys.of")} <bdi dir="ltr">{agency}</bdi>
      </h2>
      <p class={state === "UNENDORSED" ? "bad" : ""}>
        {say(states[state])} ({renderMoment(at)})
      </p>
      <p>
        <Fingerprint of={fingerprint} />
      </p>
      {may("POST", "/v1/sealing-keys:decide") ? (
        <p class="acts">
          <Act act={decide("CONFIRMED")} name="confirm-key">
            {say("keys.confirm")}
          </Act>
          <Act act={decide("REFUSED")} name="refuse-key">
            {say("keys.refuse")}
          </Act>
        </p>
      ) : null}
    </li>
  );
} // prettier-ignore

/** A key that changed is a person's to look at; the rest is as it was. */
function isNews({ state }: SealingKey): boolean {
  return state === "UNENDORSED" || state === "ENDORSED";
}

function List({ of }: { readonly of: readonly SealingKey[] }): VNode {
  return (
    <ul class="plain">
      {of.map((one) => (
        <One key={`${one.agency} ${one.fingerprint}`} of={one} />
      ))}
    </ul>
  );
}

/** Keys that others seal with: what needs a person's word first, then all. */
export function Keys(): VNode {
  const found = useLoad(`${tick.value}`, async () => had((await api.GET("/v1/sealing-keys", { params: { query: { all: "true" } } })).data).items);
  return (
    <>
      <p class="aside">{say("keys.help")}</p>
      <Panel of={found}>
        {(items) => (
          <>
            {items.some(isNews) ? <List of={items.filter(isNews)} /> : <p class="note">{say("keys.noNews")}</p>}
            <details>
              <summary>{say("keys.rest", { n: items.filter((one) => !isNews(one)).length })}</summary>
              <List of={items.filter((one) => !isNews(one))} />
            </details>
          </>
        )}
      </Panel>
    </>
  );
} // prettier-ignore
