import { join } from "node:path";

import {
  type Clock,
  Fault,
  isFault,
  type Log,
  renderHex,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import { type KeySigner, makeKeyPair, publicHalf } from "../keys/index.ts";
import { type Certificate, parseCertificate, renderPem } from "../shape/index.ts";
import { type RegisterView, renewalName } from "../trust/index.ts";
import {
  type CarriedPlace,
  clearCarried,
  findCertificate,
  findRequest,
  writeEndorsement,
  writeRequest,
} from "./carried.ts";
import { newestFirst } from "./choice.ts";
import type { PendingKey, RenewalDisk, RenewedKeys } from "./folder.ts";
import {
  isNamed,
  makeOwnPair,
  type OwnLink,
  type OwnPair,
  type OwnSealing,
  type OwnServer,
  type OwnSigning,
  renewsAt,
} from "./pairs.ts";

/** Where renewal happens. */
export interface RenewalPlace {
  /** Renewed keys and their certificates; never leaves the machine. */
  readonly keys: string;
  /** Requests, and what the authority answers: carried by whatever way there is. */
  readonly carried: string;
  /** The pairs the configuration names; one of SIGNING at least, one of LINK, and of a hub one of SERVER. */
  readonly configured: readonly OwnPair[];
  /** Signers that no certificate vouches for. */
  readonly more: readonly KeySigner[];
  /** What `loadRenewed` found in `keys`. */
  readonly renewed: RenewedKeys;
}

/** What a stock of keys is made of. */
export interface StockOptions extends RenewalPlace {
  readonly agency: string;
  readonly register: () => RegisterView;
  readonly clock: Clock;
  readonly log: Log;
  readonly disk: RenewalDisk;
}

/** A request is signed anew after this, by the key that is then in use. */
const signAgainMs = 7 * 86_400_000;

/**
 * Somebody's keys with their certificates, and those that wait for one. Each act puts on the disk what it did before
 * it counts, so that an end between any two leaves the state before or the state after.
 */
export class KeyStock {
  readonly #options: StockOptions;
  readonly #place: CarriedPlace;
  readonly #disk: RenewalDisk;
  #pairs: readonly OwnPair[];
  #pending: readonly PendingKey[];
  /** Pairs about which files may lie in the carried folder, by name. */
  readonly #open: Map<string, OwnPair>;

  constructor(options: StockOptions) {
    const { agency, carried: folder, configured, renewed, disk } = options;
    this.#options = options;
    this.#disk = disk;
    this.#place = { agency, folder, disk };
    this.#pairs = [...configured, ...renewed.pairs];
    this.#pending = renewed.pending;
    this.#open = new Map(renewed.pairs.map((pair) => [nameOf(pair), pair]));
  }

  get pairs(): readonly OwnPair[] {
    return this.#pairs;
  }

  ofKind(kind: "SIGNING"): readonly OwnSigning[];
  ofKind(kind: "LINK"): readonly OwnLink[];
  ofKind(kind: "SEALING"): readonly OwnSealing[];
  ofKind(kind: "SERVER"): readonly OwnServer[];
  ofKind(kind: OwnPair["kind"]): readonly OwnPair[] {
    return this.#pairs.filter((one) => one.kind === kind);
  }

  /** Takes what came, makes keys that are due and asks for their certificates. What fails is told, and tried again. */
  async tend(): Promise<void> {
    // each act stands alone: a full disk must not keep what came from being used
    const acts: readonly (() => void | Promise<void>)[] = [
      () => this.#takeCertificates(),
      () => this.#makeKeys(),
      () => this.#ask(),
      () => this.#endorse(),
      () => this.#clear(),
    ];
    for (const act of acts) {
      try {
        await act();
      } catch (error) {
        this.#options.log.error("renewal did not go on", {
          code: toFault(error, "INTERNAL").code,
        });
      }
    }
  }

  /** What the authority made for a key that waits: as the register names it, or as it was carried here. */
  #takeCertificates(): void {
    for (const pending of this.#pending) {
      const carried =
        pending.kind === "SEALING" ? findCertificate(this.#place, pending) : undefined;
      const leaf = this.#findNamed(pending) ?? carried;
      if (leaf !== undefined) this.#take(pending, leaf);
    }
  }

  #findNamed({ kind, spki }: PendingKey): Certificate | undefined {
    const { agency, register } = this.#options;
    const named = register().agency(agency)?.certificates ?? [];
    const leaves = named.filter((one) => one.kind === kind).map(({ certificate }) => certificate);
    return leaves.flatMap(readLeaf).find((leaf) => sameBytes(leaf.spki, spki));
  }

  #take(pending: PendingKey, leaf: Certificate): void {
    const { agency, register, keys, log } = this.#options;
    const { intermediates = [] } = register().authority(agency.split("/", 1)[0] ?? "") ?? {};
    const issuing = intermediates
      .flatMap(readLeaf)
      .find(({ subjectKeyId }) => subjectKeyId === leaf.authorityKeyId);
    // the hub asks for the whole chain, and nobody would believe a leaf without it
    if (issuing === undefined) return;
    const pem = renderPem("CERTIFICATE", leaf.der, issuing.der);
    const { kind, name, key } = pending;
    const pair = makeOwnPair({ agency, kind, key, certificate: leaf, pem });
    this.#disk.writeFile(join(keys, `${name}.pem`), pem);
    this.#pairs = [...this.#pairs, pair];
    this.#pending = this.#pending.filter((one) => one !== pending);
    this.#open.set(name, pair);
    log.info("a new certificate came", { type: kind, fingerprint: renderHex(leaf.thumbprint) });
  }

  /** One key for each kind of certificate whose newest has a third of its life left. */
  #makeKeys(): void {
    const { clock, keys, log } = this.#options;
    const groups = Map.groupBy(
      this.#pairs,
      ({ kind, certificate }) => `${kind} ${certificate.keyType}`,
    );
    for (const group of groups.values()) {
      const [newest] = group.toSorted(newestFirst);
      if (newest === undefined || !newest.isRenewable || clock.now() < renewsAt(newest)) continue;
      const { kind, certificate } = newest;
      const { keyType } = certificate;
      if (keyType === "X25519" || this.#isPending(newest)) continue;
      const key = makeKeyPair(keyType);
      const { spki } = publicHalf(key);
      const name = renewalName(kind, spki);
      this.#disk.saveKey(keys, name, key);
      this.#pending = [...this.#pending, { name, kind, key, spki }];
      log.info("a new key waits for its certificate", {
        type: kind,
        fingerprint: renderHex(sha256(spki)),
      });
    }
  }

  #isPending({ kind, certificate: { keyType } }: OwnPair): boolean {
    return this.#pending.some(
      (one) => one.kind === kind && publicHalf(one.key).keyType === keyType,
    );
  }

  async #ask(): Promise<void> {
    const { clock } = this.#options;
    for (const pending of this.#pending) {
      const at = clock.now();
      const signedAt = findRequest(this.#place, pending);
      if (signedAt !== undefined && at - signedAt < signAgainMs) continue;
      const signer = this.#asker();
      await writeRequest(this.#place, pending, { signer, at });
    }
  }

  /** The signing key that holds longest, of those the register names: the request may be long on its way. */
  #asker(): KeySigner {
    const { agency, register } = this.#options;
    const own = this.ofKind("SIGNING").toSorted(
      (a, b) => b.certificate.notAfter - a.certificate.notAfter,
    );
    const named = own.find((one) => isNamed(register(), agency, one));
    const found = named ?? own[0];
    if (found === undefined) throw new Fault("SIGNATURE_KEY_MISSING", "nothing signs the request");
    return found.signer;
  }

  /** The key before gives its word for each sealing key that the register does not name yet. */
  #endorse(): void {
    const { agency, register, clock } = this.#options;
    const own = this.ofKind("SEALING").toSorted(newestFirst);
    const view = register();
    const previous = own.find(
      (one) => isNamed(view, agency, one) && one.certificate.keyType === "P-256",
    );
    if (previous === undefined) return;
    for (const pair of own.filter((one) => this.#open.has(nameOf(one)))) {
      const { thumbprint: next, notAfter } = pair.certificate;
      if (notAfter <= clock.now() || isNamed(view, agency, pair)) continue;
      writeEndorsement(this.#place, nameOf(pair), { previous, next });
    }
  }

  /** What was carried for a certificate that is in force has done its work. */
  #clear(): void {
    const { agency, register } = this.#options;
    for (const [name, pair] of this.#open) {
      if (!isNamed(register(), agency, pair)) continue;
      clearCarried(this.#place, name);
      this.#open.delete(name);
    }
  }
}

function nameOf({ kind, certificate: { spki } }: OwnPair): string {
  return renewalName(kind, spki);
}

function readLeaf(der: Uint8Array): readonly Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}
