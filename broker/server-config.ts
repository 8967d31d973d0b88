import { basename, join, resolve } from "node:path";

import { z } from "zod";

import type { ClusterOptions, ClusterServer, ServerOptions } from "./options.ts";

const port = z.int().min(1).max(65_535);
const path = z.string().min(1);
const host = z.string().min(1).max(255);
const address = z.strictObject({ host, port });
const url = z.string().regex(/^tls:\/\/[^/\s]{1,255}:\d{1,5}$/);
const hostPort = z.string().regex(/^[^/\s]{1,255}:\d{1,5}$/);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);
const tag = z.string().regex(/^[a-z][a-z0-9:.-]{0,62}$/);
const rec = z.string().regex(/^[a-z]{2,10}$/);
const gibi = 1024 ** 3;

/** What servers of one hub have in common. */
const shared = {
  certificateFile: path,
  keyFile: path,
  caFile: path,
  maxMemoryBytes: z
    .int()
    .min(1)
    .default(gibi / 2),
  maxFileBytes: z
    .int()
    .min(1)
    .default(64 * gibi),
  binary: path.optional(),
  /** Public nkey of who may read how the servers do (deploy/seeing/surveyor.md). */
  surveyor: z
    .string()
    .regex(/^U[A-Z2-7]{55}$/)
    .optional(),
};

/** What each has for itself. */
const own = {
  listen: address,
  configFile: path,
  storeDir: path,
  logFile: path,
  monitorPort: port.optional(),
  /**
   * A folder that the server is shown alone of the broker's, and where it sees it when that is elsewhere: roots, its certificate
   * and key and its key for the ways between servers are laid there, so that it reads nothing else.
   */
  folder: z.strictObject({ path, seenAt: z.string().startsWith("/").optional() }).optional(),
};

type Own = Pick<z.infer<z.ZodObject<typeof own>>, "folder" | "configFile" | "logFile">;

/** What is wrong with a server's own folder: it could not read, or the broker could not, what stands elsewhere. */
function refuseOutside({ folder, configFile, logFile }: Own, context: z.core.$RefinementCtx): void {
  if (folder === undefined) return;
  const inside = `${resolve("/", folder.path)}/`;
  for (const [field, file] of Object.entries({ configFile, logFile })) {
    if (resolve("/", file).startsWith(inside)) continue;
    const message = "a server with a folder of its own has this in it; name a file in its folder";
    context.addIssue({ code: "custom", path: [field], message });
  }
}

const member = z
  .strictObject({
    ...own,
    /** What tells it from the others, for good. */
    name,
    /** Where gateways and brokers reach it. */
    url,
    /** Where the hub's own broker reaches it, when that is not at its `url`. */
    dial: url.optional(),
    /** Where the other servers reach it, and where it listens for them when that is elsewhere. */
    route: address,
    routeListen: address.optional(),
    /** Where it reaches another, by name, when that is not at the other's `route`. */
    routesTo: z.record(name, hostPort).optional(),
    /** What it tells the others of where it is reached, when that is not its `route`. */
    advertise: hostPort.optional(),
    tags: z.array(tag).max(8).default([]),
  })
  .superRefine(refuseOutside);

type Member = z.infer<typeof member>;

/** The one server of a hub. */
export const serverConfig = z.strictObject({ ...shared, ...own }).superRefine(refuseOutside);

type Say = (one: Member) => string | undefined;

/** Who says nothing says nothing twice. */
function findTwice(members: readonly Member[], say: Say): readonly number[] {
  const all = members.map(say);
  return [...all.keys()].filter((at) => all[at] !== undefined && all.indexOf(all[at]) !== at);
}

const apart: readonly (readonly [field: string, say: Say])[] = [
  ["name", (one) => one.name],
  ["url", (one) => one.url],
  ["dial", (one) => one.dial],
  ["route", ({ route }) => `${route.host}:${route.port}`],
  ["configFile", (one) => one.configFile],
  ["storeDir", (one) => one.storeDir],
  ["logFile", (one) => one.logFile],
  ["folder", (one) => one.folder?.path],
];

/** Three servers go on without one of them, five without two; an even number is no safer than one less. */
const counts: readonly number[] = [3, 5];
const fewest = 3;

/** Three or five servers of one hub. */
export const clusterConfig = z
  .strictObject({
    ...shared,
    /** Keys for the ways between the servers; made when they are not there. */
    routeDir: path.default("routes"),
    servers: z.array(member).max(16),
    /** By REC: what servers must be tagged with that keep its feeds. */
    placement: z.record(rec, z.array(tag).min(1).max(4)).default({}),
  })
  .superRefine(({ servers, placement }, context) => {
    const refuse = (at: readonly (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path: [...at], message });
    if (!counts.includes(servers.length)) {
      refuse(["servers"], "a hub has one server, three or five; name three, or five");
    }
    for (const [field, say] of apart) {
      for (const at of findTwice(servers, say)) {
        refuse(
          ["servers", at, field],
          "another server of this hub has the same; give each its own",
        );
      }
    }
    for (const [at, { routesTo = {} }] of servers.entries()) {
      for (const other of Object.keys(routesTo)) {
        if (servers.some((one) => one.name === other)) continue;
        refuse(["servers", at, "routesTo", other], "no server of this hub has this name");
      }
    }
    for (const [of, tags] of Object.entries(placement)) {
      const able = servers.filter((one) => tags.every((wanted) => one.tags.includes(wanted)));
      if (able.length >= fewest) continue;
      refuse(
        ["placement", of],
        "fewer than three servers have these tags; tag three, or place it elsewhere",
      );
    }
  });

/** A hub's servers as they are configured. */
export type ClusterConfig = z.infer<typeof clusterConfig>;

function routesOf(one: Member, servers: readonly Member[]): readonly string[] {
  const others = servers.filter(({ name: other }) => other !== one.name);
  return others.map(
    ({ name: other, route }) => one.routesTo?.[other] ?? `${route.host}:${route.port}`,
  );
}

/** One server's paths, absolute. */
export function placeServer<T extends z.infer<typeof serverConfig>>(
  server: T,
  at: (file: string) => string,
): T {
  const { certificateFile, keyFile, caFile, configFile, storeDir, logFile, binary, folder } =
    server;
  const shownTo = folder === undefined ? undefined : { ...folder, path: at(folder.path) };
  return {
    ...server,
    ...(shownTo === undefined ? {} : { folder: shownTo }),
    certificateFile: at(certificateFile),
    keyFile: at(keyFile),
    caFile: shownTo === undefined ? at(caFile) : join(shownTo.path, basename(caFile)),
    configFile: at(configFile),
    storeDir: at(storeDir),
    logFile: at(logFile),
    ...(binary === undefined ? {} : { binary: at(binary) }),
  };
}

/** What each server of several is started with; paths are absolute. */
export function placeCluster(config: ClusterConfig, at: (file: string) => string): ClusterOptions {
  const { servers, placement, routeDir, ...common } = config;
  const dir = at(routeDir);
  const place = (one: Member): ClusterServer => {
    const { listen, configFile, storeDir, logFile, monitorPort, folder, route, routeListen, tags } =
      one;
    const server: ServerOptions = placeServer(
      { ...common, listen, configFile, storeDir, logFile, monitorPort, folder },
      at,
    );
    return {
      ...server,
      url: one.url,
      dial: one.dial,
      routeHosts: [...new Set([route.host, ...dialledAs(one.name, servers)])],
      cluster: {
        name: one.name,
        reached: one.url.slice("tls://".length),
        listen: routeListen ?? route,
        advertise:
          one.advertise ?? (routeListen === undefined ? undefined : `${route.host}:${route.port}`),
        routes: routesOf(one, servers),
        ...(server.folder === undefined
          ? routeFilesOf(dir, one.name, "all")
          : routeFilesOf(server.folder.path, "route", "routes")),
        tags,
      },
    };
  };
  return { servers: servers.map(place), placement };
}

type RouteFiles = Pick<ClusterServer["cluster"], "certificateFile" | "keyFile" | "caFile">;

/** Where a server's key for the ways between them lies, its certificate, and those of all. */
function routeFilesOf(folder: string, certificate: string, all: string): RouteFiles {
  return {
    certificateFile: `${folder}/${certificate}.pem`,
    keyFile: `${folder}/${certificate}.key`,
    caFile: `${folder}/${all}.pem`,
  };
}

/** The hosts under which others reach a server elsewhere than at its `route`. */
function dialledAs(which: string, servers: readonly Member[]): readonly string[] {
  return servers.flatMap(({ routesTo }) => {
    const to = routesTo?.[which];
    return to === undefined ? [] : [to.slice(0, to.lastIndexOf(":"))];
  });
}
