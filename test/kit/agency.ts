import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connect, errors, type NatsConnection } from "nats";

import { loadSigningKey, makeSigner, type Signer } from "../../certs/keys/index.ts";
import { parsePem, renderPem } from "../../certs/shape/index.ts";
import { isStatementProven } from "../../certs/trust/index.ts";
import type { Credential } from "../../deploy/local/office.ts";
import {
  type Accepted,
  consumerOf,
  decodeMessage,
  decodePublication,
  inboxPrefixOf,
  outSubject,
  parseReceipt,
  type Refused,
} from "../../schemas/index.ts";
import { type Bytes, isFault, renderHex, sha256 } from "../../schemas/ground/index.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** The client side of mutual TLS. */
export interface LinkPair {
  readonly cert: string;
  readonly key: string;
}

/** One message out of an own consumer. */
export interface PulledMessage {
  readonly subject: string;
  readonly data: Bytes;
}

/** What the hub signed about one publication. */
export type Outcome =
  | { readonly kind: "accepted"; readonly line: Accepted }
  | { readonly kind: "refused"; readonly line: Refused };

/** Something the server did not let this client do. */
export interface Denial {
  readonly operation: string;
  readonly subject: string;
}

/** An agency's link in the hands of somebody who keeps to no rule: it may send any bytes on any subject. */
export interface RawAgency {
  readonly agency: string;
  readonly signer: Signer;
  readonly link: NatsConnection;
  /** What the server denied so far, in order. */
  readonly denials: readonly Denial[];
  /** Sends a publication where it belongs, and waits for what the hub signs about it. */
  send(made: { readonly bytes: Bytes; readonly channel: string }): Promise<Outcome>;
  /** Sends many, and waits for the outcome of each. */
  sendAll(
    made: readonly { readonly bytes: Bytes; readonly channel: string }[],
  ): Promise<readonly Outcome[]>;
  /** Everything that waits in one of its own consumers now; acknowledged. */
  pull(stream: string): Promise<readonly PulledMessage[]>;
  close(): Promise<void>;
}

/** The key and certificate of a credential just issued, as a TLS client shows them. */
export function linkPairOf({ key, certificate, issuing }: Credential): LinkPair {
  return {
    cert: renderPem("CERTIFICATE", certificate.der, issuing.der),
    key: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

/** The link credentials in an agency's folder. */
export function loadLinkPair(world: World, agency: string): LinkPair {
  const at = (name: string): string => join(world.layout.gateway(agency), "keys", name);
  return { cert: readFileSync(at("link.pem"), "utf8"), key: readFileSync(at("link.key"), "utf8") };
}

/** What signs in an agency's name with the keys of its folder. */
export function loadAgencySigner(world: World, agency: string): Signer {
  const at = (name: string): string => join(world.layout.gateway(agency), "keys", name);
  const [certificate] = parsePem("CERTIFICATE", readFileSync(at("signing.pem"), "utf8"));
  if (certificate === undefined) throw new Error(`${agency} has no signing certificate`);
  const key = loadSigningKey(at("signing.key"));
  return makeSigner({ signer: agency, key, thumbprint: sha256(certificate) });
}

/** Connects once, with any pair; rejects when the server or the callout refuses. */
export async function dial(
  world: World,
  { cert, key }: LinkPair,
  { agency, name = "raw" }: { agency: string; name?: string },
): Promise<NatsConnection> {
  const passed = { checkServerIdentity: () => undefined };
  const tls = { handshakeFirst: true, ca: world.rootsPem, cert, key };
  return await connect({
    servers: world.url,
    name,
    inboxPrefix: inboxPrefixOf(agency),
    tls: { ...passed, ...tls },
    reconnect: false,
    timeout: 12_000,
    noAsyncTraces: true,
  });
}

const batch = 1000;

/** Two agencies over one link share nothing: each inbox name is used once. */
let inboxes = 0;

class Raw implements RawAgency {
  readonly agency: string;
  readonly signer: Signer;
  readonly link: NatsConnection;
  readonly denials: Denial[] = [];
  readonly #world: World;
  readonly #accepted = new Map<string, Accepted[]>();
  readonly #refused = new Map<string, Refused[]>();
  #watched: Promise<void> | undefined;

  constructor(world: World, link: NatsConnection, signer: Signer) {
    this.agency = signer.signer;
    this.signer = signer;
    this.link = link;
    this.#world = world;
    this.#watched = this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const status of this.link.status()) {
      if (status.type !== "error") continue;
      const { error } = status;
      if (!(error instanceof errors.PermissionViolationError)) continue;
      this.denials.push({ operation: error.operation, subject: error.subject });
    }
  }

  async pull(stream: string): Promise<readonly PulledMessage[]> {
    inboxes += 1;
    const inbox = `${inboxPrefixOf(this.agency)}.pull${inboxes}`;
    const pulled: PulledMessage[] = [];
    const ended = Promise.withResolvers<undefined>();
    const subscription = this.link.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return ended.reject(error);
        if ((message.headers?.code ?? 0) > 0) return ended.resolve(undefined);
        pulled.push({ subject: message.subject, data: message.data });
        message.respond("+ACK");
        if (pulled.length === batch) ended.resolve(undefined);
        return undefined;
      },
    });
    const next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(this.agency)}`;
    this.link.publish(next, JSON.stringify({ batch, no_wait: true }), { reply: inbox });
    await ended.promise;
    subscription.unsubscribe();
    await this.link.flush();
    return pulled;
  }

  /** Reads what waits of receipts; each is proved to be the hub's, for us. */
  async #takeReceipts(): Promise<void> {
    const { hub } = this.#world.plan;
    for (const { data } of await this.pull("RECEIPTS")) {
      const { receipt, bytes, signature } = parseReceipt(data);
      if (receipt.issuer !== hub) continue;
      // a relay is handed those of others too
      const isRelay = this.#world.register().relays.some(({ relay }) => relay === this.agency);
      if (isRelay && receipt.recipient !== this.agency) continue;
      const statement = { typ: "atumpan-receipt", bytes, signature, signer: hub } as const;
      const at = this.#world.clock.now();
      const proven = isStatementProven(this.#world.register(), statement, at);
      if (!proven || receipt.recipient !== this.agency) throw new Error("a receipt is forged");
      for (const line of receipt.accepted) add(this.#accepted, acceptedKey(line), line);
      for (const line of receipt.refused) {
        add(this.#refused, renderHex(line.publicationDigest), line);
      }
    }
  }

  async send(made: { readonly bytes: Bytes; readonly channel: string }): Promise<Outcome> {
    const [outcome] = await this.sendAll([made]);
    if (outcome === undefined) throw new Error("nothing was sent");
    return outcome;
  }

  async sendAll(
    made: readonly { readonly bytes: Bytes; readonly channel: string }[],
  ): Promise<readonly Outcome[]> {
    const open = made.map(({ bytes, channel }) => {
      const accepted = expectedKey(bytes, channel);
      const refused = renderHex(sha256(bytes));
      const seen = {
        accepted: this.#accepted.get(accepted)?.length ?? 0,
        refused: this.#refused.get(refused)?.length ?? 0,
      };
      return { accepted, refused, seen };
    });
    for (const { bytes, channel } of made) this.link.publish(outSubject(channel), bytes);
    const find = ({ accepted, refused, seen }: (typeof open)[number]): Outcome | undefined => {
      const taken = this.#accepted.get(accepted)?.[seen.accepted];
      const not = this.#refused.get(refused)?.[seen.refused];
      if (not !== undefined) return { kind: "refused", line: not };
      return taken === undefined ? undefined : { kind: "accepted", line: taken };
    };
    const countOpen = (): number => open.filter((one) => find(one) === undefined).length;
    // however many there are and however slow the machine is: each wait is for one more of them
    for (let left = countOpen(); left > 0; left = countOpen()) {
      await until(
        () => `${countOpen()} of ${open.length} publications have no receipt`,
        async () => {
          await this.#takeReceipts();
          return countOpen() < left;
        },
      );
    }
    return open.flatMap((one) => find(one) ?? []);
  }

  async close(): Promise<void> {
    await this.link.close();
    await this.#watched;
  }
}

function add<T>(map: Map<string, T[]>, key: string, line: T): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, [line]);
  else held.push(line);
}

function acceptedKey({ envelopeDigest, channel }: Accepted): string {
  return `${renderHex(envelopeDigest)} ${channel}`;
}

/** Under what an acceptance of these bytes would come; nothing can when they do not decode. */
function expectedKey(bytes: Bytes, channel: string): string {
  try {
    const { envelope } = decodeMessage(decodePublication(bytes).message);
    return `${renderHex(sha256(envelope))} ${channel}`;
  } catch (error) {
    if (isFault(error)) return "";
    throw error;
  }
}

/** Connects in an agency's name, with the link and signing keys of its folder unless said otherwise. */
export async function rawAgency(
  world: World,
  agency: string,
  change: { readonly pair?: LinkPair; readonly signer?: Signer; readonly name?: string } = {},
): Promise<RawAgency> {
  const { pair = loadLinkPair(world, agency), signer = loadAgencySigner(world, agency) } = change;
  const { name = "raw" } = change;
  return new Raw(world, await dial(world, pair, { agency, name }), signer);
}
