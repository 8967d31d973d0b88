import type { VNode } from "preact";

import type { paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { renderMoment } from "../../ground/moments.ts";
import { say, type WordId } from "../../ground/words.ts";
import { Panel } from "../../parts/panel.tsx";

type End = paths["/v1/register/ends"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number]; // prettier-ignore

const days = "400";
/** What ended, then what ends within a day, a week, a month, three months, and all that holds longer. */
const spans: readonly (readonly [until: number, word: WordId])[] = [
  [0, "calendar.ended"],
  [1, "calendar.day"],
  [7, "calendar.week"],
  [30, "calendar.month"],
  [90, "calendar.quarter"],
  [Infinity, "calendar.later"],
];
const uses: Readonly<Record<string, WordId>> = {
  LINK: "use.link",
  SIGNING: "use.signing",
  SEALING: "use.sealing",
};

function tellUse(use: string): string {
  const word = uses[use];
  return word === undefined ? use : say(word);
}

/** Of which of the spans an end is. */
function spanOf({ daysLeft }: End): number {
  return spans.find(([until]) => daysLeft < until)?.[0] ?? Infinity;
}

function Ends({ of }: { readonly of: readonly End[] }): VNode {
  return (
    <ul>
      {of.map(({ agency, use, notAfter, isReplaced }) => (
        <li key={`${agency} ${use} ${notAfter}`} data-end={use}>
          <bdi dir="ltr">{agency}</bdi> · {tellUse(use)} · {renderMoment(notAfter)}
          {isReplaced ? ` – ${say("admin.replaced")}` : null}
        </li>
      ))}
    </ul>
  );
}

/** A calendar of what ends: certificates of our own state's agencies. */
export function Certificates(): VNode {
  const found = useLoad("", async () => had((await api.GET("/v1/register/ends", { params: { query: { days } } })).data).items);
  return (
    <>
      <p class="aside">{say("calendar.help")}</p>
      <Panel of={found}>
        {(items) => {
          const groupOf = (until: number): readonly End[] => items.filter((one) => spanOf(one) === until);
          return (
            <>
              {spans.map(([until, word]) => {
                const group = groupOf(until);
                const isPressing = until <= 7 && group.some(({ isReplaced }) => !isReplaced);
                return (
                  <section key={word} aria-labelledby={word} data-span={String(until)}>
                    <h2 id={word} class={isPressing ? "bad" : ""}>
                      {say(word)} ({group.length})
                    </h2>
                    {group.length === 0 ? <p class="note">{say("calendar.none")}</p> : <Ends of={group} />}
                  </section>
                );
              })}
            </>
          );
        }}
      </Panel>
    </>
  );
} // prettier-ignore
