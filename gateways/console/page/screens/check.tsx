import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { Sending } from "../ground/answers.ts";
import {
  asSubmission,
  checkMessage,
  type Checked,
  type DraftWork,
  faultsOf,
  openDraft,
} from "../ground/draft.ts";
import { useLoad } from "../ground/load.ts";
import { stir } from "../ground/live.ts";
import { hrefOf } from "../ground/place.ts";
import { session } from "../ground/session.ts";
import { renderSize, renderWait } from "../ground/sizes.ts";
import { language, say } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Audience } from "../parts/audience.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { ReadBack } from "../parts/read-back.tsx";

interface Ready {
  readonly draft: DraftWork;
  readonly checked: Checked;
}

async function prepare(id: string): Promise<Ready> {
  const draft = await openDraft(id, session.peek()?.id ?? "");
  await draft.save();
  return { draft, checked: await checkMessage(draft.message.value) };
}

/** What it costs to send it over the line as it is. */
function Cost({ of: { bytes, seconds, attachments = [] } }: { readonly of: Checked }): VNode {
  const kilobytes = Math.max(0.1, Math.round(bytes / 100) / 10);
  return (
    <>
      <p class="note">
        {say("check.size", { size: kilobytes })}
        {seconds === undefined ? null : ` – ${renderWait(seconds)}`}
      </p>
      {attachments.length === 0 ? null : (
        <ul class="note">
          {attachments.map(({ digest, size, carried, seconds: took }) => (
            <li key={digest} data-carried={carried}>
              {say(carried ? "check.file" : "check.fileLater")} {renderSize(size)}
              {took === undefined ? null : ` – ${renderWait(took)}`}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Done({ sent: { id, waits } }: { readonly sent: Sending }): VNode {
  return (
    <div class="done" role="status" data-sent={id}>
      <h2>{say(waits ? "done.waits" : "done.sent")}</h2>
      <p>
        {say("done.reference")} <bdi dir="ltr">{id}</bdi>
      </p>
      <p>{say(waits ? "done.waitsNext" : "done.sentNext")}</p>
      <p>
        <a href={hrefOf(waits ? `approvals/${id}` : `message/${id}`)}>{say("act.show")}</a>
      </p>
    </div>
  );
}

/** Something is still wrong: it is put right where it is written. */
function Unready({ draft, checked }: Ready): VNode {
  return (
    <>
      <p>
        <a href={hrefOf(`write/${draft.id}`)}>{say("check.change")}</a>
      </p>
      <ul>
        {faultsOf(checked).map(({ pointer, says }) => (
          <li key={pointer + says}>{says}</li>
        ))}
      </ul>
    </>
  );
}

function Checking({ draft, checked }: Ready): VNode {
  const sent = useSignal<Sending | undefined>(undefined);
  if (sent.value !== undefined) return <Done sent={sent.value} />;
  const takesTwo = checked.twoOfficers !== undefined && checked.twoOfficers.length > 0;
  const send = async (): Promise<void> => {
    sent.value = await draft.submit();
    stir();
  };
  return (
    <>
      <p>
        <a href={hrefOf(`write/${draft.id}`)}>{say("check.change")}</a>
      </p>
      <ReadBack message={asSubmission(draft.message.value)} />
      <Audience message={draft.message.value} names={checked.audience} />
      <Cost of={checked} />
      {takesTwo ? <p>{say("check.two")}</p> : null}
      <Act kind="main" name="send" act={send}>
        {say(takesTwo ? "check.sendForApproval" : "check.send")}
      </Act>
    </>
  );
}

/** What will go, to whom, and as they will read it; then it is sent. */
export function Check({ id }: { readonly id: string }): VNode {
  const ready = useLoad(`${id} ${language.value}`, async () => await prepare(id));
  return (
    <>
      <Heading title={say("check.title")} />
      <Panel of={ready}>
        {(of) =>
          of.checked.valid && of.draft.meanwhile.value === undefined ? (
            <Checking {...of} />
          ) : (
            <Unready {...of} />
          )
        }
      </Panel>
    </>
  );
}
