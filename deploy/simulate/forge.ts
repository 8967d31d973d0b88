import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { loadBrokerConfig, loadBrokerOptions, loadHubKeys } from "../../broker/index.ts";
import { connectLink, renderServerRoots } from "../../broker/nats/index.ts";
import { makeKeyPair, makeSigner, makeSigningKey, type Signer } from "../../certs/keys/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import {
  channelsOf,
  encodeBulletinRedFlag,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  encodePublication,
  encodeSlip,
  makeParts,
  parseBody,
  parseInnerHeader,
  partsRoot,
  renderAgencyTokens,
  renderParts,
} from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  makeUuid,
  renderUuid,
  sha256,
  silentLog,
  systemChance,
  systemClock,
} from "../../schemas/ground/index.ts";
import type { PlayedAgency } from "./country.ts";

/** Something that looks like an agency's message, with a signature by a key that is not its own. */
interface Forged {
  readonly id: Bytes;
  readonly channel: string;
  readonly bytes: Bytes;
}

const hourMs = 3_600_000;

/** Names the agency's certificate and signs with another key: that it does not fit is what readers must find. */
function makeFalseSigner({ agency, dir }: PlayedAgency): Signer {
  const pem = readFileSync(join(dir, "keys", "signing.pem"), "utf8");
  const [der] = parsePem("CERTIFICATE", pem);
  if (der === undefined) throw new Fault("CONFIG_INVALID", `${dir}/keys/signing.pem holds no certificate`);
  const key = makeSigningKey(makeKeyPair("P-256"));
  return makeSigner({ signer: agency, key, thumbprint: parseCertificate(der).thumbprint });
} // prettier-ignore

function forge(signer: Signer, rec: string): Forged {
  const now = systemClock.now();
  const body = encodeBulletinRedFlag(
    parseBody("bulletin.red_flag", {
      title: { text: "Exercise. Whoever reads this did not check who signed it.", lang: "en" },
      indicators: [{ code: "SEAL_MISMATCH" }],
      evidenceLevel: "PROBABLE",
    }),
  );
  const parts = makeParts(encodeInnerHeader(parseInnerHeader({})), body, systemChance);
  const open = renderParts(parts);
  const envelope = {
    version: 1,
    id: makeUuid(now, systemChance),
    scope: "FEED",
    originator: signer.signer,
    type: "bulletin.red_flag",
    typeVersion: 1,
    recs: [rec],
    crimes: ["drugs"],
    mailboxes: [],
    handling: "H0",
    releaseLevel: "REGIONAL",
    urgency: "ROUTINE",
    status: "EXERCISE",
    action: "NEW",
    languages: [],
    createdAt: now,
    expiresAt: now + hourMs,
    form: "OPEN",
    bodyRoot: partsRoot(parts),
    bodyDigest: sha256(open),
  };
  const signed = encodeEnvelope(envelope);
  const [channel = ""] = channelsOf(envelope);
  const slip = encodeSlip({
    version: 1,
    origin: signer.signer,
    channel,
    series: now,
    sequence: 1,
    messageId: envelope.id,
    envelopeDigest: sha256(signed),
    voided: [],
  });
  const message = { envelope: signed, signatures: [signer.sign("atumpan-envelope", signed)], open };
  const slipSignature = signer.sign("atumpan-slip", slip);
  const bytes = encodePublication({ slip, slipSignature, message: encodeMessage(message) });
  return { id: envelope.id, channel, bytes };
}

/** A hub that lies: it lays into a feed what its own admission would refuse. */
export interface LyingHub {
  /** Lays one message in an agency's name into the feed of a community. Returns its id. */
  send(agency: PlayedAgency): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Opens one with the keys of the hub in the region's folder; only a hub of this machine can be made to lie so.
 *
 * @throws {Fault} CONFIG_INVALID, HUB_UNREACHABLE
 */
export async function openLyingHub(home: string): Promise<LyingHub> {
  const file = join(home, "hub", "broker.json");
  if (!existsSync(file)) {
    throw new Fault("CONFIG_INVALID", `bad signatures never pass a hub; one that lies is made with the keys of the hub in ${home}/hub, and there is none`);
  }
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  const options = loadBrokerOptions(loadBrokerConfig(file), ground);
  const register = verifyRegister(readFileSync(options.registerFile), options.anchors);
  const link = await connectLink({
    urls: [options.url],
    name: "simulate",
    seed: loadHubKeys(join(options.dir, "hub-keys.json")).hub.seed,
    inboxPrefix: "_INBOX_SIMULATE",
    tls: { ...options.link, rootsPem: renderServerRoots(register), isServer: () => true },
    patienceMs: 10_000,
    clock: systemClock,
    log: silentLog,
  });
  return {
    send: async (agency) => {
      const [authority = ""] = agency.agency.split("/");
      const now = systemClock.now();
      const rec = register.recs.find((one) => one === authority || register.membership(one, authority, now) === "member");
      if (rec === undefined) throw new Fault("CONFIG_INVALID", `${authority} is in no community`);
      const { id, channel, bytes } = forge(makeFalseSigner(agency), rec);
      const text = renderUuid(id);
      link.publish(`feed.${channel}.${renderAgencyTokens(agency.agency)}.${text}`, bytes);
      await link.flush();
      return text;
    },
    stop: () => link.close(),
  };
} // prettier-ignore
