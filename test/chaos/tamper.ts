import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { verifyRegister } from "../../certs/trust/index.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { makeTakeReceipts } from "../../gateways/exchange/take-receipts.ts";
import { proveMessage, type ProveParts } from "../../gateways/proofs/prove.ts";
import { makeLogQuestions } from "../../gateways/proofs/questions.ts";
import { openStore } from "../../gateways/store/index.ts";
import { encodeLogLeafQuestion } from "../../schemas/index.ts";
import {
  type Bytes,
  isFault,
  type Log,
  sameBytes,
  sha256,
  silentLog,
} from "../../schemas/ground/index.ts";
import { type Dice, makeDice, pick } from "../kit/dice.ts";
import { alert, bulletin, type Handed, type MadeOffice, makeOffice, publish, request, signReceipt } from "../kit/gateway-office.ts"; // prettier-ignore
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";
import { honestSigner, leafOf, logHubStart, makeShownLog, placedMessage } from "../kit/log-hub.ts";
import { makeStillClock } from "../kit/memory-exchange.ts";
import { tamper } from "./tamper-bytes.ts";

/** What came of changed deliveries of one kind. */
export interface Tampered {
  readonly what: string;
  readonly tried: number;
  /** Taken for good. */
  readonly accepted: number;
  /** Neither taken nor told of: no quarantine, no line, no fault. */
  readonly silent: number;
  /** Changed where nobody reads: what was taken is what was sent, to the last word. */
  readonly same: number;
}

const hub = "ecowas/hub";
const now = 1_780_272_000_000;
const atOnce = 32;

async function tryPublications(world: GatewayWorld, { from, to, submission }: { readonly from: string; readonly to: string; readonly submission: object }, { count, dice }: { readonly count: number; readonly dice: Dice }): Promise<Tampered> {
  const [sender, reader] = [makeOffice(world, from), makeOffice(world, to)];
  try {
    const sources: Handed[] = [];
    for (let i = 0; i < 4; i += 1) sources.push(...(await publish(sender, submission, `source ${i}`)));
    const take = makeTakePublications(reader, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
    const isTaken = (): number => reader.store.messages.list({ box: "in", state: "VERIFIED", limit: 100 }).length;
    let silent = 0;
    for (let done = 0; done < count; done += atOnce) {
      const batch = Array.from({ length: Math.min(atOnce, count - done) }, () => {
        const { subject, bytes } = pick(dice, sources);
        return { subject, bytes: tamper(bytes, pick(dice, sources).bytes, { dice, isPublication: true }) };
      });
      await take(batch);
      silent += batch.filter(({ bytes }) => !reader.store.messages.isQuarantined(sha256(bytes))).length;
    }
    return { what: `publications of ${from}`, tried: count, accepted: isTaken(), silent, same: 0 };
  } finally {
    sender.close();
    reader.close();
  }
} // prettier-ignore

/** A log that counts what it is told of. */
function makeCountingLog(): { readonly log: Log; readonly lines: () => number } {
  let lines = 0;
  const warn = (): void => void (lines += 1);
  const log: Log = { ...silentLog, warn, error: warn, with: () => log };
  return { log, lines: () => lines };
}

function receiptsFor(world: GatewayWorld, sender: MadeOffice): readonly Bytes[] {
  return [1, 2].flatMap((seq) => {
    const { message, channel, slipDigest, series, sequence } = sender.store.outbox.get(seq)!;
    const { id: messageId, digest: envelopeDigest, raw } = sender.store.messages.get(message)!;
    const accepted = [{ messageId, envelopeDigest, channel, stream: "FEED_ECOWAS", instance: "one", streamSequence: 10 + seq }];
    const refused = [{ messageId, publicationDigest: sha256(raw), channel, code: "MANDATE_MISSING", detail: "no" }];
    const held = [{ channel, series, sequence, slipDigest, missing: [] }];
    const to = { recipient: sender.agency };
    return [signReceipt(world, hub, { ...to, accepted }), signReceipt(world, hub, { ...to, refused }), signReceipt(world, "gh/tcu", { ...to, held })];
  });
} // prettier-ignore

async function tryReceipts(world: GatewayWorld, { count, dice }: { readonly count: number; readonly dice: Dice }): Promise<Tampered> {
  const made = makeOffice(world, "ng/tcu");
  const { log, lines } = makeCountingLog();
  const sender = { ...made, log };
  try {
    for (let i = 0; i < 2; i += 1) await publish(made, bulletin, `receipts ${i}`);
    const sources = receiptsFor(world, made);
    const take = makeTakeReceipts(sender, { wake: () => undefined, sawEpoch: () => undefined, refreshRegister: () => Promise.resolve(false) });
    for (let i = 0; i < count; i += 1) await take([tamper(pick(dice, sources), pick(dice, sources), { dice })]);
    const moved = [1, 2].filter((seq) => made.store.outbox.get(seq)?.state !== "WAITING").length;
    return { what: "receipts", tried: count, accepted: moved, silent: count - lines(), same: 0 };
  } finally {
    made.close();
  }
} // prettier-ignore

/** What came of reading it: refused with a fault of ours, as it was sent, or something else. Any other error ends the run. */
async function findOutcome(act: () => boolean | Promise<boolean>): Promise<"refused" | "same" | "accepted"> {
  try {
    return (await act()) ? "same" : "accepted";
  } catch (error) {
    if (isFault(error) && error.code !== "INTERNAL") return "refused";
    throw error;
  }
} // prettier-ignore

async function tally(what: string, count: number, tryOne: () => boolean | Promise<boolean>): Promise<Tampered> {
  const outcomes = { refused: 0, same: 0, accepted: 0 };
  for (let i = 0; i < count; i += 1) outcomes[await findOutcome(tryOne)] += 1;
  const { same, accepted } = outcomes;
  return { what, tried: count, accepted, silent: 0, same };
} // prettier-ignore

/** Who begins with a root does not read the one in the file again. */
async function tryRegister({ anchors, register, view, publish: next }: GatewayWorld, { count, dice }: { readonly count: number; readonly dice: Dice }): Promise<Tampered> {
  const other = next((parts) => ({ ...parts, mandates: parts.mandates.slice(1) }));
  return await tally("the register", count, () => verifyRegister(tamper(register, other, { dice }), anchors).key === view.key);
} // prettier-ignore

function questionOf({ stream, instance, sequence }: ReturnType<typeof placedMessage>): Bytes {
  return encodeLogLeafQuestion({ stream, instance, sequence });
}

async function tryProofs({ count, dice }: { readonly count: number; readonly dice: Dice }): Promise<Tampered> {
  const dir = mkdtempSync(join(tmpdir(), "tamper-"));
  const clock = makeStillClock(logHubStart + 5_000);
  const store = openStore(join(dir, "store.db"), {}, clock);
  const messages = Array.from({ length: 9 }, (_, i) => placedMessage(i + 1));
  const shown = makeShownLog(messages.map((one) => leafOf(one)));
  const answers = await Promise.all(messages.map((one) => shown.ask("out.log.prove", questionOf(one))));
  const ask = (): Promise<Bytes> => Promise.resolve(told);
  let told: Bytes = new Uint8Array();
  const bell = { raise: () => Promise.resolve(), isOpen: () => false } as unknown as ProveParts["bell"];
  const parts = { store, clock, bell, hub, keys: [honestSigner.verifierKey], instanceOf: () => "i1", seen: () => undefined, questions: makeLogQuestions(ask) };
  // a field that nobody knows, at the end of an answer, is let be: a newer hub may say more
  const result = await tally("proofs of the log", count, async () => {
    const at = dice(messages.length);
    told = tamper(answers[at]!, pick(dice, answers)!, { dice });
    const asked = { ...messages[at]!, seq: 1, state: "PENDING", waitedMs: 0 } as const;
    const { entry, note } = await proveMessage({ ...parts, round: { isFresh: false } }, asked);
    return entry.index === at && sameBytes(entry.leaf, shown.leaves[at]!) && sameBytes(note.note, shown.note());
  });
  store.close();
  rmSync(dir, { recursive: true });
  return result;
} // prettier-ignore

/**
 * Gives a gateway what somebody between it and the hub has changed: publications of every form, receipts, registers and answers
 * of the log; by chance, the same for the same seed.
 */
export async function runTamper({ seed, count }: { readonly seed: string; readonly count: number }): Promise<readonly Tampered[]> {
  const dice = makeDice(seed);
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], { now });
  const share = (of: number): { count: number; dice: Dice } => ({ count: Math.round(count * of), dice });
  const units = { from: "ng/tcu", to: "gh/tcu" };
  return [
    await tryPublications(world, { ...units, submission: bulletin }, share(0.15)),
    await tryPublications(world, { ...units, submission: alert }, share(0.2)),
    await tryPublications(world, { from: "ng/fiu", to: "gh/fiu", submission: request }, share(0.15)),
    await tryReceipts(world, share(0.2)),
    await tryRegister(world, share(0.1)),
    await tryProofs(share(0.2)),
  ];
} // prettier-ignore
