import { makeTables } from "../../gateways/statistics/nightly.ts";
import { checkExchangeFigures } from "./exchange-figures.ts";
import { renderInstant } from "../../schemas/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { exampleNow } from "./submissions.ts";
import type { Talk, Words } from "./talk.ts";
import type { WorldApis } from "./world-apis.ts";
import type { World } from "./world.ts";

type Json = Readonly<Record<string, unknown>>;

/** What came back, read whole. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
}

interface PassingChange {
  readonly purposes?: readonly string[];
  readonly crimes?: readonly string[];
  readonly handling?: string;
}

export { planWithoutSea } from "./exchange-figures.ts";

/** What people of several agencies do again and again in the cases of the domain. */
export interface Cases {
  later(ms: number): string;
  /** Asks a gateway as its own people do. */
  ask(agency: string, path: string, more?: { readonly body?: object; readonly accept?: string }): Promise<Answer>;
  /** One asks another, which answers with a person and a finding. */
  answered(who: { readonly from: string; readonly to: string; readonly handling: string }): Promise<{ readonly thread: string; readonly reply: string }>;
  /** What is passed on, in words of one's own. */
  passing(ids: readonly string[], change?: PassingChange): Words;
  consents(about: { readonly owner: string; readonly holder: string; readonly target: string }, grant: object): Promise<string>;
  /** What a central authority adds to a request that was begun: of Ghana, to Senegal. */
  completed(message: Json, inner?: object): Json;
  /** The entry of ng/tcu in the directory. */
  entry(verifiedAt: string): Words;
  /** What a gateway writes at night once the month is over: its table of trafficking, or of another type. */
  figures(agency: string, type?: string): Promise<Json>;
  /** That figures of the exchange reach a reader and tell him of nobody. */
  checkExchange(from: string, reader: string): Promise<void>;
} // prettier-ignore

interface Place {
  readonly world: World;
  readonly talk: Talk;
  readonly apis: WorldApis;
}

const day = 86_400_000;
const purposes = ["INVESTIGATION"];
const crimes = ["drugs"];

async function ask({ apis }: Place, { agency, path, body, accept }: { readonly agency: string; readonly path: string; readonly body?: object; readonly accept?: string }): Promise<Answer> {
  const headers = { "atumpan-purpose": "INVESTIGATION", ...(accept === undefined ? {} : { accept }) };
  const own = { "content-type": "application/json", "idempotency-key": `cases ${path} ${JSON.stringify(body)}`.slice(0, 100) };
  const init = body === undefined ? { headers } : { method: "POST", headers: { ...headers, ...own }, body: JSON.stringify(body) };
  const answer = await apis.call(agency, path, init);
  const text = await answer.text();
  const isJson = /[/+]json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, text, json: isJson ? (JSON.parse(text) as Json) : {} };
} // prettier-ignore

async function answered({ talk }: Place, { from, to, handling }: Parameters<Cases["answered"]>[0]): ReturnType<Cases["answered"]> {
  const thread = await talk.say(from, [to], "request.information", { crimes, inner: { purposes } });
  const finding = { text: "The lorry was sold in Kano.", lang: "en" };
  const person = { ref: "p1", roles: ["SUSPECT"], sex: "M", names: [{ kind: "LEGAL", full: "Bola Example" }] };
  const itemAnswers = [{ item: "IDENTITY", outcome: "HIT", refs: ["p1"], text: finding }];
  const none = { organisations: [], objects: undefined, attachments: undefined, consents: undefined };
  const body = { ...none, outcome: "HIT", itemCodes: ["IDENTITY"], itemAnswers, persons: [person], remarks: finding };
  const reply = await talk.say(to, [from], "reply.final", { thread, crimes, handling, body, inner: { purposes } });
  return { thread, reply };
} // prettier-ignore

async function consents({ talk, world }: Place, { owner, holder, target }: Parameters<Cases["consents"]>[0], grant: object): Promise<string> {
  const validUntil = renderInstant(world.clock.now() + 30 * day);
  const whole = { purposes, crimes, validUntil, consentConditions: undefined, conditionText: undefined, ...grant };
  const body = { targetIds: [target], consentDecision: "GRANTED", copy: undefined, pointers: undefined, grant: whole };
  return await talk.say(owner, [holder], "dissemination.consent_decision", { about: target, crimes, body });
} // prettier-ignore

function completed({ world }: Place, message: Json, inner: object): Json {
  const { body, inner: said } = exampleNow("mla.request", world.clock.now());
  const { offences, dualCriminality, measures, issuingBody } = body as Json;
  const [{ refs: _refs, freezeId: _freeze, ...measure }] = measures as readonly [Json];
  const side = (country: string, agency: string): object => ({ country, agency, name: { text: "Central authority (example)", lang: "en" } });
  const added = { assistance: ["BANK_RECORDS"], offences, dualCriminality, issuingBody, measures: [measure], linkToAssistance: { text: "The account shows it.", lang: "en" } };
  const legalBasis = [{ scheme: "UNTOC", code: "18" }];
  return {
    ...message,
    inner: { ...(message["inner"] as Json), legalBasis, contact: (said as Json)["contact"], ...inner },
    body: { ...(message["body"] as Json), ...added, requesting: side("GH", "gh/tcu"), requested: side("SN", "sn/tcu") },
  };
} // prettier-ignore

function entry({ world }: Place, verifiedAt: string): Words {
  const at = (days: number): string => renderInstant(world.clock.now() + days * day);
  const contact = { agency: "ng/tcu", email: "desk@justice.example", phone: "+2348000000000", languages: ["en"] };
  const what = { country: "NG", crimes, functions: ["MLA", "ASSET_RECOVERY"], agency: "ng/tcu", contact };
  return { crimes, body: { ...what, certificateDigests: undefined, verifiedAt, validFrom: at(-400), validUntil: at(300) } };
} // prettier-ignore

async function figures({ talk, world }: Place, from: string, type = "tip.statistics"): Promise<Json> {
  const { agency, exchange, office } = talk.gateway(from);
  const { store, log } = office;
  const drafts: string[] = [];
  await makeTables({
    agency, store, log, chance: systemChance, choice: { period: "MONTH", sends: true, exchange: "SEND" }, source: () => "POLICE_RECORDS", recsFor: () => ["ecowas"],
    clock: { ...world.clock, now: () => world.clock.now() + 31 * day },
    countWrong: async (submission) => (await exchange.validate(submission)).problems.length,
    send: async (id) => void drafts.push(id),
  });
  const made = drafts.flatMap((id) => store.drafts.get(id) ?? []).find((one) => one.type === type);
  return JSON.parse(made?.content ?? "{}") as Json;
} // prettier-ignore

/** Builds it for gateways that talk. */
export function makeCases(place: Place): Cases {
  const made: Cases = {
    later: (ms) => renderInstant(place.world.clock.now() + ms),
    ask: (agency, path, more = {}) => ask(place, { agency, path, ...more }),
    answered: (who) => answered(place, who),
    passing: (ids, { purposes: why = purposes, crimes: what = crimes, handling = "H2" } = {}) => ({
      crimes: what,
      handling,
      inner: { passesOn: ids, purposes: why, courtUse: undefined },
    }),
    consents: (about, grant) => consents(place, about, grant),
    completed: (message, inner = {}) => completed(place, message, inner),
    entry: (verifiedAt) => entry(place, verifiedAt),
    figures: (agency, type) => figures(place, agency, type),
    checkExchange: (from, reader) =>
      checkExchangeFigures({ talk: place.talk, cases: made }, from, reader),
  };
  return made;
}
