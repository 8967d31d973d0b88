import {
  type Bytes,
  type Chance,
  type Clock,
  type EpochMs,
  type Log,
  renderHex,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import { lastUse, type RegisterView } from "../../certs/trust/index.ts";
import { type HubKeys, importAccountSeed, type Link, type Msg } from "../nats/index.ts";
import { answerClaims, decideLogin, isApart, loginClaims } from "./answer.ts";
import { renderJwt } from "./jwt.ts";
import { type LoginRequest, parseLoginRequest } from "./request.ts";
import { makeXkeyBox } from "./xkey.ts";

/** One login as the audit record keeps it. */
export interface LoginEvent {
  readonly allowed: boolean;
  /** As the certificate names it; absent when it names none that may log in. */
  readonly agency?: string | undefined;
  /** Fault code of a refusal. */
  readonly code?: string | undefined;
  readonly host: string;
  /** SHA-256 of the certificate, lower-case hexadecimal; "" when none was shown. */
  readonly fingerprint: string;
  /** The server's number for the connection, and its name. */
  readonly connection: number;
  readonly server: string;
}

/** What answers logins. */
export interface CalloutOptions {
  /** A connection of its own, into the callout's account. */
  readonly link: Link;
  readonly hub: string;
  readonly keys: HubKeys;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** The register of the moment; none yet means that every login is refused. */
  readonly register: () => RegisterView | undefined;
  /** Whether this broker may answer at this moment; who is not answered tries again. Always when left out. */
  readonly mayAnswer?: (() => boolean) | undefined;
  /** Asked of each login that the register allows: whether its agency has to wait, and whether that was said before. */
  readonly judgePause?:
    ((agency: string) => "open" | "refused first" | "refused again") | undefined;
  readonly onLogin: (event: LoginEvent) => void;
}

/** Running answers to logins. */
export interface Callout {
  stop(): void;
}

const requestSubject = "$SYS.REQ.USER.AUTH";
const queue = "callout";
const xkeyHeader = "Nats-Server-Xkey";

/** Starts to answer the server's login requests. Whatever goes wrong is a refusal. */
export function startCallout(options: CalloutOptions): Callout {
  const { link, hub, keys, clock, chance, log, register, judgePause, onLogin } = options;
  const { mayAnswer = () => true } = options;
  const box = makeXkeyBox(keys.curve.seed, chance);
  const issuer = { name: keys.issuer.publicKey, key: importAccountSeed(keys.issuer.seed) };

  const report = (
    request: LoginRequest,
    outcome: Pick<LoginEvent, "allowed" | "agency" | "code">,
  ) =>
    onLogin({
      ...outcome,
      host: request.host,
      fingerprint: renderHex(request.certificate?.thumbprint ?? new Uint8Array()),
      connection: request.connection,
      server: request.serverName,
    });

  let wasApart = false;
  const tellClock = (request: LoginRequest, now: EpochMs): void => {
    const isFar = isApart(request, now);
    if (isFar === wasApart) return;
    wasApart = isFar;
    const code = request.askedAt > now ? "CLOCK_BEHIND" : "CLOCK_AHEAD";
    if (isFar) log.error("the clock and the server's differ", { code });
    else log.info("the clock and the server's agree again");
  };

  const decide = (request: LoginRequest): { jwt: string } | { error: string } => {
    const now = clock.now();
    const view = register();
    if (view === undefined || lastUse(view) <= now) {
      report(request, { allowed: false, code: "REGISTER_STALE" });
      return { error: "REGISTER_STALE" };
    }
    const decision = decideLogin(view, { hub, request }, now);
    if (!decision.allow) {
      report(request, { allowed: false, code: decision.fault.code });
      return { error: decision.fault.code };
    }
    const { agency } = decision.login;
    const pause = judgePause?.(agency) ?? "open";
    if (pause !== "open") {
      // whoever goes on trying would fill the record
      if (pause === "refused first")
        report(request, { allowed: false, agency, code: "LINK_PAUSED" });
      return { error: "LINK_PAUSED" };
    }
    report(request, { allowed: true, agency });
    return { jwt: renderJwt(loginClaims(decision.login, request.userNkey), issuer, now) };
  };

  const answer = (sealed: Bytes, server: string): Bytes => {
    const request = parseLoginRequest(box.open(sealed, server));
    tellClock(request, clock.now());
    const claims = answerClaims(request, decide(request));
    return box.seal(utf8(renderJwt(claims, issuer, clock.now())), server);
  };

  const handle = (message: Msg): void => {
    if (!mayAnswer()) return;
    const server = message.headers?.get(xkeyHeader) ?? "";
    try {
      message.respond(answer(message.data, server));
    } catch (error) {
      // Not answering is a refusal too: the server closes the connection when its time is up.
      log.warn("login request refused", { code: toFault(error, "CALLOUT_REQUEST_INVALID").code });
    }
  };

  const subscription = link.subscribe(requestSubject, {
    queue,
    callback: (error, message) => {
      if (error === null) handle(message);
      else log.error("login requests cannot be heard", { code: "HUB_LOGIN_REFUSED" });
    },
  });
  return {
    stop: () => {
      if (!link.isClosed()) subscription.unsubscribe();
    },
  };
}
