import { resolve } from "node:path";
import { z } from "zod";

import { codeList } from "../../schemas/index.ts";
import { type Bytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { saveFile } from "./save-file.ts";

/** What more is known of it. */
export interface LookupOptions {
  readonly country?: string;
  readonly type?: string;
  readonly born?: string;
  readonly draft?: string;
}

/** What is looked up. */
export interface LookupWish {
  readonly kind: string;
  readonly what: string;
}

const hitShape = z.looseObject({
  record: z.string(),
  owner: z.string(),
  recordKind: z.string(),
  matchBasis: z.string(),
  onFinding: z.string(),
  createdAt: z.string(),
  correctedBy: z.array(z.string()),
  confirm: z.string(),
  hitNotice: z.unknown().optional(),
});
const shape = z.looseObject({
  dataAsOf: z.string(),
  ageSeconds: z.number(),
  old: z.boolean(),
  answers: z.array(
    z.looseObject({ answer: z.string(), hits: z.array(hitShape), more: z.boolean() }),
  ),
});

type Hit = z.infer<typeof hitShape>;
type Answer = z.infer<typeof shape>;

function readBirth(born: string): Readonly<Record<string, number>> {
  const read = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(born);
  if (read === null) throw new Fault("USAGE_INVALID", "--born is 1979, 1979-02 or 1979-02-14");
  const parts = ["year", "month", "day"].map((name, at) => [name, read[at + 1]] as const);
  return Object.fromEntries(
    parts.flatMap(([name, digits]) => (digits === undefined ? [] : [[name, Number(digits)]])),
  );
}

function subjectOf({ kind: asked, what }: LookupWish, options: LookupOptions): unknown {
  const kind = asked.toUpperCase();
  if (codeList("QUERY_KIND")?.codes.includes(kind) !== true) {
    throw new Fault("USAGE_INVALID", "the first word says what it is, such as document or vehicle");
  }
  const { country: issuerCountry, type: documentType, born } = options;
  if (kind !== "PERSON") return { kind, identifier: what, issuerCountry, documentType };
  if (born === undefined) throw new Fault("USAGE_INVALID", "a person is looked up with --born");
  return { kind, name: what, birth: readBirth(born) };
}

function renderHit(hit: Hit): string {
  const { record, owner, recordKind, matchBasis, onFinding, createdAt } = hit;
  const confirm =
    hit.confirm === "OURS"
      ? "our own record"
      : `a lead only: ${owner} confirms before anybody acts`;
  return [
    `HIT  ${recordKind}  by ${matchBasis}  of ${owner}, ${renderMinute(createdAt)}  ${record}`,
    `     asked of a finder: ${onFinding}; ${confirm}`,
    ...hit.correctedBy.map((id) => `     corrected since; read ${id}`),
  ].join("\n");
}

const noHits: Readonly<Record<string, string>> = {
  CALL_US: "Something is held that may not be read for this purpose. Ask your supervisor.",
  NO_HIT: "No hit.",
};

function renderAge({ dataAsOf, ageSeconds, old }: Answer): string {
  const hours = Math.floor(ageSeconds / 3600);
  const mark = old ? "  OLD: ask the owner by another way too" : "";
  return `By what was here at ${renderMinute(dataAsOf)}, ${hours} hours ago.${mark}`;
}

function oneChunk(text: string): AsyncIterable<Bytes> {
  return (async function* () {
    yield await Promise.resolve(utf8(text));
  })();
}

async function saveDraft(desk: Desk, file: string, hits: readonly Hit[]): Promise<void> {
  const [hit] = hits;
  if (hit?.hitNotice === undefined || hits.length > 1) {
    throw new Fault("USAGE_INVALID", "--draft is for one hit on a record of others; there is not exactly one");
  } // prettier-ignore
  await saveFile(resolve(desk.world.cwd, file), oneChunk(`${JSON.stringify(hit.hitNotice, null, 2)}\n`)); // prettier-ignore
  desk.say(`The notice to ${hit.owner} is begun in ${file}: add place, context, actionTaken and confirmBy, then send it.`); // prettier-ignore
}

/**
 * Says whether something or somebody is sought, and how old that knowledge is. Ends with 0 when there is an answer, hit or not:
 * scripts read `answers`.
 */
export async function runLookup(
  desk: Desk,
  wish: LookupWish,
  options: LookupOptions,
): Promise<number> {
  const body = JSON.stringify({ subjects: [subjectOf(wish, options)] });
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/lookups", headers, body } as const;
  const answer = await desk.client().askFor(shape, question);
  const hits = answer.answers.flatMap((one) => one.hits);
  const none = noHits[answer.answers[0]?.answer ?? ""] ?? "No answer.";
  const lines = hits.length === 0 ? [none] : hits.map(renderHit);
  desk.result(answer, [...lines, renderAge(answer)].join("\n"));
  if (options.draft !== undefined) await saveDraft(desk, options.draft, hits);
  return exitCodes.ok;
}
