import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { stir } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { renderMoment } from "../ground/moments.ts";
import { may, proving } from "../ground/session.ts";
import { labelOf, say } from "../ground/words.ts";
import { Act } from "./act.tsx";
import { Panel } from "./panel.tsx";

type Words =
  paths["/v1/messages/{id}/words"]["get"]["responses"]["200"]["content"]["application/json"];

async function getWords(id: string): Promise<Words> {
  return had((await api.GET("/v1/messages/{id}/words", { params: { path: { id } } })).data);
}

function Accepting({ of }: { readonly of: Words }): VNode {
  const { id, originator, handling, createdAt, words, digest } = of;
  const accept = async (): Promise<void> => {
    const params = { path: { id } };
    await proving(async () => await api.POST("/v1/messages/{id}/accept", { params, body: { digest: digest ?? "" } }));
    stir();
  };
  return (
    <>
      <p>
        <bdi dir="ltr">{originator}</bdi> · {renderMoment(createdAt)} · <bdi dir="ltr">{handling}</bdi> – {labelOf("HANDLING", handling)}
      </p>
      <p>{say("words.first")}</p>
      {words === undefined ? null : <blockquote lang={words.lang} dir="auto">{words.text}</blockquote>}
      {digest === undefined || !may("POST", "/v1/messages/{id}/accept") ? null : (
        <Act kind="main" name="accept-words" act={accept}>
          {say("words.accept")}
        </Act>
      )}
    </>
  );
} // prettier-ignore

/** By which words a message may be used: a person reads and accepts them, for all of the agency, before anybody is shown the content. */
export function WordsOfUse({ id }: { readonly id: string }): VNode {
  const words = useLoad(id, async () => await getWords(id));
  return (
    <section aria-label={say("words.title")} data-part="words-of-use">
      <Panel of={words}>{(of) => <Accepting of={of} />}</Panel>
    </section>
  );
}
