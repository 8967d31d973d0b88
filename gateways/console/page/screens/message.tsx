import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { getMessage, getRendered, listMessages, type Message } from "../ground/messages.ts";
import { renderLeft, renderMoment } from "../ground/moments.ts";
import { labelOf, language, say, typeName } from "../ground/words.ts";
import { Answers } from "../parts/answers.tsx";
import { Claim } from "../parts/claim.tsx";
import { Heading } from "../parts/heading.tsx";
import { Ladder, Proof } from "../parts/ladder.tsx";
import { MessageList, stateWord } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";
import { RenderedMessage } from "../parts/rendered.tsx";

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
  const page = useLoad(`${thread} ${tick.value}`, async () => await listMessages({ thread }));
  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation">{say("read.conversation")}</h2>
      <Panel of={page}>
        {({ items }) => (
          <MessageList items={items.filter(({ id }) => id !== of.id)} empty={say("read.alone")} />
        )}
      </Panel>
    </section>
  );
}

function Whole({ of }: { readonly of: Message }): VNode {
  const isShown = of.state !== "QUARANTINED" && of.state !== "ERASED";
  return (
    <div class={of.status === "EXERCISE" ? "drill" : undefined}>
      {of.status === "EXERCISE" ? <p class="mark drill">{say("read.drill")}</p> : null}
      {of.state === "QUARANTINED" ? <p role="alert" class="bad">{say("read.unproved")} <bdi dir="ltr">{of.code}</bdi></p> : null}
      {of.state === "ERASED" ? <p role="alert">{say("read.erased")}</p> : null}
      <Claim of={of} />
      <Answers to={of} />
      <Summary of={of} />
      {isShown ? <Facts of={of} /> : null}
      <Conversation of={of} />
      <section aria-labelledby="delivery">
        <h2 id="delivery">{say("read.delivery")}</h2>
        <Ladder of={of} />
      </section>
      <section aria-labelledby="proof">
        <h2 id="proof">{say("read.proof")}</h2>
        <Proof of={of} />
        <p>{say("read.id")} <bdi dir="ltr">{of.id}</bdi></p>
      </section>
    </div>
  );
} // prettier-ignore

/** One message: its summary first, then facts, conversation, delivery and proof; each part fails alone. */
export function MessageScreen({ id }: { readonly id: string }): VNode {
  const message = useLoad(`${id} ${tick.value}`, async () => await getMessage(id));
  const known = message.state.value.value;
  return (
    <>
      <Heading title={known === undefined ? say("load.wait") : typeName(known.type)} />
      <Panel of={message}>{(of) => <Whole of={of} />}</Panel>
    </>
  );
}
