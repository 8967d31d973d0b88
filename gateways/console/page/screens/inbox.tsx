import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { listMessages, type Page, searchMessages } from "../ground/messages.ts";
import { go, hrefOf, place } from "../ground/place.ts";
import { codesOf, say, type WordId } from "../ground/words.ts";
import { Heading } from "../parts/heading.tsx";
import { MessageList } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";

const views = ["due", "all", "flash"] as const;
const viewWords: Readonly<Record<(typeof views)[number], WordId>> = {
  due: "inbox.due",
  all: "inbox.all",
  flash: "inbox.flash",
};

type Asked = Readonly<Record<string, string>>;

async function loadPage(asked: Asked): Promise<Page> {
  const { view = "due", q = "", crime = "", cursor = "" } = asked;
  if (q !== "") return await searchMessages(q, "in");
  return await listMessages({
    box: "in",
    ...(view === "due" ? { order: "due" } : {}),
    ...(view === "flash" ? { urgency: "FLASH" } : {}),
    ...(crime === "" ? {} : { crime }),
    ...(cursor === "" ? {} : { cursor }),
  });
}

function Views({ asked }: { readonly asked: Asked }): VNode {
  const { view: here = "due", ...rest } = asked;
  const { cursor: _, ...filters } = rest;
  return (
    <ul class="views">
      {views.map((view) => (
        <li key={view}>
          <a href={hrefOf("inbox", { ...filters, view })} aria-current={view === here ? "true" : undefined}>
            {say(viewWords[view])}
          </a>
        </li>
      ))}
    </ul>
  );
} // prettier-ignore

function Filters({ asked }: { readonly asked: Asked }): VNode {
  const { q = "", crime = "", view = "due" } = asked;
  const words = useSignal(q);
  const ask = (change: Asked): void =>
    go("inbox", { view, ...(crime === "" ? {} : { crime }), ...change });
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        ask({ q: words.value.trim() });
      }}
    >
      <label>
        {say("inbox.search")}
        <input
          name="q"
          type="search"
          value={words.value}
          onInput={({ currentTarget }) => (words.value = currentTarget.value)}
        />
      </label>
      <button type="submit">{say("act.search")}</button>
      <label>
        {say("inbox.crime")}
        <select value={crime} onChange={({ currentTarget }) => ask({ crime: currentTarget.value })}>
          <option value="">{say("inbox.anyCrime")}</option>
          {codesOf("CRIME").map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

/** What came, by its terms or newest first; what is asked stands in the address. */
export function Inbox(): VNode {
  const asked: Asked = Object.fromEntries(place.value.query);
  const key = `${place.value.query.toString()} ${tick.value}`;
  const page = useLoad(key, async () => await loadPage(asked));
  return (
    <>
      <Heading title={say("nav.inbox")} />
      <Views asked={asked} />
      <Filters asked={asked} />
      <Panel of={page}>
        {({ items, next }) => (
          <>
            <MessageList items={items} empty={say(asked["q"] === undefined ? "inbox.empty" : "inbox.noResult")} />
            {next === null ? null : <a href={hrefOf("inbox", { ...asked, cursor: next })}>{say("act.more")}</a>}
          </>
        )}
      </Panel>
    </>
  );
} // prettier-ignore
