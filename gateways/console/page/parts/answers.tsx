import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { type AnswerWay, beginAnswer, keepDraft, sendNow, waysFor } from "../ground/answers.ts";
import { stir } from "../ground/live.ts";
import type { Message } from "../ground/messages.ts";
import { go, hrefOf } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

/** What can be said to a message. An acknowledgement goes at once; every other answer is begun as a draft and checked before it goes. */
export function Answers({ to }: { readonly to: Message }): VNode | null {
  const done = useSignal("");
  const ways = may("POST", "/v1/messages") ? waysFor(to) : [];
  if (ways.length === 0) return null;
  const take = async (way: AnswerWay): Promise<void> => {
    const begun = await beginAnswer(to, way);
    if (way.name === "acknowledge") {
      const { id } = await sendNow(begun, `${to.id}.acknowledged`);
      done.value = id;
      stir();
      return;
    }
    const draft = await keepDraft(begun);
    // nothing is left to write where nothing was found: what goes is read once more
    go(way.name === "noHit" ? `write/${draft}/check` : `write/${draft}`);
  };
  return (
    <div class="acts" role="group" aria-label={say("answer.title")}>
      {ways.map((way) => (
        <Act key={way.name} name={way.name} act={async () => await take(way)}>
          {say(way.word)}
        </Act>
      ))}
      {done.value === "" ? null : (
        <p role="status">
          {say("answer.acknowledged")} <a href={hrefOf(`message/${done.value}`)}>{say("act.show")}</a>
        </p>
      )}
    </div>
  );
} // prettier-ignore
