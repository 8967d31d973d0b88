import type { VNode } from "preact";

import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { tick } from "../ground/live.ts";
import { listMessages } from "../ground/messages.ts";
import { renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { say, typeName } from "../ground/words.ts";
import { Heading } from "../parts/heading.tsx";
import { MessageList } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";

/** What is being written, with how much is missing; and what waits at the gateway for the line. */
export function Drafts(): VNode {
  const drafts = useLoad(`${tick.value}`, async () => had((await api.GET("/v1/drafts")).data).items);
  const queued = useLoad(`${tick.value}`, async () => await listMessages({ box: "out", state: "QUEUED" }));
  return (
    <>
      <Heading title={say("nav.drafts")} />
      <Panel of={drafts}>
        {(items) => {
          const open = items.filter(({ sentAs }) => sentAs === undefined);
          if (open.length === 0) return <p class="note">{say("drafts.empty")}</p>;
          return (
            <ul class="lines">
              {open.map(({ id, type, missing, changedAt, shared }) => (
                <li key={id}>
                  <a class="line" href={hrefOf(`write/${id}`)} data-draft={id}>
                    <span class="what">{typeName(type)}</span>
                    <span>{say("drafts.missing", { n: missing })}</span>
                    <span>
                      {renderMoment(changedAt)}
                      {shared ? ` · ${say("drafts.shared")}` : null}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          );
        }}
      </Panel>
      <h2>{say("drafts.waiting")}</h2>
      <Panel of={queued}>
        {({ items }) => <MessageList items={items} empty={say("drafts.nothingWaits")} />}
      </Panel>
    </>
  );
} // prettier-ignore
