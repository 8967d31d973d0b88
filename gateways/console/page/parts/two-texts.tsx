import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { differencesOf } from "../forms/differ.ts";
import type { Form } from "../forms/form.ts";
import { namePath, sayValue } from "../forms/names.ts";
import type { Choice, DraftWork, Meanwhile } from "../ground/draft.ts";
import { renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

function Both({ draft, form, theirs }: { readonly draft: DraftWork; readonly form: Form; readonly theirs: Meanwhile }): VNode {
  return (
    <table class="figures two-texts">
      <caption>{say("two.caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("two.place")}</th>
          <th scope="col">{say("two.mine")}</th>
          <th scope="col">
            {say("two.theirs")} ({renderMoment(theirs.at)})
          </th>
        </tr>
      </thead>
      <tbody>
        {differencesOf(draft.message.value, theirs.message).map(({ path, pointer, mine, theirs: other }) => (
          <tr key={pointer} data-differs={pointer}>
            <th scope="row">{namePath(form, path)}</th>
            <td dir="auto">{sayValue(form, path, mine)}</td>
            <td dir="auto">{sayValue(form, path, other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
} // prettier-ignore

/** Two texts of one draft beside each other. Whichever is gone on with, the other is kept as a draft of its own. */
export function TwoTexts({ draft, form }: { readonly draft: DraftWork; readonly form: Form }): VNode | null {
  const kept = useSignal("");
  const theirs = draft.meanwhile.value;
  if (theirs === undefined) {
    if (kept.value === "") return null;
    return (
      <p class="note" role="status">
        {say("two.kept")} <a data-kept href={hrefOf(`write/${kept.value}`)}>{say("act.show")}</a>
      </p>
    );
  }
  const settle = (choice: Choice) => async (): Promise<void> => {
    kept.value = await draft.settle(choice);
  };
  return (
    <div class="problem" role="alert" data-part="two-texts">
      <h2>{say("two.title")}</h2>
      <Both draft={draft} form={form} theirs={theirs} />
      <p>{say("two.note")}</p>
      <div class="acts">
        <Act kind="main" name="keep-mine" act={settle("mine")}>
          {say("two.keepMine")}
        </Act>
        <Act name="take-theirs" act={settle("theirs")}>
          {say("two.takeTheirs")}
        </Act>
      </div>
    </div>
  );
} // prettier-ignore
