import {
  answerClaims,
  decideLogin,
  type JwtIssuer,
  loginClaims,
  type LoginRequest,
  makeXkeyBox,
  parseLoginRequest,
  renderJwt,
  type XkeyBox,
} from "../../broker/callout/index.ts";
import type { HubKeys } from "../../broker/index.ts";
import { importAccountSeed, type Msg, type Nkey } from "../../broker/nats/index.ts";
import { type Bytes, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { dialHub, hubKeysOf } from "./hub-insider.ts";
import type { World } from "./world.ts";

type Claims = Readonly<Record<string, unknown>>;

/** One question of the server, opened, and what an answer to it is made of. */
export interface Asked {
  readonly request: LoginRequest;
  /** The server's curve key: what it sealed the question with. */
  readonly server: string;
  readonly keys: HubKeys;
  readonly issuer: JwtIssuer;
  readonly box: XkeyBox;
  /** What the true callout would say of the user. */
  readonly claims: Claims;
}

/** What an answer says otherwise than a true one. */
export interface Lie {
  /** Signs the user's rights. */
  readonly inner?: JwtIssuer;
  /** Signs the answer around them. */
  readonly outer?: JwtIssuer;
  /** Of the user, and of the answer around. */
  readonly user?: Claims;
  readonly answer?: Claims;
  /** In place of sealing to the server. */
  readonly seal?: (plain: Bytes, asked: Asked) => Bytes;
}

/** An issuer by its nkey. */
export function issuerOf({ publicKey, seed }: Nkey): JwtIssuer {
  return { name: publicKey, key: importAccountSeed(seed) };
}

/** The true answer but for the lie. */
export function answerWith(asked: Asked, lie: Lie = {}): Bytes {
  const { request, server, issuer, box, claims } = asked;
  const now = Date.now();
  const jwt = renderJwt({ ...claims, ...lie.user }, lie.inner ?? issuer, now);
  const around = { ...answerClaims(request, { jwt }), ...lie.answer };
  const plain = utf8(renderJwt(around, lie.outer ?? issuer, now));
  return lie.seal?.(plain, asked) ?? box.seal(plain, server);
}

/** Somebody who answers logins in the callout's place, or beside it. */
export interface FalseCallout {
  readonly questions: number;
  stop(): Promise<void>;
}

/** How a false callout answers; undefined is silence. */
export type Answering = (asked: Asked) => Bytes | undefined | Promise<Bytes | undefined>;

function claimsFor(world: World, request: LoginRequest): Claims {
  const place = { hub: world.plan.hub, request };
  const decision = decideLogin(world.register(), place, Date.now());
  if (!decision.allow) throw decision.fault;
  return loginClaims(decision.login, request.userNkey);
}

/** Logs in as the callout does, with all of the hub's keys, and answers as it is told. */
export async function startFalseCallout(world: World, answer: Answering): Promise<FalseCallout> {
  const keys = hubKeysOf(world);
  const link = await dialHub(world, "callout");
  const box = makeXkeyBox(keys.curve.seed, systemChance);
  const issuer = issuerOf(keys.issuer);
  let questions = 0;
  const handle = async (message: Msg): Promise<void> => {
    questions += 1;
    const server = message.headers?.get("Nats-Server-Xkey") ?? "";
    const request = parseLoginRequest(box.open(message.data, server));
    const claims = claimsFor(world, request);
    const bytes = await answer({ request, server, keys, issuer, box, claims });
    if (bytes !== undefined && !link.isClosed()) message.respond(bytes);
  };
  link.subscribe("$SYS.REQ.USER.AUTH", {
    queue: "callout",
    callback: (error, message) => {
      if (error === null) void handle(message);
    },
  });
  await link.flush();
  return {
    get questions() {
      return questions;
    },
    stop: () => link.close(),
  };
}
