import type { VNode } from "preact";

import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { getMessage, type Message, searchMessages, type Summary } from "../ground/messages.ts";
import { hrefOf } from "../ground/place.ts";
import { say } from "../ground/words.ts";
import { MessageList } from "./message-list.tsx";
import { Panel } from "./panel.tsx";

const mostShown = 10;

/** References by which others may speak of the same: the case's own, those of events, and the case number in the body. */
function referencesOf({ inner, body }: Message): readonly string[] {
  const { caseRef, eventRefs } = membersOf(inner);
  const events = listOf(eventRefs).map((one) => textOf(membersOf(one)["id"]));
  const all = [textOf(caseRef), textOf(membersOf(body)["caseRef"]), ...events];
  // a quotation mark would end the phrase that is looked for
  const plain = all.map((one) => one.replaceAll('"', " ").trim());
  return [...new Set(plain.filter((one) => one !== ""))].slice(0, 3);
}

interface Alike {
  readonly references: readonly string[];
  readonly items: readonly Summary[];
}

async function find(id: string): Promise<Alike> {
  const message = await getMessage(id);
  const references = referencesOf(message);
  const params = { path: { id }, query: { limit: "50" } };
  const related = api.GET("/v1/messages/{id}/related", { params });
  const found = await Promise.all(references.map(async (one) => await searchMessages(`"${one}"`)));
  const all = [...had((await related).data).items, ...found.flatMap(({ items }) => items)];
  const others = new Map(all.flatMap((one) => (one.id === undefined || one.id === id ? [] : [[one.id, one] as const])));
  return { references, items: [...others.values()].slice(0, mostShown) };
} // prettier-ignore

/** Messages that answer or replace this one, and those that name the same case. */
export function Alike({ id }: { readonly id: string }): VNode {
  const alike = useLoad(id, async () => await find(id));
  return (
    <Panel of={alike}>
      {({ items, references }) => (
        <>
          <MessageList items={items} empty={say("alike.none")} />
          {references.map((one) => (
            <p key={one}>
              <a href={hrefOf("inbox", { view: "all", q: `"${one}"` })}>
                {say("alike.search")} <bdi>{one}</bdi>
              </a>
            </p>
          ))}
        </>
      )}
    </Panel>
  );
} // prettier-ignore
