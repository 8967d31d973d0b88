import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { stir, tick } from "../ground/live.ts";
import { renderLeft, renderMoment, zone } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { may, proving, session } from "../ground/session.ts";
import { labelOf, language, say, typeName, type WordId } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { RenderedMessage } from "../parts/rendered.tsx";

type Release = paths["/v1/releases/{id}"]["get"]["responses"]["200"]["content"]["application/json"];

/** What waits for a second officer. */
export function Approvals(): VNode {
  const page = useLoad(`${tick.value}`, async () => {
    const params = { query: { state: "WAITING" as const } };
    return had((await api.GET("/v1/releases", { params })).data).items;
  });
  return (
    <>
      <Heading title={say("nav.approvals")} />
      <Panel of={page}>
        {(items) =>
          items.length === 0 ? (
            <p class="note">{say("approvals.empty")}</p>
          ) : (
            <ul class="lines">
              {items.map(({ id, type, handling, urgency, expiresAt, by }) => (
                <li key={id}>
                  <a class="line" href={hrefOf(`approvals/${id}`)} data-release={id}>
                    <span class="what">{typeName(type)}</span>
                    <span>
                      <bdi dir="ltr">{handling}</bdi> · {labelOf("URGENCY", urgency)}
                      {by === session.value?.id ? ` · ${say("approvals.yours")}` : null}
                    </span>
                    <span class="due">{renderLeft(expiresAt)}</span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Panel>
    </>
  );
}

const reasonWords: Readonly<Record<string, WordId>> = {
  HANDLING: "approvals.HANDLING",
  SENSITIVE: "approvals.SENSITIVE",
  TYPE: "approvals.TYPE",
};

/** Why it takes two, in words; a reason that this page does not know stands as it is written. */
function tellReason(reason: string): string {
  const word = reasonWords[reason];
  return word === undefined ? reason : say(word);
}

interface Shown {
  readonly release: Release;
  readonly version: string;
  readonly html: string;
}

async function getRelease(id: string): Promise<Shown> {
  const params = { path: { id } };
  const { data, response } = await api.GET("/v1/releases/{id}", {
    params,
    headers: { accept: "application/json" },
  });
  const release = had(data);
  if (release.now === undefined) return { release, version: "", html: "" };
  const accept = `text/html;lang=${language.value};zone=${zone}`;
  const text = await api.GET("/v1/releases/{id}", { params, headers: { accept }, parseAs: "text" });
  return { release, version: response.headers.get("etag") ?? "", html: had<string>(text.data) };
}

/** What changed in who will read it since it was handed in. */
function Readers({ of: { now, audience } }: { readonly of: Release }): VNode {
  const names = now?.audience ?? audience;
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">{say("audience.title", { n: names.length })}</h2>
      <p>
        <bdi dir="ltr">{names.join(", ")}</bdi>
      </p>
      {now === undefined || now.joined.length === 0 ? null : (
        <p class="bad">
          {say("approvals.joined")} <bdi dir="ltr">{now.joined.join(", ")}</bdi>
        </p>
      )}
      {now === undefined || now.left.length === 0 ? null : (
        <p>
          {say("approvals.left")} <bdi dir="ltr">{now.left.join(", ")}</bdi>
        </p>
      )}
    </section>
  );
}

function Decision({ of: { release, version } }: { readonly of: Shown }): VNode | null {
  const { id } = release;
  const reason = useSignal("");
  const params = { path: { id } };
  const isOurs = release.by === session.value?.id;
  const letGo = async (): Promise<void> => {
    const header = { "if-match": version };
    await proving(async () => await api.POST("/v1/releases/{id}/release", { params: { ...params, header } }));
    stir();
  };
  const giveBack = async (): Promise<void> => {
    await api.POST("/v1/releases/{id}/return", { params, body: { reason: reason.value } });
    stir();
  };
  if (isOurs) {
    return (
      <Act name="take-back" act={async () => { await api.POST("/v1/releases/{id}/withdraw", { params }); stir(); }}>
        {say("approvals.takeBack")}
      </Act>
    );
  }
  if (!may("POST", "/v1/releases/{id}/release")) return null;
  return (
    <div class="acts" role="group" aria-label={say("approvals.decide")}>
      <Act kind="main" name="release" act={letGo}>
        {say("approvals.release")}
      </Act>
      <label>
        {say("approvals.reason")}
        <input dir="auto" maxLength={500} value={reason.value} onInput={({ currentTarget }) => (reason.value = currentTarget.value)} />
      </label>
      <Act name="return" act={giveBack}>
        {say("approvals.return")}
      </Act>
    </div>
  );
} // prettier-ignore

function Whole({ of }: { readonly of: Shown }): VNode {
  const { state, sentAs, madeAt, reason, reasons, problems } = of.release;
  return (
    <>
      <p>
        {say(`release.${state}`)} · {renderMoment(madeAt)}
        {reason === undefined ? null : <q dir="auto">{reason}</q>}
      </p>
      {sentAs === undefined ? null : (
        <p data-sent={sentAs}>
          <a href={hrefOf(`message/${sentAs}`)}>{say("act.show")}</a>
        </p>
      )}
      {state !== "WAITING" ? null : (
        <>
          <p>
            {say("approvals.why")} {reasons.map(tellReason).join(" · ")}
          </p>
          {problems.length === 0 ? null : <p class="bad">{say("form.faults", { n: problems.length })}</p>}
          <RenderedMessage html={of.html} />
          <Readers of={of.release} />
          <Decision of={of} />
        </>
      )}
    </>
  );
} // prettier-ignore

/** Exactly what would be sent now and to whom; a second officer lets it go or gives it back. */
export function Approval({ id }: { readonly id: string }): VNode {
  const shown = useLoad(`${id} ${tick.value} ${language.value}`, async () => await getRelease(id));
  const type = shown.state.value.value?.release.type;
  return (
    <>
      <Heading title={type === undefined ? say("nav.approvals") : typeName(type)} />
      <Panel of={shown}>{(of) => <Whole of={of} />}</Panel>
    </>
  );
}
