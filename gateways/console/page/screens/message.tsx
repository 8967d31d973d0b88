import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { getMessage, getRendered, listThread, type Message } from "../ground/messages.ts";
import { Refusal } from "../ground/problem.ts";
import { may, purpose } from "../ground/session.ts";
import { findTexts, isOther, namesFiles } from "../ground/texts.ts";
import { renderLeft, renderMoment } from "../ground/moments.ts";
import { labelOf, language, say, typeName } from "../ground/words.ts";
import { Answered } from "../parts/answered.tsx";
import { Answers } from "../parts/answers.tsx";
import { Claim } from "../parts/claim.tsx";
import { Heading } from "../parts/heading.tsx";
import { lazily } from "../parts/lazily.tsx";
import { Ladder, Proof } from "../parts/ladder.tsx";
import { MessageList, stateWord } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";
import { RenderedMessage } from "../parts/rendered.tsx";
import { Unfold } from "../parts/unfold.tsx";
import "../print.css";

const Alike = lazily(async () => (await import("../parts/alike.tsx")).Alike);
const Files = lazily(async () => (await import("../parts/files.tsx")).Files);
const TakenBack = lazily(async () => (await import("../parts/taken-back.tsx")).TakenBack);
const Translations = lazily(async () => (await import("../parts/translations.tsx")).Translations);
const WordsOfUse = lazily(async () => (await import("../parts/words-of-use.tsx")).WordsOfUse);

function Summary({ of }: { readonly of: Message }): VNode {
  const { originator, crimes, handling, urgency, createdAt, expiresAt, dueAt, state, status } = of;
  const to = of.recipients.length > 0 ? of.recipients : of.recs;
  return (
    <dl class="summary">
      <dt>{say("read.from")}</dt>
      <dd><bdi dir="ltr">{originator}</bdi></dd>
      <dt>{say("read.to")}</dt>
      <dd><bdi dir="ltr">{to.join(", ")}</bdi></dd>
      <dt>{say("read.crimes")}</dt>
      <dd>{crimes.map((crime) => labelOf("CRIME", crime)).join(" · ")}</dd>
      <dt>{say("read.handling")}</dt>
      <dd><bdi dir="ltr">{handling}</bdi> – {labelOf("HANDLING", handling)}</dd>
      <dt>{say("read.urgency")}</dt>
      <dd>{labelOf("URGENCY", urgency)}</dd>
      <dt>{say("read.at")}</dt>
      <dd>{renderMoment(createdAt)}</dd>
      <dt>{say("read.expires")}</dt>
      <dd>{renderMoment(expiresAt)}</dd>
      {dueAt === undefined ? null : <><dt>{say("read.due")}</dt><dd>{renderLeft(dueAt)} ({renderMoment(dueAt)})</dd></>}
      <dt>{say("read.state")}</dt>
      <dd>{say(`state.${stateWord(state)}`)}{status === "ACTUAL" ? null : ` · ${labelOf("STATUS", status)}`}</dd>
    </dl>
  );
} // prettier-ignore

/** The content in the language of the page, or, one step away, in the one it was written in. */
function Facts({ of }: { readonly of: Message }): VNode {
  const chosen = useSignal("");
  const lang = chosen.value === "" ? language.value : chosen.value;
  const written = of["languages"];
  const original = Array.isArray(written) && typeof written[0] === "string" ? written[0] : "";
  const content = useLoad(`${of.id} ${lang}`, async () => await getRendered(of.id, lang));
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{say("read.facts")}</h2>
      {original === "" || original === language.value ? null : (
        <button type="button" data-act="original" aria-pressed={lang === original} onClick={() => (chosen.value = lang === original ? "" : original)}>
          {say("read.original")} (<bdi>{original}</bdi>)
        </button>
      )}
      <Panel of={content}>{(html) => <RenderedMessage html={html} />}</Panel>
    </section>
  );
} // prettier-ignore

function Conversation({ of }: { readonly of: Message }): VNode {
  const thread = of.threadId ?? of.id;
  const page = useLoad(`${thread} ${tick.value}`, async () => await listThread(thread));
  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation">{say("read.conversation")}</h2>
      <Panel of={page}>
        {({ items }) => {
          const others = items.filter(({ id }) => id !== of.id);
          return (
            <>
              <Answered of={of} said={others} />
              <MessageList items={others} empty={say("read.alone")} />
            </>
          );
        }}
      </Panel>
      <Unfold name="alike" title={say("alike.title")}>{() => <Alike id={of.id} />}</Unfold>
    </section>
  );
} // prettier-ignore

/** What belongs to the content: its files, and the sender's own words in other languages. */
function Beside({ of: { id, body } }: { readonly of: Message }): VNode {
  const foreign = findTexts(body).filter(({ lang }) => isOther(lang, language.value));
  return (
    <>
      {foreign.length === 0 ? null : (
        <Unfold name="translations" title={say("translation.title", { n: foreign.length })}>
          {() => <Translations id={id} />}
        </Unfold>
      )}
      {namesFiles(body) ? <Files id={id} /> : null}
    </>
  );
}

/** What stands on every page that is printed: how it is to be handled, and which message it is. */
function PrintMark({ of: { id, handling, originator, status } }: { readonly of: Message }): VNode {
  return (
    <div class="print-mark" aria-hidden="true">
      <span>
        <strong>{handling} – {labelOf("HANDLING", handling)}</strong> · <bdi dir="ltr">{originator} {id}</bdi>
        {status === "EXERCISE" ? ` · ${say("read.drill")}` : null}
      </span>
    </div>
  );
} // prettier-ignore

function Whole({ of }: { readonly of: Message }): VNode {
  const isShown = of.state !== "QUARANTINED" && of.state !== "ERASED";
  return (
    <div class={of.status === "EXERCISE" ? "sheet drill" : "sheet"}>
      {of.status === "EXERCISE" ? <p class="mark drill">{say("read.drill")}</p> : null}
      {of.state === "QUARANTINED" ? <p role="alert" class="bad">{say("read.unproved")} <bdi dir="ltr">{of.code}</bdi></p> : null}
      {of.state === "ERASED" ? <p role="alert">{say("read.erased")}</p> : null}
      <Claim of={of} />
      <Answers to={of} />
      <Summary of={of} />
      {isShown ? <Facts of={of} /> : null}
      {isShown ? <Beside of={of} /> : null}
      <Conversation of={of} />
      <section aria-labelledby="delivery">
        <h2 id="delivery">{say("read.delivery")}</h2>
        <Ladder of={of} />
        {of.box === "out" && may("GET", "/v1/recalls/{id}") ? (
          <Unfold name="recall" title={say("recall.title")}>{() => <TakenBack id={of.id} />}</Unfold>
        ) : null}
      </section>
      <section aria-labelledby="proof">
        <h2 id="proof">{say("read.proof")}</h2>
        <Proof of={of} />
        <p>{say("read.id")} <bdi dir="ltr">{of.id}</bdi></p>
      </section>
      {isShown ? <button type="button" data-act="print" onClick={() => print()}>{say("read.print")}</button> : null}
      <PrintMark of={of} />
    </div>
  );
} // prettier-ignore

/** Whether somebody here has to accept its words of use before anybody is shown it. */
function doWordsWait(error: unknown): boolean {
  return error instanceof Refusal && error.message === "WORDS_NOT_ACCEPTED";
}

/** One message: its summary first, then facts, conversation, delivery and proof; each part fails alone. */
export function MessageScreen({ id }: { readonly id: string }): VNode {
  // whoever reads for another purpose, or in another language, asks anew: what was refused may be said then, and in words that are understood
  const key = `${id} ${tick.value} ${language.value} ${purpose.value}`;
  const message = useLoad(key, async () => await getMessage(id));
  const { value: known, error } = message.state.value;
  const isClosed = doWordsWait(error);
  const missing = say(error === undefined ? "load.wait" : "nav.inbox");
  const title = known === undefined ? missing : typeName(known.type);
  return (
    <>
      <Heading title={isClosed ? say("words.title") : title} />
      {isClosed ? <WordsOfUse id={id} /> : <Panel of={message}>{(of) => <Whole of={of} />}</Panel>}
    </>
  );
}
