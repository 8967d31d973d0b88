import { type EncodedQuestion, type PathAnswer, verifyPath } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { type Draw, makeDraw } from "../fuzz/draw.ts";
import { parseDer } from "../../certs/shape/index.ts";
import { makeList, makeWorld, type World } from "./made-chain.ts";
import { drawEntryExtensions, drawWorld } from "./mutate-world.ts";
import { findDifference } from "./openssl-differences.ts";
import type { Openssl } from "./openssl.ts";

type Question = World["question"];

function serialOf(certificate: Bytes): Bytes {
  return parseDer(certificate).children[0]!.children[1]!.content;
}

/** Puts the leaf or its issuing CA on a list. */
function revoke(draw: Draw, { root, issuing, question }: World): Question {
  const [rootList, issuingList] = question.crls;
  const [ca] = question.intermediates;
  const entry = (of: Bytes) => ({ serial: serialOf(of), extensions: drawEntryExtensions(draw) });
  const isLeaf = draw.below(2) === 0;
  const crls = isLeaf
    ? [rootList!, makeList(issuing, { entries: [entry(question.leaf)] })]
    : [makeList(root, { entries: [entry(ca!)] }), issuingList!];
  return { ...question, crls };
}

/** Changes one to three octets of one document. */
function flip(draw: Draw, question: Question): Question {
  const change = (document: Bytes): Bytes => {
    const bytes = Buffer.from(document);
    for (let left = 1 + draw.below(3); left > 0; left -= 1)
      bytes[draw.below(bytes.length)] = draw.below(256);
    return bytes;
  };
  const which = draw.below(4);
  const { leaf, intermediates, anchors, crls } = question;
  if (which === 0) return { ...question, leaf: change(leaf) };
  if (which === 1) return { ...question, intermediates: intermediates.map(change) };
  if (which === 2) return { ...question, anchors: anchors.map(change) };
  return { ...question, crls: crls.map((one, at) => (at === draw.below(2) ? change(one) : one)) };
}

function drop(draw: Draw, question: Question): Question {
  const which = draw.below(4);
  if (which === 0) return { ...question, intermediates: [] };
  if (which === 1) return { ...question, anchors: [] };
  return { ...question, crls: question.crls.filter((_, at) => at !== which - 2) };
}

/** Puts documents in another order or place, or gives them twice. */
function shuffle(draw: Draw, { root, question, ...world }: World): Question {
  const other = makeWorld().question;
  const { intermediates, anchors, leaf, crls } = question;
  const changes: readonly (() => Question)[] = [
    () => ({ ...question, crls: crls.toReversed() }),
    () => ({
      ...question,
      intermediates: [...other.intermediates, ...intermediates, ...intermediates],
    }),
    () => ({ ...question, intermediates: [...intermediates, ...anchors, leaf] }),
    () => ({ ...question, anchors: intermediates, intermediates: anchors }),
    () => ({ ...question, leaf: intermediates[0]!, intermediates: [leaf] }),
    () => ({ ...question, anchors: other.anchors }),
    () => ({
      ...question,
      crls: [...other.crls, ...crls, makeList(root), makeList(world.issuing)],
    }),
    () => ({ ...question, at: question.at + (draw.below(41) - 20) * 86_400_000 }),
  ];
  return changes[draw.below(changes.length)]!();
}

/** Draws one question: a world that differs in its fields, its octets, its order, or what is missing. */
export function drawQuestion(draw: Draw): EncodedQuestion {
  const kind = draw.below(10);
  const world = makeWorld(kind < 6 || draw.below(3) === 0 ? drawWorld(draw) : {});
  if (kind === 6) return flip(draw, world.question);
  if (kind === 7) return drop(draw, world.question);
  if (kind === 8) return revoke(draw, world);
  return kind === 9 ? shuffle(draw, world) : world.question;
}

/** What came of a run. */
export interface Comparison {
  readonly runs: number;
  readonly bothAccept: number;
  readonly bothRefuse: number;
  /** Listed differences, and how often each was met. */
  readonly listed: ReadonlyMap<string, number>;
  /** Differences without a listed reason: the run's number, and what each said. */
  readonly unlisted: readonly string[];
}

function describe(answer: PathAnswer): string {
  return answer.ok ? "accepted" : `${answer.code}: ${answer.detail}`;
}

/** Asks both judges the same questions; the same seed draws the same kinds of them (keys are always new). */
export function compareJudges(openssl: Openssl, runs: number, seed: number): Comparison {
  const counts = { bothAccept: 0, bothRefuse: 0 };
  const listed = new Map<string, number>();
  const unlisted: string[] = [];
  for (let run = 0; run < runs; run += 1) {
    const question = drawQuestion(makeDraw(`${seed}/${run}`));
    const answer = verifyPath(question);
    const other = openssl.judge(question);
    if (answer.ok === (other === "")) {
      counts[answer.ok ? "bothAccept" : "bothRefuse"] += 1;
      continue;
    }
    const reason = findDifference(question, answer, other);
    if (reason === undefined)
      unlisted.push(`run ${run}: we: ${describe(answer)}; OpenSSL: ${other.trim()}`);
    else listed.set(reason, (listed.get(reason) ?? 0) + 1);
  }
  return { runs, ...counts, listed, unlisted };
}

/** A comparison as lines of text. */
export function renderComparison({
  runs,
  bothAccept,
  bothRefuse,
  listed,
  unlisted,
}: Comparison): string {
  return [
    `OpenSSL: ${runs} questions, both accept ${bothAccept}, both refuse ${bothRefuse}, ${unlisted.length} differences without a listed reason`,
    ...[...listed].map(([reason, count]) => `  ${count} differ: ${reason}`),
    ...unlisted.map((said) => `  UNLISTED ${said}`),
  ].join("\n");
}
