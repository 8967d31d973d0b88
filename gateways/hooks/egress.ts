import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

import { z } from "zod";

import { type Clock, Fault } from "../../schemas/ground/index.ts";
import { canonicalAddress, isListed, kindOfAddress } from "./addresses.ts";

/** The part `webhooks` of a gateway's file. Without it nothing is called. */
export const webhooksShape = z.strictObject({
  /** Names, addresses and networks (10.1.2.0/24) that webhooks may be at. */
  allow: z.array(z.string().min(1).max(260)).min(1).max(64),
  /** A file with the certificates (PEM) of authorities that are trusted beside the usual, such as the agency's own. */
  caFile: z.string().min(1).max(400).optional(),
});

/** Where a call goes: the address was checked, and nothing is asked for it again. */
export interface CheckedTarget {
  readonly url: URL;
  readonly address: string;
}

/** Decides where this gateway may call. */
export interface Egress {
  /** What can be said without asking for a name: refuses what could never be called. @throws {Fault} REQUEST_INVALID, EGRESS_REFUSED */
  checkUrl(text: string): URL;
  /** Finds the address of a URL, once, and checks it. @throws {Fault} as `checkUrl`; WEBHOOK_UNREACHABLE */
  find(text: string): Promise<CheckedTarget>;
}

/** What addresses are found with. */
export interface EgressParts {
  readonly allow: readonly string[];
  readonly clock: Clock;
  /** The addresses of a name; the machine's own way when left out. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

const maxUrlLength = 400;
const resolveMs = 5_000;
const leastPrefix = { 4: 8, 6: 16 } as const;
const nameSpelling = /^(?:[a-z0-9_-]{1,63}\.){0,10}[a-z0-9-]{1,63}$/;
const wayOut = "the operator lists it under webhooks.allow in gateway.json";

interface Lists {
  readonly names: ReadonlySet<string>;
  readonly nets: BlockList;
  readonly hasNets: boolean;
}

/** The bits of a network that are fixed; undefined where that is no number, or takes in too much. */
function prefixOf(version: 4 | 6, text: string | undefined): number | undefined {
  const most = version === 4 ? 32 : 128;
  const bits = text === undefined ? most : /^[0-9]{1,3}$/.test(text) ? Number(text) : -1;
  return bits >= leastPrefix[version] && bits <= most ? bits : undefined;
} // prettier-ignore

function addNet(nets: BlockList, entry: string): boolean {
  const [net = "", prefix, ...more] = entry.split("/");
  if (canonicalAddress(net) === undefined || more.length > 0) return false;
  const version = isIP(net) === 4 ? 4 : 6;
  const bits = prefixOf(version, prefix);
  if (bits === undefined) return false;
  nets.addSubnet(net, bits, version === 4 ? "ipv4" : "ipv6");
  return true;
}

/** A name that reads as a number is an address to some, and no name to us. */
function isName(entry: string): boolean {
  return (
    entry.length <= 253 && nameSpelling.test(entry) && /[a-z]/.test(entry.split(".").at(-1) ?? "")
  );
}

function parseLists(allow: readonly string[]): Lists {
  const names = new Set<string>();
  const nets = new BlockList();
  let hasNets = false;
  for (const entry of allow.map((one) => one.toLowerCase())) {
    if (addNet(nets, entry)) hasNets = true;
    else if (isName(entry)) names.add(entry);
    else throw new Fault("CONFIG_INVALID", "webhooks.allow takes names, addresses, and networks of at least 8 bits (IPv6: 16), such as 10.1.2.0/24");
  }
  return { names, nets, hasNets };
} // prettier-ignore

function parseUrl(text: string): URL {
  const url = text.length <= maxUrlLength ? URL.parse(text) : null;
  const isPlain = url !== null && url.username === "" && url.password === "" && !text.includes("#");
  if (isPlain && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new Fault("REQUEST_INVALID", `url is https, or http in a private network: without user, password or fragment, of at most ${maxUrlLength} characters`);
} // prettier-ignore

function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

function refuse(says: string): never {
  throw new Fault("EGRESS_REFUSED", says);
}

/**
 * Whether an address may be called for a name. An address of ours or of a private network must stand in a listed network
 * itself: a name alone, which others may point anywhere, opens only the outside.
 */
function checkAddress(lists: Lists, url: URL, given: string): string {
  const address = canonicalAddress(given);
  if (address === undefined) return refuse("the name leads to no address that can be called");
  const kind = kindOfAddress(address);
  if (kind === "NEVER") return refuse("nothing may be called at an address of this kind");
  const isOpen = isListed(lists.nets, address) || (kind === "OUTSIDE" && lists.names.has(hostOf(url)));
  if (!isOpen) return refuse(`${kind === "INSIDE" ? "its network" : "its name or network"} is not listed; ${wayOut}`);
  if (url.protocol === "http:" && kind !== "INSIDE") return refuse("outside a private network only https is called");
  return address;
} // prettier-ignore

async function ownResolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

async function findAddresses(host: string, { clock, resolve = ownResolve }: EgressParts): Promise<readonly string[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = clock.after(resolveMs, () => reject(new Error("too slow")));
  try {
    return await Promise.race([resolve(host), late]);
  } catch (cause) {
    throw new Fault("WEBHOOK_UNREACHABLE", "the name of the receiver is not found", { cause });
  } finally {
    timer.stop();
  }
} // prettier-ignore

/**
 * Builds what decides where webhooks may call. Nothing is allowed that is not listed. A name is looked up once for each
 * call, every address it leads to is checked, and the call goes to the address that was checked.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function makeEgress(parts: EgressParts): Egress {
  const lists = parseLists(parts.allow);
  const checkUrl = (text: string): URL => {
    const url = parseUrl(text);
    const host = hostOf(url);
    if (isIP(host) !== 0) checkAddress(lists, url, host);
    else if (!lists.names.has(host) && !lists.hasNets) refuse(`its name is not listed; ${wayOut}`);
    return url;
  };
  return {
    checkUrl,
    find: async (text) => {
      const url = checkUrl(text);
      const host = hostOf(url);
      const found = isIP(host) === 0 ? await findAddresses(host, parts) : [host];
      const [address] = found.slice(0, 16).map((one) => checkAddress(lists, url, one));
      if (address === undefined) throw new Fault("WEBHOOK_UNREACHABLE", "the name of the receiver leads nowhere");
      return { url, address };
    },
  };
} // prettier-ignore
