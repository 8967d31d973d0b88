import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";

import {
  type AnswerWay,
  beginAnswer,
  beginWord,
  keepDraft,
  sendNow,
  type Submission,
  waysFor,
} from "../ground/answers.ts";
import { api } from "../ground/api.ts";
import { status, stir, tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import type { Message } from "../ground/messages.ts";
import { go, hrefOf } from "../ground/place.ts";
import { type NextWord, nextWords } from "../ground/next-words.ts";
import { may } from "../ground/session.ts";
import { getThreadState } from "../ground/threads.ts";
import { offerUndo } from "../ground/undo.ts";
import { language, say, typeName } from "../ground/words.ts";
import { Act } from "./act.tsx";
import { lazily } from "./lazily.tsx";
import { Unfold } from "./unfold.tsx";

const Feedback = lazily(async () => (await import("./feedback.tsx")).Feedback);

/** It has a form of its own. */
const feedback = "feedback.report";

/** What may be said next, as the gateway knows; undefined until it said so, or where nothing of the thread is told. */
function useNext({ id, box, threadId = id, state }: Message): readonly NextWord[] | undefined {
  const lang = language.value;
  const isProved = state !== "QUARANTINED" && state !== "ERASED";
  const loaded = useLoad(`${threadId} ${tick.value} ${lang}`, async () =>
    isProved ? await getThreadState(threadId) : undefined,
  );
  const thread = loaded.state.value.value;
  const agency = status.value?.agency;
  if (thread === undefined || agency === undefined) return undefined;
  return nextWords(thread, { id, box }, agency);
}

/** Ways that the state of the matter does not allow any more are not offered; until it is known all are, and the gateway decides. */
function openWays(ways: readonly AnswerWay[], next: readonly NextWord[] | undefined): readonly AnswerWay[] {
  if (next === undefined) return ways;
  // what is about no matter, such as a correction of an alert, is not told there
  const matter = new Set(next.map(({ type }) => type));
  return ways.filter(({ type }) => type.startsWith("alert.") || matter.has(type));
} // prettier-ignore

async function beginOther({ type, about }: NextWord): Promise<void> {
  go(`write/${await keepDraft(await beginWord(about, type))}`);
}

/** All else that may be said: each begins as a draft. */
function Others({ words }: { readonly words: readonly NextWord[] }): VNode | null {
  if (words.length === 0) return null;
  return (
    <details class="more">
      <summary>{say("answer.more")}</summary>
      <div class="acts">
        {words.map((word) => (
          <Act
            key={word.type + word.about}
            name={word.type}
            act={async () => await beginOther(word)}
          >
            {typeName(word.type)}
          </Act>
        ))}
      </div>
    </details>
  );
}

/** An acknowledgement goes at once, and can be stopped as long as it has not left. */
async function acknowledge(to: Message, begun: Submission, done: Signal<string>): Promise<void> {
  const { id } = await sendNow(begun, `${to.id}.acknowledged`);
  done.value = id;
  const undo = async (): Promise<void> => {
    await api.POST("/v1/messages/{id}/stop", { params: { path: { id } } });
    done.value = "";
  };
  offerUndo({ word: "undo.acknowledged", n: 1, undo });
  stir();
}

/** Every other answer is begun as a draft and checked before it goes. */
async function take(to: Message, way: AnswerWay, done: Signal<string>): Promise<void> {
  const begun = await beginAnswer(to, way);
  if (way.name === "acknowledge") return await acknowledge(to, begun, done);
  const draft = await keepDraft(begun);
  // nothing is left to write where nothing was found: what goes is read once more
  return go(way.name === "noHit" ? `write/${draft}/check` : `write/${draft}`);
}

function Ways({ to, ways }: { readonly to: Message; readonly ways: readonly AnswerWay[] }): VNode | null {
  const done = useSignal("");
  if (ways.length === 0 && done.value === "") return null;
  return (
    <div class="acts" role="group" aria-label={say("answer.title")}>
      {ways.map((way) => (
        <Act key={way.name} name={way.name} act={async () => await take(to, way, done)}>
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

/** What can be said to a message, as its matter stands. */
export function Answers({ to }: { readonly to: Message }): VNode | null {
  const next = useNext(to);
  if (!may("POST", "/v1/messages")) return null;
  const ways = waysFor(to);
  const isFeedback = next?.some(({ type }) => type === feedback) ?? false;
  const isOther = ({ type }: NextWord): boolean => type !== feedback && ways.every((way) => way.type !== type);
  return (
    <>
      <Ways to={to} ways={openWays(ways, next)} />
      {isFeedback ? (
        <Unfold name="feedback" title={say("feedback.title")}>{() => <Feedback id={to.id} />}</Unfold>
      ) : null}
      <Others words={(next ?? []).filter(isOther)} />
    </>
  );
} // prettier-ignore
