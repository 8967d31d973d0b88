import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { makeServices } from "../../gateways/services.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import type { World } from "./world.ts";

/** The HTTP faces of a world's gateways, each started when it is first asked. */
export interface WorldApis {
  /** Asks an agency's own gateway, as its own people do. */
  call(agency: string, path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Builds them; nothing listens yet. */
export function makeWorldApis(world: World): WorldApis {
  const apis = new Map<string, Promise<Api>>();
  const stops: (() => Promise<void>)[] = [];
  const start = async (agency: string): Promise<Api> => {
    const gateway = await world.gateway(agency);
    const dir = world.layout.gateway(agency);
    const ground = { clock: world.clock, chance: systemChance, log: silentLog };
    const own = makeServices({ gateway, dir, ...ground });
    stops.push(() => own.stop());
    return await startApi({
      services: own.services,
      callers: own.callers,
      exchange: gateway.exchange,
      directory: makeDirectory(() => gateway.register(), world.clock),
      dir,
      host: "127.0.0.1",
      port: 0,
      ...ground,
    });
  };
  return {
    call: async (agency, path, init = {}) => {
      const api = apis.get(agency) ?? start(agency);
      apis.set(agency, api);
      const { url } = await api;
      const headers = new Headers(init.headers);
      const token = loadToken(world.layout.gateway(agency), systemChance);
      headers.set("authorization", `Bearer ${token}`);
      return await fetch(`${url}${path}`, { ...init, headers });
    },
    stop: async () => {
      for (const api of apis.values()) await (await api).stop();
      for (const stop of stops) await stop();
      apis.clear();
    },
  };
}
