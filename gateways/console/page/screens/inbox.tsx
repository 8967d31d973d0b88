import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";

import { api, had } from "../ground/api.ts";
import { choose, noChoice, within } from "../ground/choice.ts";
import { noteListed } from "../ground/commands.ts";
import { type Asked, listInbox, viewOf } from "../ground/inbox.ts";
import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import type { Page } from "../ground/messages.ts";
import { renderMoment } from "../ground/moments.ts";
import { go, hrefOf, place } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { codesOf, say, type WordId } from "../ground/words.ts";
import { BulkBar } from "../parts/bulk.tsx";
import { Heading } from "../parts/heading.tsx";
import { MessageList } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";
import { Views } from "../parts/views.tsx";

/** Asks anew from the first page; a list that was kept is left when something else is asked. */
function ask(asked: Asked, change: Asked): void {
  const all = Object.entries({ ...asked, ...change }).filter(([name, value]) => value !== "" && name !== "cursor" && name !== "saved"); // prettier-ignore
  go("inbox", Object.fromEntries(all));
}

interface Codes {
  readonly asked: Asked;
  readonly name: string;
  readonly list: string;
  readonly word: WordId;
}

function CodeFilter({ asked, name, list, word }: Codes): VNode {
  return (
    <label>
      {say(word)}
      <select name={name} value={asked[name] ?? ""} onChange={({ currentTarget }) => ask(asked, { [name]: currentTarget.value })}>
        <option value="">{say("inbox.any")}</option>
        {codesOf(list).map(([code, label]) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
} // prettier-ignore

function TextFilter({ name, word, value }: { readonly name: string; readonly word: WordId; readonly value: { value: string } }): VNode {
  const note = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    value.value = currentTarget.value;
  };
  return (
    <label>
      {say(word)}
      {name === "q" ? <input name={name} type="search" dir="auto" value={value.value} onInput={note} /> : <input name={name} dir="ltr" value={value.value} onInput={note} />}
    </label>
  );
} // prettier-ignore

function Filters({ asked }: { readonly asked: Asked }): VNode {
  const words = useSignal(asked["q"] ?? "");
  const sender = useSignal(asked["originator"] ?? "");
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        ask(asked, { q: words.value.trim(), originator: sender.value.trim() });
      }}
    >
      <TextFilter name="q" word="inbox.search" value={words} />
      <TextFilter name="originator" word="inbox.sender" value={sender} />
      <button type="submit">{say("act.search")}</button>
      <CodeFilter asked={asked} name="crime" list="CRIME" word="inbox.crime" />
      <CodeFilter asked={asked} name="handling" list="HANDLING" word="read.handling" />
    </form>
  );
}

/** Nothing is there: what that means, and one thing to do. */
function Empty({ asked }: { readonly asked: Asked }): VNode {
  const isSearch = (asked["q"] ?? "") !== "";
  const last = useLoad("", async () => (may("GET", "/v1/home") ? had((await api.GET("/v1/home")).data).lastIn : undefined));
  const came = last.state.value.value;
  return (
    <div class="empty">
      <p class="note">{say(isSearch ? "inbox.noResult" : "inbox.empty")}</p>
      {came === undefined ? null : (
        <p class="note">
          {say("inbox.lastCame", { time: renderMoment(came.at) })} <bdi dir="ltr">{came.from}</bdi>
        </p>
      )}
      {viewOf(asked) === "all" && !isSearch ? null : <a href={hrefOf("inbox", { view: "all" })}>{say("inbox.seeAll")}</a>}
    </div>
  );
} // prettier-ignore

function Lines({ of: { items }, asked }: { readonly of: Page; readonly asked: Asked }): VNode {
  const choice = useSignal(noChoice);
  const ids = items.flatMap(({ id }) => (id === undefined ? [] : [id]));
  useEffect(() => {
    noteListed(ids);
    choice.value = within(choice.peek(), ids);
  }, [ids.join(" ")]);
  const choosing = {
    isChosen: (id: string): boolean => choice.value.ids.has(id),
    choose: (id: string, isRange: boolean): void => {
      choice.value = choose(choice.value, ids, { id, isRange });
    },
  };
  return (
    <>
      <BulkBar
        ids={ids.filter((id) => choice.value.ids.has(id))}
        clear={() => (choice.value = noChoice)}
      />
      {items.length === 0 ? (
        <Empty asked={asked} />
      ) : (
        <MessageList items={items} empty="" choosing={choosing} />
      )}
    </>
  );
}

function whole(page: Page, asked: Asked): ComponentChildren {
  const { next } = page;
  return (
    <>
      <Lines of={page} asked={asked} />
      {next === null ? null : <a href={hrefOf("inbox", { ...asked, cursor: next })}>{say("act.more")}</a>}
    </>
  );
} // prettier-ignore

/** What came, by its terms or newest first; what is asked stands in the address. */
export function Inbox(): VNode {
  const asked: Asked = Object.fromEntries(place.value.query);
  const key = `${place.value.query.toString()} ${tick.value}`;
  const page = useLoad(key, async () => await listInbox(asked));
  const isInHand = ["mine", "team"].includes(viewOf(asked));
  return (
    <>
      <Heading title={say("nav.inbox")} />
      <Views asked={asked} />
      {isInHand ? null : <Filters key={asked["saved"]} asked={asked} />}
      <Panel of={page}>{(of) => whole(of, asked)}</Panel>
    </>
  );
}
