import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { codesOf, language, say } from "../ground/words.ts";
import { Act } from "./act.tsx";

type Decision =
  paths["/v1/register/decision"]["get"]["responses"]["200"]["content"]["application/json"];

type Query = paths["/v1/register/decision"]["get"]["parameters"]["query"];

const handlings = ["H0", "H1", "H2", "H3"] as const;

/** What is asked of the register; names and codes are judged there. */
function readForm(form: HTMLFormElement): Query {
  const data = new FormData(form);
  const of = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const agency = of("agency");
  const action = of("action") === "READ" ? "READ" : "PUBLISH";
  const originator = action === "READ" ? of("originator") : agency;
  const handling = handlings.find((one) => one === of("handling")) ?? "H0";
  return { action, agency, originator, scope: of("scope"), type: of("type"), crime: of("crime"), handling };
} // prettier-ignore

function Answer({ of: { allow, reasons } }: { readonly of: Decision }): VNode {
  return (
    <div role="status" data-allow={allow}>
      <p>
        <strong>{say(allow ? "test.yes" : "test.no")}</strong>
      </p>
      <ul>
        {reasons.map(({ code, says }) => (
          <li key={code}>{says}</li>
        ))}
      </ul>
    </div>
  );
}

function Options({ list }: { readonly list: string }): VNode {
  return (
    <>
      {codesOf(list).map(([code, label]) => (
        <option key={code} value={code}>
          {label}
        </option>
      ))}
    </>
  );
}

/** Asks the function that decides, before anybody relies on a rule. */
export function RuleTest(): VNode {
  const answer = useSignal<Decision | undefined>(undefined);
  const form = useSignal<HTMLFormElement | null>(null);
  const ask = async (): Promise<void> => {
    answer.value = undefined;
    if (form.value === null) return;
    const query = { ...readForm(form.value), lang: language.value };
    answer.value = had((await api.GET("/v1/register/decision", { params: { query } })).data);
  };
  return (
    <section aria-labelledby="test">
      <h2 id="test">{say("test.title")}</h2>
      <form id="rule" class="filters" ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("admin.agency")}
          <input name="agency" dir="ltr" autocomplete="off" />
        </label>
        <label>
          {say("test.action")}
          <select name="action">
            <option value="READ">{say("rules.reads")}</option>
            <option value="PUBLISH">{say("rules.sends")}</option>
          </select>
        </label>
        <label>
          {say("test.originator")}
          <input name="originator" dir="ltr" autocomplete="off" />
        </label>
        <label>
          {say("test.scope")}
          <input name="scope" dir="ltr" autocomplete="off" defaultValue="direct" />
        </label>
        <label>
          {say("analysis.type")}
          <input name="type" dir="ltr" autocomplete="off" defaultValue="alert.incident" />
        </label>
        <label>
          {say("inbox.crime")}
          <select name="crime">
            <Options list="CRIME" />
          </select>
        </label>
        <label>
          {say("test.handling")}
          <select name="handling">
            <Options list="HANDLING" />
          </select>
        </label>
        <Act act={ask} kind="main" name="test">
          {say("test.ask")}
        </Act>
      </form>
      {answer.value === undefined ? null : <Answer of={answer.value} />}
    </section>
  );
} // prettier-ignore
