import { BlockList, isIP, isIPv4 } from "node:net";

/** How an address counts. NEVER: nothing may be called there, whoever lists it. INSIDE: this machine or a private network. */
export type AddressKind = "NEVER" | "INSIDE" | "OUTSIDE";

function makeList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIPv4(net) ? "ipv4" : "ipv6");
  return list;
}

/** Networks that reach only this machine or this site. */
const inside = makeList([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["::1", 128],
  ["fc00::", 7],
]);

/**
 * This host, link-local, groups, what is reserved; where clouds tell machines their secrets; and IPv6 forms that carry
 * an IPv4 address inside, which would go round the lists for that one.
 */
const never = makeList([
  ["0.0.0.0", 8],
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["192.88.99.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2002::", 16],
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
]);

const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

function unmap(high: string, low: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(Number.parseInt(high, 16), 0);
  bytes.writeUInt16BE(Number.parseInt(low, 16), 2);
  return bytes.join(".");
}

/** An address in its one form; an IPv4 address that is written as an IPv6 one is the IPv4 address. Undefined for what is none. */
export function canonicalAddress(text: string): string | undefined {
  // a zone names an interface of this machine: such an address is link-local, and no URL can say it
  if (text.length > 45 || isIP(text) === 0 || text.includes("%")) return undefined;
  if (isIPv4(text)) return text;
  const address = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [, high, low] = mapped.exec(address) ?? [];
  return high === undefined || low === undefined ? address : unmap(high, low);
}

/** Whether an address stands in a list of networks; the address in its one form. */
export function isListed(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** How an address counts, in its one form. */
export function kindOfAddress(address: string): AddressKind {
  if (address === "::1") return "INSIDE";
  if (isListed(never, address)) return "NEVER";
  return isListed(inside, address) ? "INSIDE" : "OUTSIDE";
}
