import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { stir, tick } from "../ground/live.ts";
import { renderLeft, renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { may, session } from "../ground/session.ts";
import { say, typeName } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";

type Standing = paths["/v1/handover"]["get"]["responses"]["200"]["content"]["application/json"];
type Given = paths["/v1/handovers"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number]; // prettier-ignore

const mostNote = 1_000;

/** How things stand, or stood: what came, what is due in the shift, who has what in hand. */
function Stand({ of: { since, came, due, overdue, claims, approvals, waiting } }: { readonly of: Standing }): VNode {
  return (
    <>
      <ul>
        <li>{say("handover.came", { n: came.messages, time: renderMoment(since) })}</li>
        <li class={overdue > 0 ? "bad" : ""}>{say("handover.overdue", { n: overdue })}</li>
        <li>{say("home.approvals", { n: approvals })}</li>
        <li>{say("home.queue", { n: waiting })}</li>
      </ul>
      {due.length === 0 ? null : (
        <>
          <h3>{say("handover.due")}</h3>
          <ul class="lines">
            {due.map(({ id, type, dueAt }) => (
              <li key={id}>
                <a class="line" href={hrefOf(`message/${id}`)}>
                  <span class="what">{typeName(type)}</span>
                  <span class="due">{renderLeft(dueAt)}</span>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      {claims.length === 0 ? null : (
        <>
          <h3>{say("handover.held")}</h3>
          <ul>
            {claims.map(({ message, name }) => (
              <li key={message}>
                <a href={hrefOf(`message/${message}`)}>
                  <bdi>{name}</bdi>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
} // prettier-ignore

function Give(): VNode {
  const note = useSignal("");
  const standing = useLoad(`${tick.value}`, async () => had((await api.GET("/v1/handover")).data));
  const give = async (): Promise<void> => {
    await api.POST("/v1/handovers", { body: { note: note.value.trim() } });
    note.value = "";
    stir();
  };
  return (
    <section aria-labelledby="now">
      <h2 id="now">{say("handover.now")}</h2>
      <Panel of={standing}>{(value) => <Stand of={value} />}</Panel>
      {may("POST", "/v1/handovers") ? (
        <>
          <label>
            {say("handover.note")}
            <textarea name="note" dir="auto" rows={3} maxLength={mostNote} value={note.value} onInput={({ currentTarget }) => (note.value = currentTarget.value)} />
          </label>
          <Act act={give} kind="main" name="hand-over">
            {say("handover.give")}
          </Act>
        </>
      ) : null}
    </section>
  );
} // prettier-ignore

function Shift({ of: given }: { readonly of: Given }): VNode {
  const { id, at, by, name, note, taken } = given;
  const take = async (): Promise<void> => {
    await api.POST("/v1/handovers/{id}/taking", { params: { path: { id } } });
    stir();
  };
  const mayTake = taken === undefined && by !== session.value?.id && may("POST", "/v1/handovers/:id/taking");
  return (
    <li data-shift={id} data-taken={taken !== undefined}>
      <details open={mayTake}>
        <summary>
          <bdi>{name}</bdi> · {renderMoment(at)} ·{" "}
          {taken === undefined ? say("handover.open") : say("handover.taken", { name: taken.name, time: renderMoment(taken.at) })}
        </summary>
        {note === "" ? null : <p dir="auto">{note}</p>}
        <Stand of={given} />
      </details>
      {mayTake ? (
        <Act act={take} kind="main" name="take">
          {say("handover.take")}
        </Act>
      ) : null}
    </li>
  );
} // prettier-ignore

/** From one shift to the next: both sign. */
export function Handover(): VNode {
  const last = useLoad(`${tick.value}`, async () => had((await api.GET("/v1/handovers")).data).items); // prettier-ignore
  return (
    <>
      <Heading title={say("nav.handover")} />
      <Give />
      <section aria-labelledby="last">
        <h2 id="last">{say("handover.last")}</h2>
        <Panel of={last}>
          {(items) =>
            items.length === 0 ? (
              <p class="note">{say("handover.none")}</p>
            ) : (
              <ul class="plain">
                {items.map((one) => (
                  <Shift key={one.id} of={one} />
                ))}
              </ul>
            )
          }
        </Panel>
      </section>
    </>
  );
}
