import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";

import { showMessage } from "../../../gateways/api/message-text.ts";
import { renderDetail, renderSummary } from "../../../gateways/api/render-message.ts";
import {
  type Exchange,
  makeExchange,
  makeHeldReceipts,
  makeTakeHeads,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
  type Office,
} from "../../../gateways/exchange/index.ts";
import { verifyInside } from "../../../gateways/exchange/verify/inside.ts";
import { verifyOutside, type VerifyPlace } from "../../../gateways/exchange/verify/outside.ts";
import { verifyReceipt } from "../../../gateways/exchange/verify/receipt.ts";
import { openStore } from "../../../gateways/store/index.ts";
import {
  decodeReceipt,
  encodeReceipt,
  encodeSignedReceipt,
  type Receipt,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  isFault,
  renderUuid,
  sameBytes,
  sha256,
  utf8,
} from "../../../schemas/ground/index.ts";
import { findFixtureKey, fixtureAudienceKey } from "../../kit/fixture-audience.ts";
import { alert, makeOffice } from "../../kit/gateway-office.ts";
import { atExit, makeFolder } from "../at-exit.ts";
import { type FuzzGround, fuzzNow, type MadePublication } from "../ground.ts";
import { makeFullMessage } from "../full-message.ts";
import { idFor, keysOf, signPublication, takeApart } from "../insider.ts";
import { pack, unpack } from "../pack.ts";
import { Broken, certain, hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

const hub = "ecowas/hub";

/** An office of the ground's register that is closed when the process ends; an error of its own is a finding. */
function openOffice({ world, view }: FuzzGround, agency: string): Office {
  const office = makeOffice(world, agency);
  atExit(() => office.close());
  const times = { cameAt: fuzzNow, keepUntil: fuzzNow + 365 * 86_400_000 };
  office.store.heldKeys.hold({ originator: "ng/tcu", ...fixtureAudienceKey, ...times });
  const error = (event: string): void =>
    hold(event !== "a publication could not be judged", `the gateway logs: ${event}`);
  return { ...office, register: () => view, log: { ...office.log, error } };
}

function openExchange(office: Office): Exchange {
  const watchers = makeWatchers(office.store, office.log);
  return makeExchange(office, { watchers, wake: () => undefined, link: () => ({ isUp: false }) });
}

function placeOf(ground: FuzzGround, agency: string): VerifyPlace {
  return {
    register: ground.view,
    agency,
    keys: keysOf(ground, agency),
    findContentKey: findFixtureKey,
    now: fuzzNow,
  };
}

/** From sender to reader, through any hub, nothing of a publication can be changed and be believed. */
function carriedTarget(ground: FuzzGround): Target {
  const { publications } = ground;
  const places = new Map(publications.map(({ reader }) => [reader, placeOf(ground, reader)]));
  const metOf = (input: Bytes): MadePublication | undefined =>
    publications.find(({ place }) => Buffer.from(input).includes(place.target));
  return {
    name: "gateways/verify carried",
    shape: "proto",
    seeds: publications.map(({ bytes }) => bytes),
    run: async (input) => {
      const same = publications.find(({ bytes }) => sameBytes(bytes, input));
      const { subject = "", reader = "gh/tcu" } = same ?? metOf(input) ?? {};
      const place = places.get(reader) ?? placeOf(ground, reader);
      await verifyInside(verifyOutside({ bytes: input, subject }, place), place);
      hold(same !== undefined, "a changed publication is believed");
    },
  };
}

/** Shows the newest of the inbox in every way there is: what was stored must be readable. */
function showNewest(exchange: Exchange): void {
  const { items } = certain("listing the inbox", () => exchange.list({ box: "in", limit: 2 }));
  for (const summary of items) {
    certain("a line of the list", () => JSON.stringify(renderSummary(summary)));
    const detail = certain("finding a message", () => exchange.find(summary.id));
    hold(detail !== undefined, "a message of the list cannot be found");
    if (detail === undefined) return;
    certain("a message in JSON", () => JSON.stringify(renderDetail(detail)));
    for (const lang of ["en", "fr"] as const) {
      certain("a message as text", () =>
        showMessage(detail, { lang, zone: "Africa/Dakar", form: "html" }),
      );
    }
  }
}

/** What an agency of the register can do to a reader, through a hub that lets everything pass. */
async function insiderTarget(ground: FuzzGround): Promise<Target> {
  const seeds: Bytes[] = [];
  for (const made of ground.publications) {
    const { envelope, slip, body } = await takeApart(made, keysOf(ground, made.reader));
    seeds.push(pack(utf8(made.subject), envelope, slip, body, Buffer.of(1)));
  }
  const desks = new Map(
    ["gh/tcu", "gh/fiu"].map((agency) => {
      const office = openOffice(ground, agency);
      const told: Bytes[] = [];
      const held = makeHeldReceipts(office, (_subject, bytes) => told.push(bytes) > 0);
      const take = makeTakePublications(office, {
        refreshRegister: () => Promise.resolve(false),
        held: (chains) => held.note(chains),
      });
      return [agency, { take, held, told, exchange: openExchange(office) }];
    }),
  );
  return {
    name: "gateways/take signed by an agency",
    shape: "proto",
    seeds,
    run: async (input) => {
      const piece = unpack(input);
      const subject = textOf(piece(0));
      const isDirect = subject.startsWith("direct.");
      const [sender = "", reader = ""] = isDirect ? ["ng/fiu", "gh/fiu"] : ["ng/tcu", "gh/tcu"];
      const unsigned = { envelope: piece(1), slip: piece(2), body: piece(3) };
      const fittedAs = idFor(input, piece(4));
      const bytes = await signPublication(ground, unsigned, { sender, reader, fittedAs });
      const id = fittedAs === undefined ? undefined : renderUuid(fittedAs);
      const met = id === undefined ? subject : subject.replace(/[^.]*$/, id);
      const desk = desks.get(reader);
      if (desk === undefined) return;
      await desk.take([{ subject: met, bytes }]).catch((cause: unknown) => {
        throw new Broken("a batch is not kept", { cause });
      });
      showNewest(desk.exchange);
      desk.held.tick();
      const place = { register: ground.view, agency: sender, now: fuzzNow };
      for (const receipt of desk.told.splice(0)) {
        certain("our own receipt", () => verifyReceipt(receipt, place));
      }
    },
  };
}

function sign(ground: FuzzGround, issuer: string, receipt: Bytes): Bytes {
  const signature = ground.world.agency(issuer).signer.sign("atumpan-receipt", receipt);
  return Buffer.from(encodeSignedReceipt({ receipt, signature }));
}

type Lines = Pick<Receipt, "accepted" | "refused" | "held" | "heads" | "opened">;
const noLines: Lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };

function encodeLines(issuer: string, lines: Partial<Lines>): Bytes {
  const parties = { version: 1, issuer, recipient: "ng/tcu", issuedAt: fuzzNow, registerEpoch: 2 };
  return Buffer.from(encodeReceipt({ ...parties, ...noLines, ...lines }));
}

/** Receipts that fit what the office sent. */
function receiptsFor(office: Office): readonly Bytes[] {
  const sent = office.store.outbox.byMessage(1);
  const [one] = sent;
  const message = office.store.messages.get(1);
  if (one === undefined || message === undefined) throw new Error("nothing was sent");
  const { channel, series, sequence, slipDigest, digest: publicationDigest } = one;
  const stream = { stream: "FEED_ECOWAS", instance: "one" };
  const accepted = { messageId: message.id, envelopeDigest: message.digest, channel, ...stream, streamSequence: 7 };
  const refused = { messageId: message.id, publicationDigest, channel, code: "MANDATE_MISSING", detail: "no" };
  const held = { channel, series, sequence, slipDigest, missing: [], from: 1 };
  const opened = { messageId: message.id, envelopeDigest: message.digest, openedAt: fuzzNow, reader: 1 };
  const heads = [{ ...stream, lastSequence: 9 }, { stream: "RECEIPTS", instance: "two", lastSequence: 1 }];
  return [
    encodeLines(hub, { accepted: [accepted] }),
    encodeLines(hub, { refused: [refused] }),
    encodeLines("gh/tcu", { held: [held, { ...held, sequence: 3, missing: [1, 2] }] }),
    encodeLines("gh/tcu", { opened: [opened, { ...opened, reader: 64 }, { ...opened, envelopeDigest: slipDigest }] }),
    encodeLines(hub, { heads }),
  ];
} // prettier-ignore

/** How many receipts one store takes before a fresh copy of it is used: most change a message but once. */
const receiptsPerStore = 100;

/** What a hub or a reader can do to a sender by what it signs. */
async function receiptTarget(ground: FuzzGround): Promise<Target> {
  const dir = makeFolder();
  const office = openOffice(ground, "ng/tcu");
  const template = openStore(join(dir, "template.db"));
  const first = { ...office, store: template };
  const submitter = openExchange(first);
  for (const key of ["a", "b", "c"]) await submitter.submit(alert, key);
  const seeds = receiptsFor(first);
  template.close();

  let runs = 0;
  let store = openStore(join(dir, "template.db"));
  atExit(() => store.close());
  const renew = (): void => {
    store.close();
    if (runs === 0) cpSync(join(dir, "template.db"), join(dir, "kept.db"));
    for (const end of ["", "-wal", "-shm"]) rmSync(join(dir, `used.db${end}`), { force: true });
    cpSync(join(dir, "kept.db"), join(dir, "used.db"));
    store = openStore(join(dir, "used.db"));
  };
  return {
    name: "gateways/take receipts signed by hub or reader",
    shape: "proto",
    seeds: seeds.map((receipt) => pack(receipt)),
    run: async (input) => {
      const receipt = unpack(input)(0);
      const { issuer } = decodeReceipt(receipt);
      if (runs % receiptsPerStore === 0) renew();
      runs += 1;
      const used: Office = { ...office, store };
      const nothing = (): void => undefined;
      const duties = { wake: nothing, postpone: nothing, sawEpoch: nothing, repeatAll: nothing };
      const refreshRegister = (): Promise<boolean> => Promise.resolve(false);
      const raw = sign(ground, issuer === "gh/tcu" ? issuer : hub, receipt);
      await makeTakeReceipts(used, { ...duties, refreshRegister })([raw]);
      const heads = makeTakeHeads(used, duties);
      const asked = await heads.take(raw, heads.before()).catch((error: unknown) => error);
      hold(asked === undefined || isFault(asked), `heads fail with ${String(asked)}`);
      const exchange = openExchange(used);
      for (const { id } of exchange.list({ box: "out", limit: 3 }).items) {
        const detail = certain("finding a message", () => exchange.find(id));
        if (detail !== undefined) certain("a message in JSON", () => renderDetail(detail));
      }
      verifyReceipt(raw, { register: ground.view, agency: "ng/tcu", now: fuzzNow });
    },
  };
}

/** A receipt changed on its way is none. */
function carriedReceiptTarget(ground: FuzzGround): Target {
  const full = makeFullMessage("Receipt") as unknown as Receipt;
  const raw = [
    sign(ground, hub, encodeLines(hub, { accepted: full.accepted, heads: full.heads })),
    sign(ground, "gh/tcu", encodeLines("gh/tcu", { held: full.held })),
  ];
  const digests = raw.map((bytes) => textOf(sha256(bytes)));
  return {
    name: "gateways/verifyReceipt carried",
    shape: "proto",
    seeds: raw,
    run: (input) => {
      verifyReceipt(input, { register: ground.view, agency: "ng/tcu", now: fuzzNow });
      hold(digests.includes(textOf(sha256(input))), "a changed receipt is believed");
    },
  };
}

/** What a gateway reads of what comes from the hub. */
export async function makeExchangeTargets(ground: FuzzGround): Promise<readonly Target[]> {
  return [
    carriedTarget(ground),
    await insiderTarget(ground),
    await receiptTarget(ground),
    carriedReceiptTarget(ground),
  ];
}
