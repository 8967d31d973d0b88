import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from "jose";

/** How the provider is to differ from a good one; read anew at each answer. */
export interface OidcTwist {
  nonce?: string;
  issuer?: string;
  audience?: string;
  subject?: string;
  alg?: "none" | "other-key" | "HS256";
  /** Seconds from now; negative is over. */
  endsIn?: number;
  authTime?: number;
  acr?: string;
  claims?: Record<string, unknown>;
  /** Does not look at the PKCE verifier it is given, but gives back a token all the same. */
  down?: boolean;
}

/** A small provider of OpenID Connect over HTTP: discovery, keys, authorization code with PKCE, RS256 tokens. */
export interface OidcProviderServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly twist: OidcTwist;
  /** What the browser would do: goes where it is sent, and gives where it is sent back to. */
  visit(url: string): Promise<URL>;
  /** How often a code was changed for a token. */
  readonly exchanges: () => number;
  /** The last question's parameters. */
  readonly asked: () => URLSearchParams;
  stop(): Promise<void>;
}

interface Grant {
  readonly query: URLSearchParams;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

/** Starts one. Each code is good once; PKCE and the client's secret are checked. */
export async function startOidcProvider(): Promise<OidcProviderServer> {
  const clientId = "atumpan-gateway";
  const clientSecret = "client secret of the test";
  const twist: OidcTwist = {};
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const grants = new Map<string, Grant>();
  let exchanged = 0;
  let last = new URLSearchParams();
  let issuer = "";

  const sign = async (query: URLSearchParams): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: twist.issuer ?? issuer,
      sub: twist.subject ?? "kwesi",
      aud: twist.audience ?? clientId,
      nonce: twist.nonce ?? query.get("nonce"),
      iat: now,
      exp: now + (twist.endsIn ?? 60),
      auth_time: twist.authTime ?? now,
      ...(twist.acr === undefined ? {} : { acr: twist.acr }),
      name: "Kwesi Boateng",
      ...twist.claims,
    };
    if (twist.alg === "none") return new UnsecuredJWT(claims).encode();
    const token = new SignJWT(claims);
    if (twist.alg === "HS256") {
      const key = Buffer.from(JSON.stringify(jwk));
      return await token.setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(key);
    }
    const key = twist.alg === "other-key" ? stranger.privateKey : privateKey;
    return await token.setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(key);
  };

  const exchange = async (request: IncomingMessage): Promise<object | undefined> => {
    const form = new URLSearchParams(await textOf(request));
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const [, packed = ""] = (request.headers.authorization ?? "").split(" ");
    const [id, secret] = Buffer.from(packed, "base64").toString().split(":").map((one) => decodeURIComponent(one.replaceAll("+", " ")));
    const verifier = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    const isGood = grant?.query.get("code_challenge") === verifier && id === clientId && secret === clientSecret;
    if (grant === undefined || !isGood || form.get("redirect_uri") !== grant.query.get("redirect_uri")) return undefined;
    exchanged += 1;
    return { access_token: "a", token_type: "Bearer", expires_in: 60, id_token: await sign(grant.query) };
  }; // prettier-ignore

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    const json = (status: number, value: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (twist.down === true) return void response.destroy();
    if (url.pathname === "/.well-known/openid-configuration") {
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        end_session_endpoint: `${issuer}/leave`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      });
    }
    if (url.pathname === "/keys") return json(200, { keys: [jwk] });
    if (url.pathname === "/authorize") {
      const code = randomBytes(16).toString("hex");
      last = url.searchParams;
      grants.set(code, { query: url.searchParams });
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      back.search = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" }).toString();
      return void response.writeHead(303, { location: back.href }).end();
    }
    void exchange(request).then((given) =>
      given === undefined ? json(400, { error: "invalid_grant" }) : json(200, given),
    );
  }); // prettier-ignore
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return {
    get issuer() {
      return issuer;
    },
    clientId,
    clientSecret,
    twist,
    visit: async (url) => {
      const answer = await fetch(url, { redirect: "manual" });
      return new URL(answer.headers.get("location") ?? "");
    },
    exchanges: () => exchanged,
    asked: () => last,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
