import type { VNode } from "preact";

import type { components } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { status, tick } from "../ground/live.ts";
import { renderLeft, renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { language, say, typeName } from "../ground/words.ts";
import { FirstDay } from "../parts/first-day.tsx";
import { Heading } from "../parts/heading.tsx";
import { KeptHere } from "../parts/kept-here.tsx";
import { MessageList } from "../parts/message-list.tsx";
import { Panel } from "../parts/panel.tsx";

type HomeOf = components["schemas"]["Home"];
type Items = HomeOf["continue"];

const few = 5;

/** What is awaited of us, the earliest first. */
function Deadlines(): VNode {
  const us = status.value?.agency ?? "";
  const page = useLoad(`${us} ${tick.value} ${language.value}`, async () => {
    if (us === "") return [];
    return had((await api.GET("/v1/awaited", { params: { query: { of: us } } })).data).items;
  });
  return (
    <section aria-labelledby="deadlines">
      <h2 id="deadlines">{say("home.deadlines")}</h2>
      <Panel of={page}>
        {(items) => (
          <>
            {items.length === 0 ? <p class="note">{say("home.nothingDue")}</p> : null}
            <ul class="lines">
              {items
                .slice(0, few)
                .map(({ thread, opening, closingName, opener, by, isOverdue }) => (
                  <li key={`${thread} ${closingName} ${opening}`}>
                    <a class="line" href={hrefOf(`message/${opening}`)}>
                      <span class="what">{closingName}</span>
                      <span>
                        <bdi dir="ltr">{opener}</bdi>
                      </span>
                      {by === undefined ? null : (
                        <span class={isOverdue ? "due bad" : "due"}>
                          {renderLeft(by)} ({renderMoment(by)})
                        </span>
                      )}
                    </a>
                  </li>
                ))}
            </ul>
          </>
        )}
      </Panel>
    </section>
  );
}

function Flash({ items }: { readonly items: HomeOf["flash"] }): VNode | null {
  if (items.length === 0) return null;
  return (
    <section class="flash" aria-live="polite" aria-labelledby="flash">
      <h2 id="flash">{say("home.flash")}</h2>
      <MessageList items={items} empty="" />
    </section>
  );
}

/** What one worked on last. */
function Continue({ items }: { readonly items: Items }): VNode {
  return (
    <section aria-labelledby="continue">
      <h2 id="continue">{say("home.continue")}</h2>
      {items.length === 0 ? <p class="note">{say("home.nothingBegun")}</p> : null}
      <ul class="lines">
        {items.map(({ kind, id, type, at }) => (
          <li key={id}>
            <a class="line" href={hrefOf(`${kind === "draft" ? "write" : "message"}/${id}`)}>
              <span class="what">{typeName(type)}</span>
              <span>{renderMoment(at)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
} // prettier-ignore

function Counts({ of: { approvals, drafts, claims, handover } }: { readonly of: HomeOf }): VNode {
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{say("home.waiting")}</h2>
      <p>
        <a href={hrefOf("approvals")} data-approvals={approvals}>
          {say("home.approvals", { n: approvals })}
        </a>
      </p>
      <p>
        <a href={hrefOf("drafts")}>{say("home.drafts", { n: drafts.count })}</a>
      </p>
      <p>
        <a href={hrefOf("inbox", { view: "mine" })}>{say("home.claims", { n: claims.mine })}</a>
      </p>
      <Shift of={handover} />
      <p>{say("home.queue", { n: status.value?.waiting ?? 0 })}</p>
    </section>
  );
}

/** A shift that nobody has signed for yet. */
function Shift({ of }: { readonly of: HomeOf["handover"] }): VNode | null {
  if (of === null) return null;
  return (
    <p>
      <a href={hrefOf("handover")}>
        {say("home.handover", { name: of.name, time: renderMoment(of.at) })}
      </a>
    </p>
  );
}

/** Where a shift begins: what is urgent, what is due, what waits for one, and what one was at. */
export function Home(): VNode {
  const isReader = may("GET", "/v1/home");
  const home = useLoad(`${tick.value}`, async () => (isReader ? had((await api.GET("/v1/home")).data) : undefined)); // prettier-ignore
  return (
    <>
      <Heading title={say("nav.home")} />
      <KeptHere />
      {isReader ? null : <p>{say("home.queue", { n: status.value?.waiting ?? 0 })}</p>}
      <Panel of={home}>{(of) => (of === undefined ? null : <Flash items={of.flash} />)}</Panel>
      {may("GET", "/v1/awaited") ? <Deadlines /> : null}
      <Panel of={home}>
        {(of) =>
          of === undefined ? null : (
            <>
              <FirstDay of={of} />
              <Counts of={of} />
              <Continue items={of.continue} />
            </>
          )
        }
      </Panel>
    </>
  );
}
