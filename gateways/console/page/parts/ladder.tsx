import type { VNode } from "preact";

import type { Message } from "../ground/messages.ts";
import { renderMoment } from "../ground/moments.ts";
import { say } from "../ground/words.ts";

/** Each step a message took, as a signed receipt says it. */
export function Ladder({ of }: { readonly of: Message }): VNode {
  const { ladder, audience } = of;
  const delivered = new Set(ladder.filter(({ kind }) => kind === "DELIVERED").map(({ by }) => by));
  const missing = of.box === "out" ? audience.filter((agency) => !delivered.has(agency)) : [];
  return (
    <>
      <ol class="ladder">
        <li>
          {say("ladder.kept")} – {renderMoment(of.storedAt)}
        </li>
        {ladder.map(({ kind, by, at, code, stream, sequence }, place) => (
          <li key={place} class={kind === "REFUSED" ? "bad" : undefined}>
            {say(`ladder.${kind}`)} <bdi dir="ltr">{by}</bdi> – {renderMoment(at)}
            {sequence === undefined ? null : <> <bdi dir="ltr">({stream} {sequence})</bdi></>}
            {code === undefined ? null : <> <bdi dir="ltr">{code}</bdi></>}
          </li>
        ))}
      </ol>
      {missing.length === 0 ? null : (
        <p>
          {say("ladder.missing", { n: missing.length })} <bdi dir="ltr">{missing.join(", ")}</bdi>
        </p>
      )}
    </>
  );
} // prettier-ignore

/** Where the hubs' logs hold the message, each dimension by itself. */
export function Proof({ of }: { readonly of: Message }): VNode {
  const proofs = of.log ?? [];
  if (proofs.length === 0) return <p class="note">{say("proof.none")}</p>;
  return (
    <dl>
      {proofs.map(({ channel, state, origin, index, provedAt, cosignedAt }) => (
        <div key={channel + (origin ?? "")}>
          <dt>
            <bdi dir="ltr">{origin ?? channel}</bdi>
          </dt>
          <dd>
            {say(`proof.${state}`)}
            {index === undefined ? null : <> <bdi dir="ltr">#{index}</bdi></>}
            {provedAt === undefined ? null : ` – ${renderMoment(provedAt)}`}
            {cosignedAt === undefined ? null : ` – ${say("proof.witnessed")} ${renderMoment(cosignedAt)}`}
          </dd>
        </div>
      ))}
    </dl>
  );
} // prettier-ignore
