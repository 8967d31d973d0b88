import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import type { Program } from "./program.ts";

/** A message as a list shows it; only what is looked at. */
export interface Listed {
  readonly id: string;
  readonly originator: string;
  readonly state: string;
}

/** A message of one's own, as far as it is looked at. */
export interface Shown {
  readonly state: string;
  readonly ladder: readonly { readonly kind: string; readonly by: string }[];
  /** Whether the hub's log proves it. */
  readonly log?: readonly { readonly state: string }[];
}

/** An agency, as its own people meet it: by the API of its gateway, which only its own machine reaches. */
export interface Agency {
  readonly name: string;
  readonly gateway: Program;
  /** Undefined while the gateway does not answer. */
  status(): Promise<{ readonly linkUp: boolean; readonly inbox: number } | undefined>;
  /** Writes an alert to all of the community, once however often it is tried; waits while the gateway is away. */
  send(key: string): Promise<string>;
  show(id: string): Promise<Shown>;
  /** All that came. */
  inbox(): Promise<readonly Listed[]>;
  /** All of one's own. */
  outbox(): Promise<readonly Listed[]>;
}

/** Asks the gateway on the machine that it runs on; the image holds nothing else to ask with. */
const asking = `
const [method, path, key, body] = process.argv.slice(1);
const token = require("node:fs").readFileSync("/data/api-token", "utf8").trim();
const headers = { authorization: "Bearer " + token, ...(body ? { "content-type": "application/json", "idempotency-key": key } : {}) };
fetch("http://127.0.0.1:7401" + path, { method, headers, ...(body ? { body } : {}) })
  .then(async (answer) => process.stdout.write(JSON.stringify({ status: answer.status, json: await answer.json() })))
  .catch(() => process.exit(7));`;

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const patienceMs = 120_000;

function alert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return { type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
} // prettier-ignore

/** Undefined when nobody answered: it is away, or the container is. */
async function tryAsk(gateway: Program, ...args: readonly string[]): Promise<Answer | undefined> {
  try {
    const { code, out } = await gateway.run("/usr/local/bin/node", "-e", asking, ...args);
    return code === 0 ? (JSON.parse(out) as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** Opens an agency whose gateway runs in a container. */
export function openAgency(name: string, gateway: Program): Agency {
  const ask = async (...args: readonly string[]): Promise<unknown> => {
    const end = performance.now() + patienceMs;
    for (;;) {
      const answer = await tryAsk(gateway, ...args);
      if (answer !== undefined && answer.status < 400) return answer.json;
      // what a gateway that begins says of itself passes; what it says of a message does not
      if (answer !== undefined && answer.status !== 503) throw new Error(`${name} ${args[1]}: ${answer.status} ${JSON.stringify(answer.json)}`);
      if (performance.now() > end) throw new Error(`${name} does not answer: ${await gateway.logs()}`);
      await pause(200);
    }
  }; // prettier-ignore
  const list = async (box: string): Promise<readonly Listed[]> => {
    const all: Listed[] = [];
    for (let cursor = ""; ;) {
      const page = (await ask("GET", `/v1/messages?box=${box}&limit=200${cursor}`)) as { items: readonly Listed[]; next: string | null }; // prettier-ignore
      all.push(...page.items);
      if (page.next === null) return all;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  };
  return {
    name,
    gateway,
    status: async () => {
      const answer = await tryAsk(gateway, "GET", "/v1/status");
      return answer?.status === 200 ? (answer.json as { linkUp: boolean; inbox: number }) : undefined;
    },
    send: async (key) => {
      const { id } = (await ask("POST", "/v1/messages", key, JSON.stringify(alert()))) as { id: string };
      return id;
    },
    show: async (id) => (await ask("GET", `/v1/messages/${id}`)) as Shown,
    inbox: () => list("in"),
    outbox: () => list("out"),
  }; // prettier-ignore
}
