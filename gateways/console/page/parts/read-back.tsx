import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { api, had } from "../ground/api.ts";
import type { Submission } from "../ground/answers.ts";
import { useLoad } from "../ground/load.ts";
import { zone } from "../ground/moments.ts";
import { language, languages, say } from "../ground/words.ts";
import { Panel } from "./panel.tsx";
import { RenderedMessage } from "./rendered.tsx";

async function preview(body: Submission, lang: string): Promise<string> {
  const headers = { accept: `text/html;lang=${lang};zone=${zone}` };
  const { data } = await api.POST("/v1/messages:preview", { body, headers, parseAs: "text" });
  return had<string>(data);
}

/** The message as its reader will see it, in his language: nothing of it is translated but codes and labels. */
export function ReadBack({ message }: { readonly message: Submission }): VNode {
  const chosen = useSignal("");
  const lang = chosen.value === "" ? language.value : chosen.value;
  const shown = useLoad(lang, async () => await preview(message, lang));
  return (
    <section aria-labelledby="read-back">
      <h2 id="read-back">{say("check.readBack")}</h2>
      <label>
        {say("check.readBackIn")}
        <select value={lang} onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}>
          {languages.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <Panel of={shown}>{(html) => <RenderedMessage html={html} />}</Panel>
    </section>
  );
}
