import { BlockList, isIP } from "node:net";

import { Fault } from "../../schemas/ground/index.ts";

const here = new BlockList();
here.addSubnet("127.0.0.0", 8, "ipv4");
here.addAddress("::1", "ipv6");

const inside = new BlockList();
inside.addSubnet("10.0.0.0", 8, "ipv4");
inside.addSubnet("172.16.0.0", 12, "ipv4");
inside.addSubnet("192.168.0.0", 16, "ipv4");
inside.addSubnet("169.254.0.0", 16, "ipv4");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fe80::", 10, "ipv6");

/** An IPv4 address that came over an IPv6 socket, as itself. */
function plain(address: string): string {
  return /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address.slice(0, 64))?.[1] ?? address;
}

function isOn(list: BlockList, address: string): boolean {
  const kind = isIP(address);
  return kind !== 0 && list.check(address, kind === 4 ? "ipv4" : "ipv6");
}

/** From where somebody asks, as a class: what the audit record keeps of an address. */
export function classOf(address: string): "LOCAL" | "PRIVATE" | "PUBLIC" {
  const own = plain(address);
  // what came by no socket was asked inside this process
  if (own === "" || isOn(here, own)) return "LOCAL";
  return isOn(inside, own) ? "PRIVATE" : "PUBLIC";
}

function addRange(list: BlockList, range: string): void {
  const [address = "", bits] = range.split("/");
  const kind = isIP(address);
  const max = kind === 4 ? 32 : 128;
  const width = bits === undefined ? max : Number(/^\d{1,3}$/.test(bits) ? bits : -1);
  if (kind === 0 || width < 0 || width > max) {
    throw new Fault("REQUEST_INVALID", "addresses are IP addresses or ranges such as 10.1.0.0/16");
  }
  list.addSubnet(address, width, kind === 4 ? "ipv4" : "ipv6");
}

/** Reads a list of addresses and ranges. @throws {Fault} REQUEST_INVALID */
export function parseRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return list;
}

/** Whether an address is on a list; an empty list has all. */
export function isAmong(ranges: readonly string[], address: string): boolean {
  return ranges.length === 0 || isOn(parseRanges(ranges), plain(address));
}
