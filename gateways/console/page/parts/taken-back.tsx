import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { renderMoment } from "../ground/moments.ts";
import { Refusal } from "../ground/problem.ts";
import { type Language, language, say } from "../ground/words.ts";
import { Panel } from "./panel.tsx";

type Recall = paths["/v1/recalls/{id}"]["get"]["responses"]["200"]["content"]["application/json"];

interface Shown {
  readonly recall: Recall | undefined;
  readonly results: ReadonlyMap<string, string>;
}

async function findRecall(id: string): Promise<Recall | undefined> {
  try {
    return had((await api.GET("/v1/recalls/{id}", { params: { path: { id } } })).data);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

async function load(id: string, lang: Language): Promise<Shown> {
  const params = { path: { list: "PURGE_RESULT" }, query: { lang } };
  const recall = await findRecall(id);
  if (recall === undefined) return { recall, results: new Map() };
  const { codes } = had((await api.GET("/v1/codelists/{list}", { params })).data);
  return { recall, results: new Map(codes.map(({ code, label }) => [code, label])) };
}

type Beyond = NonNullable<Recall["beyond"]>[number];

/** What a hub beyond has said, or since when and until when it is asked. */
function tellBeyond({ state, askedAt, due, at }: Beyond): string {
  if (at !== undefined) return `${say("recall.gone")} ${renderMoment(at)}`;
  const asked = `${say("recall.asked")} ${renderMoment(askedAt)}`;
  if (state === "UNANSWERED") return `${asked} – ${say("recall.unanswered")}`;
  return due === undefined ? asked : `${asked} – ${say("read.due")} ${renderMoment(due)}`;
}

/** Hubs that keep no bytes of it any more, and those that a relay brought it to and that have not said so yet. */
function Hubs({ of: { hub, beyond = [] } }: { readonly of: Recall }): VNode {
  const late = new Set(["OVERDUE", "UNANSWERED"]);
  return (
    <ul class="plain">
      {hub.map(({ stream, at }) => (
        <li key={stream}><bdi dir="ltr">{stream}</bdi> – {say("recall.gone")} {renderMoment(at)}</li>
      ))}
      {beyond.map((one) => (
        <li key={one.hub + one.relay} data-beyond={one.hub} data-state={one.state}>
          {say("recall.beyond")} <bdi dir="ltr">{one.hub}</bdi> –{" "}
          <span class={late.has(one.state ?? "") ? "bad" : undefined}>{tellBeyond(one)}</span>
        </li>
      ))}
    </ul>
  );
} // prettier-ignore

function Holders({ of: { recall, results } }: { readonly of: Shown }): VNode {
  if (recall === undefined) return <p class="note">{say("recall.none")}</p>;
  const { done, holders, kept, overdue, copies } = recall;
  return (
    <>
      <p>{say("recall.count", { done, holders, kept, overdue })}</p>
      <table class="figures">
        <caption>{say("recall.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("matrix.agency")}</th>
            <th scope="col">{say("recall.answer")}</th>
          </tr>
        </thead>
        <tbody>
          {copies.map(({ agency, answer, isOverdue, due }) => (
            <tr key={agency} data-agency={agency}>
              <th scope="row"><bdi dir="ltr">{agency}</bdi></th>
              <td class={isOverdue ? "bad" : undefined}>
                {answer === undefined
                  ? `${say("matrix.notYet")}${due === undefined ? "" : ` – ${say("read.due")} ${renderMoment(due)}`}`
                  : `${results.get(answer.done) ?? answer.done} – ${renderMoment(answer.at)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Hubs of={recall} />
    </>
  );
} // prettier-ignore

/** What became of the copies of a message of ours that was taken back: holder by holder, and at the hubs, far ones too. */
export function TakenBack({ id }: { readonly id: string }): VNode {
  const lang = language.value;
  const shown = useLoad(`${id} ${lang} ${tick.value}`, async () => await load(id, lang));
  return <Panel of={shown}>{(of) => <Holders of={of} />}</Panel>;
}
