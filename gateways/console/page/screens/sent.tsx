import type { VNode } from "preact";

import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { listMessages } from "../ground/messages.ts";
import { hrefOf, place } from "../ground/place.ts";
import { say } from "../ground/words.ts";
import { Heading } from "../parts/heading.tsx";
import { MessageList } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";

/** What we sent, newest first. */
export function Sent(): VNode {
  const cursor = place.value.query.get("cursor") ?? "";
  const page = useLoad(`${cursor} ${tick.value}`, async () =>
    await listMessages({ box: "out", ...(cursor === "" ? {} : { cursor }) }),
  ); // prettier-ignore
  return (
    <>
      <Heading title={say("nav.sent")} />
      <Panel of={page}>
        {({ items, next }) => (
          <>
            <MessageList items={items} empty={say("sent.empty")} />
            {next === null ? null : <a href={hrefOf("sent", { cursor: next })}>{say("act.more")}</a>}
          </>
        )}
      </Panel>
    </>
  );
} // prettier-ignore
