import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { api, had } from "../../ground/api.ts";
import { keepFile } from "../../ground/download.ts";
import { useLoad } from "../../ground/load.ts";
import { Refusal } from "../../ground/problem.ts";
import {
  askEnrolment,
  askRevocation,
  type Impact,
  type RequestFile,
  type RightLine,
} from "../../ground/request-file.ts";
import { language, say, type WordId } from "../../ground/words.ts";
import { Act } from "../../parts/act.tsx";
import { Lines, Reach } from "../../parts/agency-rules.tsx";
import { Panel } from "../../parts/panel.tsx";

const causes: readonly (readonly [code: string, word: WordId])[] = [
  ["KEY_COMPROMISE", "cause.key"],
  ["CESSATION_OF_OPERATION", "cause.end"],
  ["PRIVILEGE_WITHDRAWN", "cause.withdrawn"],
  ["AFFILIATION_CHANGED", "cause.moved"],
  ["SUPERSEDED", "cause.replaced"],
];

/** Kinds of agencies, by their labels. */
async function loadKinds(): Promise<readonly (readonly [code: string, label: string])[]> {
  const params = { path: { list: "AGENCY_KIND" }, query: { lang: language.value } } as const;
  const { codes } = had((await api.GET("/v1/codelists/{list}", { params })).data);
  return codes.map(({ code, label }) => [code, label] as const);
}

/** How the register has an agency now: what became of a request. */
type Standing = "requests.absent" | "requests.listed" | "requests.certified" | "requests.suspended";

async function findImpact(agency: string): Promise<Impact | undefined> {
  try {
    return had((await api.GET("/v1/register/impact", { params: { query: { agency } } })).data);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

async function findLines(agency: string): Promise<readonly RightLine[]> {
  return had((await api.GET("/v1/register/rules", { params: { query: { agency } } })).data).nominations;
} // prettier-ignore

async function findStanding(agency: string): Promise<Standing> {
  const impact = await findImpact(agency);
  if (impact === undefined) return "requests.absent";
  const rules = had((await api.GET("/v1/register/rules", { params: { query: { agency } } })).data);
  if (rules.suspendedFrom !== undefined) return "requests.suspended";
  return impact.certificates > 0 ? "requests.certified" : "requests.listed";
}

function textIn(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** Hands the file to the person: once when it was made, and again whenever she asks. */
function keepRequest({ text, name }: RequestFile): void {
  keepFile({ blob: new Blob([text], { type: "application/json" }), name });
}

/** The file, what is read aloud of it, and who does what with it next. */
function Made({ of, command }: { readonly of: RequestFile; readonly command: string }): VNode {
  return (
    <div class="done" role="status" data-request={of.name}>
      <p>{say("requests.read")}</p>
      <p>
        <code class="fingerprint" dir="ltr">{of.fingerprint}</code>
      </p>
      <button type="button" data-act="keep-request" onClick={() => keepRequest(of)}>
        {say("requests.keep")} <bdi dir="ltr">{of.name}</bdi>
      </button>
      <p>{say("requests.next")}</p>
      <p>
        <code dir="ltr">{command}</code>
      </p>
    </div>
  );
} // prettier-ignore

interface FieldProps {
  readonly name: string;
  readonly word: WordId;
  readonly placeholder?: string;
  /** Called when the person leaves the field with another text in it. */
  readonly said?: () => void;
}

function Field({ name, word, placeholder, said }: FieldProps): VNode {
  const isName = placeholder !== undefined;
  return (
    <label>
      {say(word)}
      <input name={name} dir={isName ? "ltr" : "auto"} autocomplete="off" onChange={said} {...(isName ? { placeholder } : {})} />
    </label>
  );
} // prettier-ignore

function Options({ name, word, of }: { readonly name: string; readonly word: WordId; readonly of: readonly (readonly [code: string, label: string])[] }): VNode {
  return (
    <label>
      {say(word)}
      <select name={name}>
        {of.map(([code, label]) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
} // prettier-ignore

/** One form whose button makes a file. */
function useForm(): Signal<HTMLFormElement | null> {
  return useSignal<HTMLFormElement | null>(null);
}

function Enrol(): VNode {
  const form = useForm();
  const kinds = useLoad(language.value, loadKinds);
  const lines = useSignal<readonly RightLine[]>([]);
  const made = useSignal<RequestFile | undefined>(undefined);
  const make = async (): Promise<void> => {
    const { value } = form;
    if (value === null) return;
    const read = (name: string): string => textIn(value, name);
    made.value = undefined;
    lines.value = await findLines(read("like"));
    const languages = read("languages").split(/[\s,]+/).filter((one) => one !== "");
    const wish = { agency: read("agency"), agencyKind: read("agencyKind"), languages, reason: read("reason") };
    const file = await askEnrolment({ ...wish, like: lines.value });
    made.value = file;
    keepRequest(file);
  };
  return (
    <section aria-labelledby="enrol">
      <h2 id="enrol">{say("requests.enrol")}</h2>
      <p class="aside">{say("requests.enrolHelp")}</p>
      <form class="filters" ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
        <Field name="agency" word="admin.agency" placeholder="gh/customs" />
        <Options name="agencyKind" word="requests.kind" of={kinds.state.value.value ?? []} />
        <Field name="languages" word="requests.languages" placeholder="en, fr" />
        <Field name="like" word="requests.like" placeholder="gh/tcu" />
        <Field name="reason" word="requests.reason" />
        <Act act={make} kind="main" name="ask-enrol">
          {say("requests.make")}
        </Act>
      </form>
      {made.value === undefined ? null : (
        <>
          <Lines title={say("requests.wanted")} of={lines.value} />
          <Made of={made.value} command={`atumpan register asked ${made.value.name} --as KEY --fingerprint "…"`} />
        </>
      )}
    </section>
  );
} // prettier-ignore

interface RevocationProps {
  readonly form: Signal<HTMLFormElement | null>;
  readonly impact: Impact;
}

/** What hangs on the agency, and below it the only button that makes the file. */
function Revocation({ form, impact }: RevocationProps): VNode {
  const made = useSignal<RequestFile | undefined>(undefined);
  const make = async (): Promise<void> => {
    const { value } = form;
    if (value === null) return;
    const [cause, reason] = [textIn(value, "cause"), textIn(value, "reason")];
    const file = await askRevocation({ agency: impact.agency, cause, reason, impact });
    made.value = file;
    keepRequest(file);
  };
  return (
    <>
      <Reach of={impact} />
      <Act act={make} kind="main" name="ask-revoke">
        {say("requests.make")}
      </Act>
      {made.value === undefined ? null : (
        <Made of={made.value} command={`atumpan register asked ${made.value.name} --as KEY --fingerprint "…"`} />
      )}
    </>
  );
} // prettier-ignore

/** What hangs on an agency is seen, as soon as it is named, before the file is made: no button for it stands there earlier. */
function Revoke(): VNode {
  const form = useForm();
  const agency = useSignal("");
  const impact = useLoad(agency.value, async () => {
    const query = { agency: agency.value };
    if (query.agency === "") return null;
    return had((await api.GET("/v1/register/impact", { params: { query } })).data);
  });
  const look = (): void => {
    const named = form.value === null ? "" : textIn(form.value, "agency");
    if (named === agency.value) impact.again();
    agency.value = named;
  };
  return (
    <section aria-labelledby="revoke">
      <h2 id="revoke">{say("requests.revoke")}</h2>
      <form class="filters" ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
        <Field name="agency" word="admin.agency" placeholder="gh/tcu" said={look} />
        <Options name="cause" word="requests.cause" of={causes.map(([code, word]) => [code, say(word)])} />
        <Field name="reason" word="requests.reason" />
        <button type="button" data-act="see-reach" onClick={look}>
          {say("requests.see")}
        </button>
      </form>
      <Panel of={impact}>
        {(found) => (found === null || found.agency !== agency.value ? null : <Revocation key={found.agency} form={form} impact={found} />)}
      </Panel>
    </section>
  );
} // prettier-ignore

/** What became of a request, by the register in force here: nothing else says that it was done. */
function Became(): VNode {
  const form = useForm();
  const found = useSignal<Standing | undefined>(undefined);
  const look = async (): Promise<void> => {
    found.value = undefined;
    if (form.value !== null) found.value = await findStanding(textIn(form.value, "agency"));
  };
  return (
    <section aria-labelledby="became">
      <h2 id="became">{say("requests.became")}</h2>
      <form class="filters" ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
        <Field name="agency" word="admin.agency" placeholder="gh/customs" />
        <Act act={look} name="became">
          {say("act.show")}
        </Act>
      </form>
      {found.value === undefined ? null : (
        <p role="status" data-standing={found.value}>
          {say(found.value)}
        </p>
      )}
    </section>
  );
} // prettier-ignore

/** Agencies that come and go: asked for here, decided by two officers of their state's authority, seen here once the register says it. */
export function Requests(): VNode {
  return (
    <>
      <p class="aside">{say("requests.help")}</p>
      <Enrol />
      <Revoke />
      <Became />
    </>
  );
}
