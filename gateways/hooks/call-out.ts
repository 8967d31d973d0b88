import {
  Agent as PlainAgent,
  type ClientRequest,
  type IncomingMessage,
  request as plainRequest,
} from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { rootCertificates } from "node:tls";

import { type Clock, Fault } from "../../schemas/ground/index.ts";
import type { CheckedTarget } from "./egress.ts";

/** What a receiver is given. */
export interface Delivery {
  readonly target: CheckedTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborted when the gateway stops. */
  readonly signal: AbortSignal;
}

/** What a receiver said; its body is nobody's business. */
export interface Receiving {
  readonly status: number;
  readonly retryAfter?: string | undefined;
}

/** Calls receivers. */
export interface CallOut {
  /** @throws {Fault} WEBHOOK_UNREACHABLE when there is no answer in time */
  post(delivery: Delivery): Promise<Receiving>;
  /** Closes connections that are kept for the next call. */
  stop(): void;
}

const patience = 15_000;
/** Of an answer so much is read, to be polite, and none of it is kept. */
const maxAnswerBytes = 4_096;
const maxHeaderSize = 8_192;

function headersOf({ target, headers, body }: Delivery): Record<string, string> {
  const length = String(Buffer.byteLength(body));
  return { ...headers, host: target.url.host, "content-length": length, "content-type": "application/json", "user-agent": "atumpan" };
} // prettier-ignore

function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxAnswerBytes) response.destroy();
  });
  // what breaks after the status was said changes nothing
  response.on("error", () => undefined);
}

function settle(request: ClientRequest, clock: Clock): Promise<Receiving> {
  const { promise, resolve, reject } = Promise.withResolvers<Receiving>();
  const fail = (says: string, cause?: unknown): void => {
    reject(new Fault("WEBHOOK_UNREACHABLE", `the receiver ${says}`, { cause }));
  };
  // all of it: a receiver that sends a byte a minute holds nothing open
  const timer = clock.after(patience, () => {
    fail(`did not answer within ${patience / 1000} s`);
    request.destroy();
  });
  request.on("response", (response) => {
    const { statusCode = 0, headers } = response;
    resolve({ status: statusCode, retryAfter: headers["retry-after"] });
    drain(response);
  });
  request.on("error", (error) => fail("cannot be reached", error));
  request.on("close", () => {
    timer.stop();
    fail("closed the connection without an answer");
  });
  return promise;
}

/**
 * Builds what calls receivers: POST to the checked address alone, no redirects, one deadline for all of a call, answers of
 * limited size. Certificates are checked for the name in the URL.
 */
export function makeCallOut({ clock, ca }: { readonly clock: Clock; readonly ca?: string | undefined }): CallOut {
  const kept = { keepAlive: true, keepAliveMsecs: 5_000, maxFreeSockets: 8, timeout: patience };
  const plain = new PlainAgent(kept);
  const secure = new SecureAgent({ ...kept, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) });
  const open = (delivery: Delivery): ClientRequest => {
    const { url, address } = delivery.target;
    const where = { host: address, port: url.port, path: `${url.pathname}${url.search}`, method: "POST", setHost: false };
    const options = { ...where, headers: headersOf(delivery), maxHeaderSize, signal: delivery.signal };
    if (url.protocol === "http:") return plainRequest({ ...options, agent: plain });
    const { hostname } = url;
    const named = isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? { servername: hostname } : {};
    return secureRequest({ ...options, ...named, agent: secure });
  };
  return {
    post: async (delivery) => {
      const request = open(delivery);
      const answer = settle(request, clock);
      request.end(delivery.body);
      return await answer;
    },
    stop: () => {
      plain.destroy();
      secure.destroy();
    },
  };
} // prettier-ignore
