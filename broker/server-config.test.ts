import { describe, expect, it } from "vitest";

import { Fault } from "../schemas/ground/index.ts";
import { parseBrokerConfig } from "./config.ts";

const pair = { certificateFile: "c.pem", keyFile: "k.pem" };

interface Said {
  [field: string]: unknown;
}

function member(name: string, at: number): Said {
  return {
    name,
    url: `tls://${name}.hub.example:4222`,
    listen: { host: "0.0.0.0", port: 4222 },
    route: { host: `${name}.hub.example`, port: 6222 },
    configFile: `server-${at}.conf`,
    storeDir: `store-${at}`,
    logFile: `server-${at}.log`,
    tags: ["west"],
  };
}

function configOf(names: readonly string[], change: (servers: Said[]) => Said = () => ({})): Said {
  const servers = names.map(member);
  const cluster = { ...pair, caFile: "roots.pem", ...change(servers), servers };
  const { url: _url, ...rest } = { url: "", hub: "au/hub-one", dir: "state", registerFile: "register.bin", rootFile: "root.json" }; // prettier-ignore
  return { ...rest, signing: pair, link: pair, cluster };
}

function pathsOf(value: Said): readonly string[] {
  try {
    parseBrokerConfig(JSON.stringify(value), "/hub");
  } catch (error) {
    if (error instanceof Fault && error.code === "CONFIG_INVALID") {
      return error.violations.map(({ path }) => path).toSorted();
    }
    throw error;
  }
  return [];
}

const three = ["one", "two", "three"];

describe("a hub of several servers", () => {
  it("each server knows its place, and where the others are; the first stands for the hub too", () => {
    const { cluster, server, url } = parseBrokerConfig(JSON.stringify(configOf(three)), "/hub");
    const [one, two] = cluster?.servers ?? [];
    expect([url, server]).toEqual(["tls://one.hub.example:4222", one]);
    expect(two).toMatchObject({
      storeDir: "/hub/store-1",
      caFile: "/hub/roots.pem",
      routeHosts: ["two.hub.example"],
      cluster: {
        name: "two",
        reached: "two.hub.example:4222",
        listen: { host: "two.hub.example", port: 6222 },
        routes: ["one.hub.example:6222", "three.hub.example:6222"],
        keyFile: "/hub/routes/two.key",
        tags: ["west"],
      },
    });
  });

  it("a server that another reaches elsewhere is dialled there, and its certificate is for that host too", () => {
    const value = configOf(three, ([one]) => {
      Object.assign(one!, { routesTo: { two: "192.0.2.9:7000" } });
      return {};
    });
    const [one, two] = parseBrokerConfig(JSON.stringify(value), "/hub").cluster?.servers ?? [];
    expect(one?.cluster.routes[0]).toBe("192.0.2.9:7000");
    expect(two?.routeHosts).toEqual(["two.hub.example", "192.0.2.9"]);
  });

  it("the broker reaches each where the hub's people say, and two never at one place", () => {
    const inner = (servers: Said[], ports: readonly number[]): Said => {
      for (const [at, one] of servers.entries()) one["dial"] = `tls://10.0.0.7:${ports[at]}`;
      return {};
    };
    const { cluster } = parseBrokerConfig(
      JSON.stringify(configOf(three, (servers) => inner(servers, [1, 2, 3]))),
      "/hub",
    );
    expect(cluster?.servers.map(({ dial }) => dial)).toEqual([1, 2, 3].map((n) => `tls://10.0.0.7:${n}`));
    expect(pathsOf(configOf(three, (servers) => inner(servers, [1, 2, 2])))).toContain("/cluster/servers/2/dial");
    expect(pathsOf({ ...configOf(three), dial: "tls://10.0.0.7:1" })).toContain("/dial");
  }); // prettier-ignore

  it("a server with a folder of its own finds in it all that it reads of the hub's, and no other server's", () => {
    const value = configOf(three, ([one]) => {
      const files = { configFile: "a/server.conf", logFile: "a/log/server.log" };
      Object.assign(one!, { folder: { path: "a", seenAt: "/server" }, ...files });
      return {};
    });
    const { cluster, server } = parseBrokerConfig(JSON.stringify(value), "/hub");
    expect(server).toMatchObject({
      folder: { path: "/hub/a", seenAt: "/server" },
      certificateFile: "/hub/c.pem",
      caFile: "/hub/a/roots.pem",
      cluster: { certificateFile: "/hub/a/route.pem", keyFile: "/hub/a/route.key", caFile: "/hub/a/routes.pem" },
    });
    expect(cluster?.servers[1]).toMatchObject({ caFile: "/hub/roots.pem", cluster: { caFile: "/hub/routes/all.pem" } });
  }); // prettier-ignore

  it("a folder of its own without its configuration or its log in it is told of, and so are two servers in one", () => {
    const value = configOf(three, (servers) => {
      for (const one of servers.slice(0, 2)) Object.assign(one, { folder: { path: "a" } });
      Object.assign(servers[0]!, { configFile: "a/../server.conf", logFile: "a/server.log" });
      Object.assign(servers[1]!, { configFile: "a/other.conf", logFile: "ab/server.log" });
      return {};
    });
    expect(pathsOf(value)).toEqual([
      "/cluster/servers/0/configFile",
      "/cluster/servers/1/folder",
      "/cluster/servers/1/logFile",
    ]);
  });

  it("five are as good as three", () => {
    expect(pathsOf(configOf([...three, "four", "five"]))).toEqual([]);
  });

  it.each([[["one"]], [["one", "two"]], [[...three, "four"]]])("%s are refused: no more may fail than with one fewer", (names) => {
    expect(pathsOf(configOf(names))).toEqual(["/cluster/servers"]);
  }); // prettier-ignore

  it("what two of them have in common, and what names nobody, is told at once", () => {
    const value = configOf(three, (servers) => {
      Object.assign(servers[1]!, { name: "one", storeDir: "store-0", url: servers[0]!["url"] });
      Object.assign(servers[2]!, { routesTo: { nobody: "h:1" }, tags: [] });
      return { placement: { ecowas: ["west"] } };
    });
    expect(pathsOf(value)).toEqual([
      "/cluster/placement/ecowas",
      "/cluster/servers/1/name",
      "/cluster/servers/1/storeDir",
      "/cluster/servers/1/url",
      "/cluster/servers/2/routesTo/nobody",
    ]);
  });

  it("a hub has one server or several, not both and not none", () => {
    const several = configOf(three);
    const server = { ...pair, caFile: "r", configFile: "c", storeDir: "s", logFile: "l", listen: { host: "h", port: 1 } }; // prettier-ignore
    expect(pathsOf({ ...several, server, url: "tls://h:1" })).toEqual(["/server", "/url"]);
    const { cluster: _cluster, ...none } = several;
    expect(pathsOf(none)).toEqual(["/server", "/url"]);
    expect(pathsOf({ ...none, server, url: "tls://h:1" })).toEqual([]);
  });
});
