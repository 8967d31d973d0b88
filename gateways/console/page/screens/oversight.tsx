import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { renderMoment } from "../ground/moments.ts";
import { may } from "../ground/session.ts";
import { say, type WordId } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { Acts } from "./overseen/acts.tsx";
import { FigureTables } from "./overseen/figures.tsx";
import { HubLog } from "./overseen/hub-log.tsx";

type Challenged =
  paths["/v1/log:challenge"]["post"]["responses"]["200"]["content"]["application/json"];

const states: Readonly<Record<string, WordId>> = {
  PROVED: "oversight.proved",
  PENDING: "oversight.pending",
  WAITING: "oversight.pending",
  MISSING: "oversight.missing",
};

function Found({ of: { found, entries } }: { readonly of: Challenged }): VNode {
  if (!found) return <p role="status">{say("oversight.notFound")}</p>;
  return (
    <ul role="status" data-found={entries.length}>
      {entries.map(({ as, state, origin = "", index = 0, at = "" }) => (
        <li key={`${as} ${origin} ${index}`}>
          {say(as === "ACT" ? "oversight.isAct" : "oversight.isMessage")} – {say(states[state] ?? "oversight.pending")}{" "}
          {origin === "" ? null : (
            <>
              <bdi dir="ltr">
                {origin} #{index}
              </bdi>{" "}
              {renderMoment(at)}
            </>
          )}
        </li>
      ))}
    </ul>
  );
} // prettier-ignore

/** Whoever was given a digest outside, such as by a court, asks here whether this gateway knows of it. */
function Challenge(): VNode {
  const digest = useSignal("");
  const found = useSignal<Challenged | undefined>(undefined);
  const ask = async (): Promise<void> => {
    found.value = undefined;
    const body = { digest: digest.value.toLowerCase().replaceAll(/[\s:]/g, "") };
    found.value = had((await api.POST("/v1/log:challenge", { body })).data);
  };
  return (
    <section aria-labelledby="challenge">
      <h2 id="challenge">{say("oversight.challenge")}</h2>
      <p class="aside">{say("oversight.challengeHelp")}</p>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <label>
          {say("oversight.digest")}
          <input name="digest" dir="ltr" autocomplete="off" spellcheck={false} value={digest.value} onInput={({ currentTarget }) => (digest.value = currentTarget.value)} />
        </label>
        <Act act={ask} kind="main" name="challenge">
          {say("oversight.ask")}
        </Act>
      </form>
      {found.value === undefined ? null : <Found of={found.value} />}
    </section>
  );
} // prettier-ignore

function OwnRecord(): VNode {
  const found = useLoad("", async () => had((await api.GET("/v1/audit/check")).data));
  return (
    <section aria-labelledby="own-record">
      <h2 id="own-record">{say("oversight.record")}</h2>
      <Panel of={found}>
        {({ whole, proven, from, to, signedAt }) => (
          <dl>
            <dt>{say("oversight.whole")}</dt>
            <dd class={whole ? "" : "bad"}>
              {say(whole ? "yes" : "no")} (<bdi dir="ltr">{`${from}–${to}`}</bdi>)
            </dd>
            <dt>{say("oversight.signed")}</dt>
            <dd class={proven ? "" : "bad"}>
              {say(proven ? "yes" : "no")}
              {signedAt === undefined ? null : ` · ${renderMoment(signedAt)}`}
            </dd>
          </dl>
        )}
      </Panel>
    </section>
  );
} // prettier-ignore

const can: readonly WordId[] = ["oversight.can1", "oversight.can2", "oversight.can3"];
const cannot: readonly WordId[] = ["oversight.cannot1", "oversight.cannot2", "oversight.cannot3"];

function Words({ title, of }: { readonly title: WordId; readonly of: readonly WordId[] }): VNode {
  return (
    <>
      <h3>{say(title)}</h3>
      <ul>
        {of.map((word) => (
          <li key={word}>{say(word)}</li>
        ))}
      </ul>
    </>
  );
}

/** What who oversees sees: proofs and numbers, and nothing of any message. */
export function Oversight(): VNode {
  return (
    <>
      <Heading title={say("nav.oversight")} />
      {may("POST", "/v1/log:challenge") ? <Challenge /> : null}
      <HubLog />
      {may("GET", "/v1/audit/check") ? <OwnRecord /> : null}
      {may("GET", "/v1/audit") ? <Acts /> : null}
      {may("GET", "/v1/statistics") || may("GET", "/v1/breaches") ? <FigureTables /> : null}
      <section aria-labelledby="seen">
        <h2 id="seen">{say("oversight.see")}</h2>
        <Words title="oversight.can" of={can} />
        <Words title="oversight.cannot" of={cannot} />
      </section>
    </>
  );
}
