import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A message as a list shows it; only what tests look at. */
export interface ListedMessage {
  readonly id: string;
  readonly originator: string;
  readonly type: string;
  readonly state: string;
}

/** A gateway's own account of itself. */
export interface GatewayStatus {
  readonly linkUp: boolean;
  readonly waiting: number;
  readonly inbox: number;
  readonly quarantined: number;
}

/** The HTTP APIs of the gateways of one region. */
export interface GatewayHttp {
  readonly agencies: readonly string[];
  /** Undefined while the gateway is down. */
  status(agency: string): Promise<GatewayStatus | undefined>;
  /** Everything in a box, newest first. */
  list(agency: string, box: "in" | "out"): Promise<readonly ListedMessage[]>;
  /** Whether something of its own is not yet delivered to everybody. */
  hasOpen(agency: string): Promise<boolean>;
  /** One message's body. */
  body(agency: string, id: string): Promise<Readonly<Record<string, unknown>>>;
}

interface Contexts {
  readonly contexts: Readonly<Record<string, { readonly url: string; readonly tokenFile: string }>>;
}

/** Opens the APIs that `contexts.json` of a region's folder names. */
export function openGatewayHttp(home: string): GatewayHttp {
  const file = join(home, ".atumpan", "contexts.json");
  const { contexts } = JSON.parse(readFileSync(file, "utf8")) as Contexts;
  const ask = async (agency: string, path: string): Promise<unknown> => {
    const { url = "", tokenFile = "" } = contexts[agency] ?? {};
    const token = readFileSync(tokenFile, "utf8").trim();
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${agency} ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  return {
    agencies: Object.keys(contexts),
    status: async (agency) => {
      try {
        return (await ask(agency, "/v1/status")) as GatewayStatus;
      } catch {
        // refused or cut off: the process is away
        return undefined;
      }
    },
    list: async (agency, box) => {
      const all: ListedMessage[] = [];
      let cursor = "";
      do {
        const page = (await ask(agency, `/v1/messages?box=${box}&limit=200${cursor}`)) as {
          items: readonly ListedMessage[];
          next: string | null;
        };
        all.push(...page.items);
        cursor = page.next === null ? "" : `&cursor=${encodeURIComponent(page.next)}`;
      } while (cursor !== "");
      return all;
    },
    hasOpen: async (agency) => {
      const pages = await Promise.all(
        ["QUEUED", "ACCEPTED"].map((state) =>
          ask(agency, `/v1/messages?box=out&state=${state}&limit=1`),
        ),
      );
      return pages.some((page) => (page as { items: readonly unknown[] }).items.length > 0);
    },
    body: async (agency, id) => {
      const shown = (await ask(agency, `/v1/messages/${id}`)) as { body?: Record<string, unknown> };
      return shown.body ?? {};
    },
  };
}
