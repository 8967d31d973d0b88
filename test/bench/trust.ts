/**
 * `npm run bench -- --trust`: what trust costs, each act against the bare primitives under it in the same rounds:
 * proving a statement and a path, loading a large register, deciding, sealing and opening. Processor time of one core,
 * median and middle half.
 */
import { audienceOf, decide, type Question, verifyRegister } from "../../certs/trust/index.ts";
import { pkiNow } from "../kit/pki.ts";
import { compareCosts, type Cost } from "./rounds.ts";
import { measureColdPath, measureKnownCa, measureStatement } from "./trust-proofs.ts";
import { type BigRegister, makeBigRegister } from "./trust-register.ts";
import { measureSeals } from "./trust-seals.ts";

const crime = "drugs";

/** One figure, what it is told in, and what is aimed at. */
export interface TrustFigure {
  readonly name: string;
  readonly cost: Cost;
  /** The primitives under it, in the same rounds. */
  readonly bare?: Cost | undefined;
  readonly aim?: string | undefined;
}

/** Questions over the whole register, in each agency's own place and by name; about half have a yes. */
function makeQuestions(view: BigRegister["view"]): readonly Question[] {
  const { agencies, recs } = view;
  const nameAt = (index: number): string =>
    agencies[(index * 7919) % agencies.length]?.agency ?? "";
  return Array.from({ length: 4000 }, (_, index) => {
    const agency = nameAt(index);
    const own = recs.find((rec) => view.mandates(agency, "READ", rec).length > 0);
    const action = index % 4 === 0 ? "PUBLISH" : "READ";
    const originator = action === "PUBLISH" ? agency : nameAt(index + 1);
    const scope = index % 5 === 0 ? "direct" : (own ?? "direct");
    return { action, agency, originator, scope, type: "alert.incident", crime, handling: "H1" };
  });
}

function measureRegister(big: BigRegister): readonly TrustFigure[] {
  const { bytes, anchors, view } = big;
  const header = {
    originator: "ng/tcu",
    type: "alert.incident",
    recs: ["ecowas"],
    crimes: [crime],
    handling: "H1",
  };
  const { load } = compareCosts(
    { load: () => verifyRegister(bytes, anchors) },
    { rounds: 9, calls: 1 },
  );
  const questions = makeQuestions(view);
  let next = 0;
  const ask = (): unknown => decide(view, questions[(next += 1) % questions.length]!, pkiNow);
  const { decided } = compareCosts({ decided: ask }, { rounds: 21, calls: 4000 });
  const { audience } = compareCosts(
    { audience: () => audienceOf(view, header, pkiNow) },
    { rounds: 11, calls: 2 },
  );
  const size = (bytes.length / 2 ** 20).toFixed(1);
  return [
    {
      name: `load a register of ${view.agencies.length} agencies (${size} MiB)`,
      cost: load,
      aim: "< 1 s",
    },
    { name: "decide", cost: decided, aim: "< 20 µs" },
    { name: "the audience of one message, of all agencies", cost: audience },
  ];
}

async function measureProofs(big: BigRegister): Promise<readonly TrustFigure[]> {
  const statement = measureStatement(big);
  const p384 = await measureColdPath("P-384");
  const p256 = await measureColdPath("P-256");
  const { bare, held, anew } = await measureKnownCa();
  return [
    { name: "a statement, path known", cost: statement.ours, bare: statement.bare, aim: "≤ 1.3 ×" },
    { name: "a path never seen, root P-384", cost: p384.ours, bare: p384.bare, aim: "< 2 ms" },
    { name: "a path never seen, root P-256", cost: p256.ours, bare: p256.bare },
    { name: "a new leaf of a CA that was seen", cost: held, bare },
    { name: "the same, in a register read anew", cost: anew, bare },
  ];
}

async function measureSealing(): Promise<readonly TrustFigure[]> {
  const { named, feed, sharing } = await measureSeals();
  return [
    { name: "seal to 8 by name", cost: named.seal, bare: named.bareSeal },
    { name: "open, one of 8", cost: named.open, bare: named.bareOpen },
    { name: "seal to an audience of 120, key shared", cost: feed.seal, bare: feed.bareSeal },
    { name: "open, one of an audience", cost: feed.open, bare: feed.bareOpen },
    { name: "share a key with an audience of 120", cost: sharing.ours, bare: sharing.bare },
  ];
}

/** Measures all of it; takes some two minutes. */
export async function measureTrust(): Promise<readonly TrustFigure[]> {
  const big = await makeBigRegister();
  return [...(await measureProofs(big)), ...measureRegister(big), ...(await measureSealing())];
}

function renderMicros(micros: number): string {
  return micros < 1000 ? `${micros.toFixed(1)} µs` : `${(micros / 1000).toFixed(2)} ms`;
}

function renderFigure({ name, cost, bare, aim = "" }: TrustFigure): string {
  const half = `${renderMicros(cost.low)}–${renderMicros(cost.high)}`;
  const ratio =
    bare === undefined
      ? ""
      : `${(cost.median / bare.median).toFixed(2)} × ${renderMicros(bare.median)}`;
  return [
    name.padEnd(46),
    renderMicros(cost.median).padStart(9),
    half.padStart(22),
    ratio.padStart(20),
    aim.padStart(9),
  ]
    .join(" ")
    .trimEnd();
}

/** A line a figure, and one of JSON. */
export function renderTrust(figures: readonly TrustFigure[]): string {
  const head = [
    "".padEnd(46),
    "median".padStart(9),
    "middle half".padStart(22),
    "÷ bare".padStart(20),
    "aim".padStart(9),
  ].join(" ");
  return `${[head, ...figures.map(renderFigure), JSON.stringify({ trust: figures })].join("\n")}\n`;
}
