import type { ComponentChildren, VNode } from "preact";

import type { paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { instantMs, now } from "../../ground/clock.ts";
import { useLoad } from "../../ground/load.ts";
import { renderAgo, renderMoment } from "../../ground/moments.ts";
import { say, type WordId } from "../../ground/words.ts";
import { Panel } from "../../parts/panel.tsx";

type Log = paths["/v1/log"]["get"]["responses"]["200"]["content"]["application/json"];
type Standing = NonNullable<Log["standing"]>;
type Result = "GOOD" | "WAITS" | "BAD";

/** A head that nobody saw grow for a day says nothing of today. */
const staleMs = 86_400_000;

const standings: Readonly<Record<Standing["state"], WordId>> = {
  NONE: "oversight.logNone",
  WAITING: "oversight.logWaiting",
  GOOD: "oversight.logGood",
  // what is missing is told of messages: its heads agree all the same
  MISSING: "oversight.logGood",
  INCONSISTENT: "oversight.logInconsistent",
};

interface DimensionProps {
  readonly name: string;
  readonly title: WordId;
  readonly result: Result;
  readonly children: ComponentChildren;
}

const results: Readonly<Record<Result, WordId>> = {
  GOOD: "verify.good",
  WAITS: "verify.waits",
  BAD: "verify.bad",
};

/** One thing that was checked by itself, and what came of it. */
function Dimension({ name, title, result, children }: DimensionProps): VNode {
  return (
    <div data-dimension={name} data-result={result}>
      <dt>{say(title)}</dt>
      <dd class={result === "BAD" ? "bad" : ""}>
        {say(results[result])} – {children}
      </dd>
    </div>
  );
}

function judgeAge({ at }: Standing): Result {
  if (at === undefined) return "WAITS";
  return now() - instantMs(at) > staleMs ? "BAD" : "GOOD";
}

function judgeSameness({ state }: Standing): Result {
  if (state === "INCONSISTENT") return "BAD";
  return state === "NONE" || state === "WAITING" ? "WAITS" : "GOOD";
}

function Witnesses({ of: { witnesses } }: { readonly of: Standing }): VNode {
  if (witnesses === undefined) return <Dimension name="witnesses" title="verify.witnesses" result="WAITS">{say("verify.noWitness")}</Dimension>;
  const { lateSince, missing, at } = witnesses;
  const isLate = lateSince !== undefined;
  const result = isLate ? "BAD" : at === undefined ? "WAITS" : "GOOD";
  return (
    <Dimension name="witnesses" title="verify.witnesses" result={result}>
      {isLate ? say("verify.late", { time: renderMoment(lateSince) }) : null} <bdi dir="ltr">{missing.join(", ")}</bdi>
      {isLate || at === undefined ? null : renderMoment(at)}
    </Dimension>
  );
} // prettier-ignore

function Dimensions({ of, alarms }: { readonly of: Standing; readonly alarms: number }): VNode {
  const { state, size, at, missing, pending, acts } = of;
  return (
    <dl class="dimensions">
      <Dimension name="sameness" title="oversight.standing" result={judgeSameness(of)}>
        {say(standings[state])}
      </Dimension>
      <Dimension name="checkpoint" title="verify.checkpoint" result={size === undefined ? "WAITS" : "GOOD"}>
        <bdi dir="ltr">{size ?? 0}</bdi>
        {at === undefined ? null : ` · ${renderMoment(at)}`}
      </Dimension>
      <Dimension name="inclusion" title="verify.inclusion" result={missing > 0 ? "BAD" : pending > 0 ? "WAITS" : "GOOD"}>
        {say("verify.unproved", { n: missing })} {say("verify.pending", { n: pending })}
      </Dimension>
      <Witnesses of={of} />
      <Dimension name="freshness" title="verify.freshness" result={judgeAge(of)}>
        {at === undefined ? say("oversight.logWaiting") : renderAgo(instantMs(at))}
      </Dimension>
      <Dimension name="acts" title="verify.acts" result={acts === undefined ? "GOOD" : acts.state === "WAITING" ? "WAITS" : "BAD"}>
        {say("verify.pending", { n: acts?.waiting ?? 0 })}
      </Dimension>
      <Dimension name="alarms" title="oversight.alarms" result={alarms > 0 ? "BAD" : "GOOD"}>
        <bdi dir="ltr">{alarms}</bdi>
      </Dimension>
    </dl>
  );
} // prettier-ignore

/** Each thing that can be checked of the hub's log by itself; never one sign for all. */
export function HubLog(): VNode {
  const found = useLoad("", async () => had((await api.GET("/v1/log")).data));
  return (
    <section aria-labelledby="hub-log">
      <h2 id="hub-log">{say("oversight.log")}</h2>
      <Panel of={found}>
        {({ standing, alarms }) =>
          standing === undefined ? (
            <p class="note">{say("oversight.logNone")}</p>
          ) : (
            <Dimensions of={standing} alarms={alarms.filter(({ endedAt }) => endedAt === undefined).length} />
          )
        }
      </Panel>
    </section>
  );
} // prettier-ignore
