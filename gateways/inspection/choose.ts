import {
  type Bytes,
  concatBytes,
  Fault,
  parseUuid,
  renderHex,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import { drawPositions, makeSeed } from "./draw.ts";
import type { Inspection } from "./keep.ts";
import type { InspectionParts } from "./parts.ts";
import { type InspectionContent, type InspectionScope, maxMessages } from "./shapes.ts";

type Sample = Extract<InspectionScope, { kind: "SAMPLE" }>;

const pageRows = 500;
/** What one sample is drawn from at most. */
export const maxPopulation = 200_000;

/** Lets others have their turn: a long period takes a while to read. */
async function rest(): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
}

/** Ids of all that was sent and received in a period, the oldest first; erased ones too, and nothing of quarantine. */
async function readPopulation({ store }: InspectionParts, { from: since, to: until, box }: Sample): Promise<readonly Bytes[]> {
  const newestFirst: Bytes[] = [];
  for (let before: number | undefined; ;) {
    const page = store.messages.list({ box, since, until, before, limit: pageRows });
    newestFirst.push(...page.filter(({ state }) => state !== "QUARANTINED").map(({ id }) => id));
    before = page.at(-1)?.seq;
    if (page.length < pageRows || before === undefined) return newestFirst.toReversed();
    await rest();
  }
} // prettier-ignore

/** The messages of a scope that names them. @throws {Fault} REQUEST_TOO_LARGE */
export function findNamed({ store }: InspectionParts, scope: Exclude<InspectionScope, Sample>): readonly string[] {
  if (scope.kind === "MESSAGES") return [...new Set(scope.messages)];
  const steps = store.threads.steps(parseUuid(scope.thread));
  const ids = steps.flatMap(({ message }) => {
    const found = store.messages.summary(message);
    return found === undefined ? [] : [renderUuid(found.id)];
  });
  const all = [...new Set(ids)];
  if (all.length <= maxMessages) return all;
  throw new Fault("REQUEST_TOO_LARGE", `the thread has more than ${maxMessages} messages; name those that are meant`);
} // prettier-ignore

/** What an inspection is of, before anything is drawn: how many messages, and a digest of their ids in their order. */
export interface Population {
  readonly count: number;
  readonly digest: string;
}

function measure(ids: readonly Bytes[]): Population {
  return { count: ids.length, digest: renderHex(sha256(concatBytes(...ids))) };
}

/** What a scope is of now. @throws {Fault} REQUEST_TOO_LARGE */
export async function findPopulation(parts: InspectionParts, scope: InspectionScope): Promise<Population> {
  if (scope.kind === "SAMPLE") return measure(await readPopulation(parts, scope));
  return measure(findNamed(parts, scope).map(parseUuid));
} // prettier-ignore

/**
 * What both keys turn for, in one spelling. Its digest stands in the line of the opening, which the hub's log binds: so the
 * nonce, and what is drawn from, were fixed before anybody could know the draw.
 */
export function renderTerms({ id, ground, reference, until, scope }: Inspection, { count, digest }: Population): string {
  const drawn = scope.kind === "SAMPLE" ? [scope.from, scope.to, scope.box ?? "", scope.count, scope.nonce] : [];
  return JSON.stringify(["atumpan-inspection-terms-1", id, ground, reference, until, scope.kind, ...drawn, count, digest]);
} // prettier-ignore

/** What came of a draw. */
export type Drawn = Required<Pick<InspectionContent, "draw" | "messages">>;

/**
 * Draws a sample, once the opening stands in the hub's log and that was proved here; undefined while it does not. The seed is
 * fixed by the log's order at that place, so nobody who turned a key can wait for one that suits him.
 */
export async function drawSample(parts: InspectionParts, { id, scope, openedLine }: Inspection): Promise<Drawn | undefined> {
  const act = openedLine === undefined ? undefined : parts.store.logActs.of(openedLine);
  if (scope.kind !== "SAMPLE" || act?.ownRoot === undefined || act.proved === undefined) return undefined;
  const { origin, index } = act.proved;
  const ids = await readPopulation(parts, scope);
  const seed = makeSeed({ root: act.ownRoot, inspection: id, nonce: Buffer.from(scope.nonce, "hex") });
  const positions = drawPositions(seed, ids.length, scope.count);
  const population = measure(ids);
  const draw = { origin, size: index + 1, root: renderHex(act.ownRoot), seed: renderHex(seed), population, positions: [...positions] };
  const messages = positions.flatMap((position) => {
    const found = ids[position - 1];
    return found === undefined ? [] : [renderUuid(found)];
  });
  return { draw, messages };
} // prettier-ignore
