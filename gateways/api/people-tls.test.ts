import { createHash, X509Certificate } from "node:crypto";
import { request } from "node:https";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { owner } from "../people/index.ts";
import { type PeopleWorld, startPeopleWorld } from "../../test/kit/people-world.ts";
import { makeTlsPair, type TlsPair } from "../../test/kit/tls-pair.ts";

let world: PeopleWorld;
let server: TlsPair;
let client: TlsPair;
let other: TlsPair;

interface Shown {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly cookies: readonly string[];
}

async function ask(path: string, by: { pair?: TlsPair; headers?: Record<string, string>; method?: string } = {}): Promise<Shown> {
  const { pair, headers = {}, method = "GET" } = by;
  const files = pair === undefined ? {} : { key: pair.keyPem, cert: pair.certificatePem };
  return await new Promise((resolve, reject) => {
    const made = request(`${world.origin}${path}`, { ...files, headers, method, ca: server.certificatePem, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (piece: Buffer) => (text += piece.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, json: text === "" ? {} : JSON.parse(text), cookies: answer.headers["set-cookie"] ?? [] }));
    });
    made.on("error", reject);
    made.end();
  });
} // prettier-ignore

function pin(pair: TlsPair): string {
  return createHash("sha256").update(new X509Certificate(pair.certificatePem).raw).digest("hex");
}

beforeAll(async () => {
  server = await makeTlsPair("localhost");
  client = await makeTlsPair("case-system");
  other = await makeTlsPair("case-system");
  const tls = { ...server, clients: true };
  world = await startPeopleWorld({ tls, start: Date.now() });
  const proof = { kind: "CERTIFICATE", sha256: pin(client) } as const;
  const machine = { name: "case system", roles: ["integrator"], handlingUpTo: "H1", addresses: [], proof } as const;
  await world.people.ask(owner, { change: { kind: "MACHINE", machine: { ...machine, roles: ["integrator"], addresses: [] } } });
}); // prettier-ignore

afterAll(async () => {
  await world.stop();
});

describe("a listener with TLS", () => {
  it("knows a machine by the certificate that was written down, whoever made it", async () => {
    const { json } = await ask("/v1/session", { pair: client });
    expect(json).toMatchObject({ kind: "machine", name: "case system", handlingUpTo: "H1" });
  });

  it("refuses another certificate of the same name, and none at all", async () => {
    expect((await ask("/v1/session", { pair: other })).json["code"]).toBe("NOT_AUTHENTICATED");
    expect((await ask("/v1/session")).json["code"]).toBe("NOT_AUTHENTICATED");
  });

  it("refuses the right certificate out of its time", async () => {
    world.clock.move(400 * 86_400_000);
    expect((await ask("/v1/session", { pair: client })).json["code"]).toBe("NOT_AUTHENTICATED");
    world.clock.move(-400 * 86_400_000);
    expect((await ask("/v1/session", { pair: client })).status).toBe(200);
  });

  it("believes the owner's token beside a certificate, and no header that names one", async () => {
    const own = await ask("/v1/session", { pair: other, headers: { authorization: `Bearer ${world.token}` } });
    expect(own.json["id"]).toBe("owner");
    const forged = { "x-client-cert": "x", "x-forwarded-for": "127.0.0.1", "x-ssl-client-sha256": pin(client) };
    expect((await ask("/v1/session", { headers: forged })).status).toBe(401);
  }); // prettier-ignore

  it("speaks TLS 1.3 and nothing before it", async () => {
    const old = new Promise((resolve, reject) => {
      const made = request(`${world.origin}/livez`, { ca: server.certificatePem, maxVersion: "TLSv1.2", agent: false }, resolve);
      made.on("error", reject);
      made.end();
    });
    await expect(old).rejects.toThrow(/protocol version|EPROTO|alert/i);
  }); // prettier-ignore
});
