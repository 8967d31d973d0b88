import { describe, expect, it } from "vitest";

import { systemClock } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { canonicalAddress } from "./addresses.ts";
import { makeEgress } from "./egress.ts";

const allow = ["cases.example", "10.1.2.0/24", "127.0.0.1", "fd12:3456::/32"];
const refused = (code: string): unknown => expect.objectContaining({ code });

/** Names lead where a test says. */
function egress(addresses: readonly string[] = ["192.0.2.7"], list = allow) {
  return makeEgress({ allow: list, clock: systemClock, resolve: () => Promise.resolve(addresses) });
}

describe("where webhooks may be", () => {
  it.each([
    ["https://cases.example/hook?a=1", "192.0.2.7"],
    ["https://CASES.example:8443/", "192.0.2.7"],
    ["https://10.1.2.9/", "10.1.2.9"],
    ["http://10.1.2.9/", "10.1.2.9"],
    ["http://127.0.0.1:8080/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["http://[::ffff:127.0.0.1]/", "127.0.0.1"],
    ["http://[fd12:3456::9]/", "fd12:3456::9"],
  ])("%s is listed, and is called at %s", async (url, address) => {
    expect((await egress().find(url)).address).toBe(address);
  });

  it("a name that is not listed may lead into a listed network", async () => {
    const target = await egress(["10.1.2.4"]).find("http://files.agency.example/");
    expect(target.address).toBe("10.1.2.4");
    expect(target.url.host).toBe("files.agency.example");
  });

  it.each([
    ["another name", "https://evil.example/"],
    ["a listed name with more before it", "https://x.cases.example/"],
    ["a listed name with more behind it", "https://cases.example.evil.example/"],
    ["another address", "https://192.0.2.8/"],
    ["the next network", "https://10.1.3.1/"],
    ["another address of this machine", "http://127.0.0.2/"],
    ["this machine in IPv6", "http://[::1]/"],
    ["a decimal address", "http://167838465/"],
    ["an octal address", "http://0177.0.0.2/"],
    ["a hexadecimal address", "http://0xa010301/"],
    ["an address in two pieces", "http://10.66305/"],
    ["an address mapped into IPv6", "http://[::ffff:10.1.3.1]/"],
    ["the same in hexadecimal", "http://[::ffff:a01:301]/"],
    ["full-width digits", "http://１０.１.３.１/"],
  ])("%s is refused", async (_, url) => {
    await expect(egress(["192.0.2.7"], allow).find(url)).rejects.toEqual(refused("EGRESS_REFUSED"));
  });

  it.each([
    ["link-local", "169.254.10.1"],
    ["where clouds tell their secrets", "169.254.169.254"],
    ["the same mapped into IPv6", "::ffff:a9fe:a9fe"],
    ["the same in IPv6", "fd00:ec2::254"],
    ["another cloud's", "100.100.100.200"],
    ["IPv6 link-local", "fe80::1"],
    ["this host", "0.0.0.0"],
    ["this host in IPv6", "::"],
    ["a group", "224.0.0.1"],
    ["everybody", "255.255.255.255"],
    ["IPv4 inside NAT64", "64:ff9b::a01:209"],
    ["IPv4 inside 6to4", "2002:a01:209::1"],
    ["IPv4 inside Teredo", "2001:0:a01:209::1"],
    ["IPv4 in the old form", "::10.1.2.9"],
  ])("%s is never called, though a name leads there and its network is listed", async (_, address) => {
    const wide = ["cases.example", "169.254.0.0/16", "224.0.0.0/8", "100.100.0.0/16", "fd00:ec2::/32", "fe80::/16", "2002::/16", "64:ff9b::/32", "2001::/16"];
    await expect(egress([address], wide).find("https://cases.example/")).rejects.toEqual(refused("EGRESS_REFUSED"));
  });

  it.each(["10.9.9.9", "192.168.1.1", "172.16.0.1", "127.0.0.1", "::1", "fd99::1", "100.64.0.9"])(
    "a listed name that leads inside, to %s, is refused: its network is not listed",
    async (address) => {
      const only = egress([address], ["cases.example"]);
      await expect(only.find("https://cases.example/")).rejects.toEqual(refused("EGRESS_REFUSED"));
    },
  );

  it("a name that leads to several addresses is refused for the worst of them", async () => {
    const two = egress(["192.0.2.7", "169.254.169.254"]);
    await expect(two.find("https://cases.example/")).rejects.toEqual(refused("EGRESS_REFUSED"));
  });

  it("a name is asked for once a call, and what is called is what was checked", async () => {
    const answers = [["192.0.2.7"], ["127.0.0.1"]];
    const turning = makeEgress({ allow: ["cases.example"], clock: systemClock, resolve: () => Promise.resolve(answers.shift() ?? []) });
    expect((await turning.find("https://cases.example/")).address).toBe("192.0.2.7");
    expect(answers).toHaveLength(1);
    await expect(turning.find("https://cases.example/")).rejects.toEqual(refused("EGRESS_REFUSED"));
  });

  it("outside only https is called", async () => {
    await expect(egress().find("http://cases.example/")).rejects.toEqual(refused("EGRESS_REFUSED"));
  });

  it.each([
    "ftp://cases.example/",
    "file:///etc/passwd",
    "https://user@cases.example/",
    "https://user:secret@cases.example/",
    "https://cases.example/#x",
    "//cases.example/",
    "cases.example",
    "",
    `https://cases.example/${"a".repeat(400)}`,
  ])("%s is no address of a webhook", (url) => {
    expect(() => egress().checkUrl(url)).toThrow(refused("REQUEST_INVALID"));
  });

  it("without a list nothing is called", () => {
    expect(() => egress([], []).checkUrl("https://cases.example/")).toThrow(refused("EGRESS_REFUSED"));
  });

  it("a name that is not found, or not in time, is out of reach", async () => {
    const lost = makeEgress({ allow, clock: systemClock, resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    await expect(lost.find("https://cases.example/")).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
    const clock = makeStillClock(0);
    const slow = makeEgress({ allow, clock, resolve: () => new Promise(() => undefined) });
    const waiting = slow.find("https://cases.example/");
    clock.move(5_000);
    await expect(waiting).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
    await expect(egress([]).find("https://cases.example/")).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
  });

  it.each(["*", "*.example", "0.0.0.0/0", "10.0.0.0/7", "10.0.0.0/33", "10.0.0.0/", "10.1.2.0/24/1", "::/0", "fe80::1%eth0", "http://cases.example", "2130706433", "10.1", "a..b", "-"])(
    "a list with %s in it is refused at the start",
    (entry) => {
      expect(() => makeEgress({ allow: [entry], clock: systemClock })).toThrow(refused("CONFIG_INVALID"));
    },
  );

  it("an address has one form", () => {
    expect(canonicalAddress("::FFFF:10.1.2.3")).toBe("10.1.2.3");
    expect(canonicalAddress("FD12:0:0::1")).toBe("fd12::1");
    expect(canonicalAddress("fe80::1%eth0")).toBeUndefined();
    expect(canonicalAddress("10.1")).toBeUndefined();
  });
}); // prettier-ignore
