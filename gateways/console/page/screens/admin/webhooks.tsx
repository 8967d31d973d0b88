import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { components, paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { now, renderTime } from "../../ground/clock.ts";
import { useLoad } from "../../ground/load.ts";
import { stir, tick } from "../../ground/live.ts";
import { membersOf, textOf } from "../../ground/members.ts";
import { renderMoment } from "../../ground/moments.ts";
import { say, type WordId } from "../../ground/words.ts";
import { Act } from "../../parts/act.tsx";
import { Panel } from "../../parts/panel.tsx";

type Webhook = components["schemas"]["Webhook"];
type Attempts = paths["/v1/webhooks/{id}/attempts"]["get"]["responses"]["200"]["content"]["application/json"]["items"]; // prettier-ignore

const states: Readonly<Record<Webhook["state"], WordId>> = {
  ACTIVE: "hooks.active",
  PAUSED: "hooks.paused",
  DISABLED: "hooks.disabled",
};
const dayMs = 86_400_000;
/** How long the secret before goes on beside the new one. */
const overlapHours = 24;

function AttemptLines({ of }: { readonly of: Attempts }): VNode {
  if (of.length === 0) return <p class="note">{say("hooks.none")}</p>;
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{say("hooks.at")}</th>
          <th scope="col">{say("hooks.answer")}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={`${one.event} ${one.at}`}>
            <td>{renderMoment(one.at)}</td>
            <td class={one.code === null ? "" : "bad"}>
              <bdi dir="ltr">{`${one.status ?? "–"} ${one.code ?? ""} · ${one.ms} ms`}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
} // prettier-ignore

function One({ of: { id, url, owner, state, failingSince } }: { readonly of: Webhook }): VNode {
  const attempts = useSignal<Attempts | undefined>(undefined);
  const secret = useSignal("");
  const params = { path: { id } };
  const look = async (): Promise<void> => {
    attempts.value = had((await api.GET("/v1/webhooks/{id}/attempts", { params })).data).items;
  };
  const test = async (): Promise<void> => {
    await api.POST("/v1/webhooks/{id}/test", { params });
    await look();
  };
  const replay = async (): Promise<void> => {
    await api.POST("/v1/webhooks/{id}/replay", { params, body: { since: renderTime(now() - dayMs) } });
    await look();
  };
  const rotate = async (): Promise<void> => {
    const { data } = await api.POST("/v1/webhooks/{id}/rotate", { params, body: { overlapHours } });
    secret.value = textOf(membersOf(data)["secret"]);
  };
  const turn = async (): Promise<void> => {
    await api.PATCH("/v1/webhooks/{id}", { params, body: { state: state === "ACTIVE" ? "PAUSED" : "ACTIVE" } });
    stir();
  };
  return (
    <li data-webhook={id}>
      <h2 class="as-is">
        <bdi dir="ltr">{url}</bdi>
      </h2>
      <p>
        <span class={state === "DISABLED" ? "bad" : ""}>{say(states[state])}</span> · <bdi dir="ltr">{owner}</bdi>
        {failingSince === null ? null : <span class="bad"> · {say("hooks.failing", { time: renderMoment(failingSince) })}</span>}
      </p>
      <p class="acts">
        <Act act={look} name="attempts">{say("hooks.attempts")}</Act>
        <Act act={test} name="test-hook">{say("hooks.test")}</Act>
        <Act act={replay} name="replay">{say("hooks.replay")}</Act>
        <Act act={rotate} name="rotate">{say("hooks.rotate")}</Act>
        <Act act={turn} name="turn">{say(state === "ACTIVE" ? "hooks.pause" : "hooks.resume")}</Act>
      </p>
      {secret.value === "" ? null : (
        <p class="done" role="status">
          {say("people.once")} <code dir="ltr">{secret.value}</code>
        </p>
      )}
      {attempts.value === undefined ? null : <AttemptLines of={attempts.value} />}
    </li>
  );
} // prettier-ignore

/** Calls that tell other systems of the agency what became of messages: how they go, and again. */
export function Webhooks(): VNode {
  const found = useLoad(
    `${tick.value}`,
    async () => had((await api.GET("/v1/webhooks")).data).items,
  );
  return (
    <Panel of={found}>
      {(items) =>
        items.length === 0 ? (
          <p class="note">{say("hooks.empty")}</p>
        ) : (
          <ul class="plain">
            {items.map((one) => (
              <One key={one.id} of={one} />
            ))}
          </ul>
        )
      }
    </Panel>
  );
}
