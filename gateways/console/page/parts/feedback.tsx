import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { beginWord, sendNow } from "../ground/answers.ts";
import { api, had } from "../ground/api.ts";
import { stir } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { membersOf } from "../ground/members.ts";
import { hrefOf } from "../ground/place.ts";
import { type Language, language, say } from "../ground/words.ts";
import { Act } from "./act.tsx";
import { Panel } from "./panel.tsx";

const type = "feedback.report";
const marks = [5, 4, 3, 2, 1] as const;

async function getUses(lang: Language): Promise<readonly { readonly code: string; readonly label: string }[]> {
  const params = { path: { list: "FEEDBACK_USE" }, query: { lang } };
  return had((await api.GET("/v1/codelists/{list}", { params })).data).codes;
} // prettier-ignore

interface Told {
  readonly usefulness: number;
  readonly usedFor: readonly string[];
}

async function send(to: string, told: Told): Promise<string> {
  const begun = await beginWord(to, type);
  const body = { ...membersOf(begun.body), ...told };
  const { id } = await sendNow({ ...begun, body }, `${to}.feedback`);
  stir();
  return id;
}

type Uses = Awaited<ReturnType<typeof getUses>>;

function Mark({ usefulness }: { readonly usefulness: Signal<number> }): VNode {
  return (
    <label>
      {say("feedback.mark")}
      <select
        name="usefulness"
        value={String(usefulness.value)}
        onChange={({ currentTarget }) => (usefulness.value = Number(currentTarget.value))}
      >
        {marks.map((mark) => (
          <option key={mark} value={String(mark)}>
            {say(`feedback.mark${mark}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function UsedFor({ uses, chosen }: { readonly uses: Uses; readonly chosen: Signal<readonly string[]> }): VNode {
  const turn = (code: string, isOn: boolean): void => {
    chosen.value = isOn ? [...chosen.value, code] : chosen.value.filter((one) => one !== code);
  };
  return (
    <fieldset>
      <legend>{say("feedback.use")}</legend>
      <div class="codes">
        {uses.map(({ code, label }) => (
          <label key={code}>
            <input
              type="checkbox"
              name={code}
              checked={chosen.value.includes(code)}
              onChange={({ currentTarget }) => turn(code, currentTarget.checked)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
} // prettier-ignore

function Form({ to, uses }: { readonly to: string; readonly uses: Uses }): VNode {
  const usefulness = useSignal(3);
  const usedFor = useSignal<readonly string[]>([]);
  const sent = useSignal("");
  if (sent.value !== "") {
    return (
      <p role="status" data-feedback={sent.value}>
        {say("feedback.sent")} <a href={hrefOf(`message/${sent.value}`)}>{say("act.show")}</a>
      </p>
    );
  }
  const tell = async (): Promise<void> => {
    sent.value = await send(to, { usefulness: usefulness.value, usedFor: usedFor.value });
  };
  return (
    <>
      <Mark usefulness={usefulness} />
      <UsedFor uses={uses} chosen={usedFor} />
      <Act kind="main" name="send-feedback" act={tell}>
        {say("feedback.send")}
      </Act>
    </>
  );
}

/** What came of an answer, told to who gave it: how useful it was, and what it was used for. It goes at once. */
export function Feedback({ id }: { readonly id: string }): VNode {
  const uses = useLoad(language.value, async () => await getUses(language.value));
  return (
    <div data-part="feedback">
      <Panel of={uses}>{(all) => <Form to={id} uses={all} />}</Panel>
    </div>
  );
}
