import type { VNode } from "preact";

import { api } from "../ground/api.ts";
import { stir } from "../ground/live.ts";
import type { Message } from "../ground/messages.ts";
import { renderHour } from "../ground/moments.ts";
import { may } from "../ground/session.ts";
import { offerUndo } from "../ground/undo.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

/** Who works on it now, so that two do not answer the same; taking it on says so to all others. */
export function Claim({ of }: { readonly of: Message }): VNode | null {
  const { claim, id } = of;
  const params = { path: { id } };
  if (of.box === "out" || !may("PUT", "/v1/messages/{id}/claim")) return null;
  const take = async (): Promise<void> => {
    await api.PUT("/v1/messages/{id}/claim", { params, body: {} });
    offerUndo({ word: "undo.claimed", n: 1, undo: async () => void (await api.DELETE("/v1/messages/{id}/claim", { params })) });
    stir();
  };
  const letGo = async (): Promise<void> => {
    await api.DELETE("/v1/messages/{id}/claim", { params });
    stir();
  };
  if (claim === undefined) return <Act name="claim" act={take}>{say("claim.take")}</Act>;
  const { by, name, mine, until } = claim;
  const time = renderHour(until);
  return (
    <div class="note" data-claim={by}>
      <p>{mine ? say("claim.mine", { time }) : say("claim.theirs", { name, time })}</p>
      {mine ? <Act name="release-claim" act={letGo}>{say("claim.release")}</Act> : null}
    </div>
  );
} // prettier-ignore
