/**
 * `node test/load/prepared-agency.ts HOME AGENCY PERSECOND SECONDS AGENCIES`: as steady-agency.ts, but without a store: an agency's
 * link alone, whose messages were sealed and signed before the clock runs. What it costs is the hub's: its servers and its broker.
 * Each receipt is proved; what others sent is told apart by its id and acknowledged, but neither opened nor proved, and no
 * receipt of delivery is sent.
 */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";

import { isStatementProven, verifyRegister } from "../../certs/trust/index.ts";
import { loadGateway } from "../../gateways/config.ts";
import { makeHubTrust, streamsOf } from "../../gateways/hub-choice.ts";
import { type Incoming, type Queued, startLink } from "../../gateways/link/index.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import {
  decodeEnvelope,
  decodeMessage,
  decodePublication,
  parseReceipt,
} from "../../schemas/index.ts";
import { renderHex, startLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { type Prepared, prepareMail, signerOf } from "./prepared-mail.ts";
import type { AgencyTally } from "./steady.ts";

const [home = "", agency = "", perSecond = "1", seconds = "1", agencies = "1"] =
  process.argv.slice(2);
const layout = makeLayout(home);
const folder = layout.gateway(agency);
const register = verifyRegister(readFileSync(layout.register), { root: readFileSync(layout.root) });
const [hub] = register.hubs;
if (hub === undefined) throw new Error("the register names no hub");
const count = Math.round(Number(seconds) * Number(perSecond));
const mail = await prepareMail(register, signerOf(folder, agency), count);

const waiting = new Map<number, Prepared>();
const seqOf = new Map<string, number>();
const began = new Map<string, number>();
const accepted = new Map<string, number>();
const came = new Map<string, number>();

async function takeReceipts(batch: readonly Incoming[]): Promise<void> {
  for (const one of batch) {
    const { receipt, bytes, signature } = parseReceipt(one.bytes);
    if (receipt.issuer !== hub?.hub) continue;
    const statement = { typ: "atumpan-receipt", bytes, signature, signer: hub.hub } as const;
    if (!isStatementProven(register, statement, systemClock.now()))
      throw new Error("a receipt is forged");
    if (receipt.refused.length > 0) throw new Error(`refused: ${receipt.refused[0]?.code}`);
    for (const { messageId } of receipt.accepted) {
      const id = renderHex(messageId);
      if (!accepted.has(id)) accepted.set(id, performance.now());
      waiting.delete(seqOf.get(id) ?? -1);
    }
  }
  link.sender.wake();
}

async function takePublications(batch: readonly Incoming[]): Promise<void> {
  for (const { bytes } of batch) {
    const { id, originator } = decodeEnvelope(
      decodeMessage(decodePublication(bytes).message).envelope,
    );
    const name = renderHex(id);
    if (originator !== agency) came.set(name, (came.get(name) ?? 0) + 1);
  }
}

function firstOf(limit: number): readonly Queued[] {
  const first: Queued[] = [];
  for (const seq of waiting.keys()) {
    if (first.length >= limit) break;
    first.push({ seq, rank: 1, isUrgent: false });
  }
  return first;
}

const { link: identity, hubUrls } = loadGateway(folder).options;
const link = startLink({
  agency,
  urls: hubUrls ?? hub.urls,
  ...identity,
  trust: makeHubTrust(() => register, hub.hub, systemClock),
  duties: {
    queue: { waiting: firstOf, load: (seq) => waiting.get(seq) },
    streams: () => streamsOf(register, agency, hub),
    takePublications,
    takeReceipts,
    beforeHeads: () => undefined,
    takeHeads: async () => undefined,
    onUp: () => undefined,
  },
  clock: systemClock,
  chance: systemChance,
  log: startLog({ name: agency, file: join(layout.logs, "gateways.log") }),
});
const ticking = setInterval(() => link.tick(), 1_000);

async function send(): Promise<void> {
  const everyMs = 1_000 / Number(perSecond);
  const first = performance.now();
  for (const [at, one] of mail.entries()) {
    // counted from when it was due: who is late makes nobody wait less
    const due = first + at * everyMs;
    const rest = due - performance.now();
    if (rest > 1) await new Promise((resolve) => setTimeout(resolve, rest));
    began.set(one.id, due);
    seqOf.set(one.id, at);
    waiting.set(at, one);
    link.sender.wake();
  }
}

const telling = setInterval(() => {
  process.stderr.write(
    `${agency}: sent ${began.size}, receipts ${accepted.size}, brought ${came.size}\n`,
  );
}, 30_000);

const lines = createInterface({ input: process.stdin });
await until(`${agency} is linked`, () => link.isUp);
const bytes = mail.reduce((sum, one) => sum + one.bytes.length, 0);
process.stderr.write(
  `${agency}: ${count} messages of ${Math.round(bytes / count)} bytes on average\n`,
);
process.stdout.write("up\n");
await once(lines, "line");
await send();
await until("every receipt came", () => accepted.size >= began.size, 300).catch(() => undefined);
process.stdout.write("sent\n");
const expected = (Number(agencies) - 1) * began.size;
await until("what the others sent is here", () => came.size >= expected).catch(() => undefined);
process.stdout.write("had\n");
await once(lines, "close");
const tally: AgencyTally = {
  sent: [...began.keys()],
  times: [...began].map(([id, at]) => (accepted.get(id) ?? Infinity) - at),
  came: [...came],
};
process.stdout.write(`${JSON.stringify(tally)}\n`);
clearInterval(telling);
clearInterval(ticking);
await link.stop();
