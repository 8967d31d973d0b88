import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { beginAnswer, sendNow, waysFor } from "../ground/answers.ts";
import { api } from "../ground/api.ts";
import { stir } from "../ground/live.ts";
import { getMessage } from "../ground/messages.ts";
import { codeOf } from "../ground/problem.ts";
import { may } from "../ground/session.ts";
import { offerUndo } from "../ground/undo.ts";
import { say, type WordId } from "../ground/words.ts";
import { Act } from "./act.tsx";

/** What was done with one of several, so that it can be taken back; undefined where there was nothing to do. */
type Done = { readonly undo: () => Promise<unknown> } | undefined;

async function claimOne(id: string): Promise<Done> {
  const params = { path: { id } };
  await api.PUT("/v1/messages/{id}/claim", { params, body: {} });
  return { undo: async () => await api.DELETE("/v1/messages/{id}/claim", { params }) };
}

/** It is read first, and the record says so: what is acknowledged was received, whole and verified. */
async function acknowledgeOne(id: string): Promise<Done> {
  const message = await getMessage(id);
  const way = waysFor(message).find(({ name }) => name === "acknowledge");
  if (way === undefined) return undefined;
  const sent = await sendNow(await beginAnswer(message, way), `${id}.acknowledged`);
  const params = { path: { id: sent.id } };
  return { undo: async () => await api.POST("/v1/messages/{id}/stop", { params }) };
}

interface Outcome {
  readonly done: number;
  readonly not: number;
  readonly codes: readonly string[];
}

interface Bulk {
  readonly ids: readonly string[];
  readonly undoWord: WordId;
  readonly act: (id: string) => Promise<Done>;
}

/** One after the other: a thin line carries one as soon as the other, and who is refused stops nobody. */
async function runAll({ ids, act, undoWord }: Bulk): Promise<Outcome> {
  const undos: (() => Promise<unknown>)[] = [];
  const codes: string[] = [];
  for (const id of ids) {
    try {
      const done = await act(id);
      if (done !== undefined) undos.push(done.undo);
    } catch (error) {
      codes.push(codeOf(error));
    }
  }
  if (undos.length > 0) {
    const undo = async (): Promise<void> => {
      for (const one of undos) await one();
    };
    offerUndo({ word: undoWord, n: undos.length, undo });
  }
  return { done: undos.length, not: ids.length - undos.length, codes: [...new Set(codes)] };
}

/** What can be done with several messages at once. */
export function BulkBar({ ids, clear }: { readonly ids: readonly string[]; readonly clear: () => void }): VNode | null {
  const outcome = useSignal<Outcome | undefined>(undefined);
  const run = (act: Bulk["act"], undoWord: WordId) => async (): Promise<void> => {
    outcome.value = await runAll({ ids, act, undoWord });
    stir();
    clear();
  };
  const said = outcome.value;
  if (ids.length === 0 && said === undefined) return null;
  return (
    <div class="bulk" role="group" aria-label={say("inbox.chosen", { n: ids.length })}>
      {ids.length === 0 ? null : (
        <div class="acts">
          <span role="status" data-chosen={ids.length}>{say("inbox.chosen", { n: ids.length })}</span>
          {may("PUT", "/v1/messages/{id}/claim") ? <Act name="claim" act={run(claimOne, "undo.claimed")}>{say("claim.take")}</Act> : null}
          {may("POST", "/v1/messages") ? <Act name="acknowledge" act={run(acknowledgeOne, "undo.acknowledged")}>{say("answer.acknowledge")}</Act> : null}
          <button type="button" onClick={clear}>{say("inbox.chooseNone")}</button>
        </div>
      )}
      {said === undefined ? null : (
        <p role="status" data-done={said.done} data-not={said.not}>
          {say("inbox.bulkDone", { done: said.done, not: said.not })} <bdi dir="ltr">{said.codes.join(", ")}</bdi>
        </p>
      )}
    </div>
  );
} // prettier-ignore
