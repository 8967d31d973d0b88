import { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

import { sha256 } from "../../schemas/ground/index.ts";
import { noPeer, type Peer } from "../people/index.ts";

function certificateOf(socket: TLSSocket): Peer["certificate"] {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return undefined;
  const { raw, validFromDate, validToDate } = shown;
  const [notBefore, notAfter] = [validFromDate.getTime(), validToDate.getTime()];
  return { thumbprint: sha256(raw), notBefore, notAfter };
}

/** The other end of the connection a request came by; what the server's own environment of the request says. */
export function peerOf(environment: unknown): Peer {
  if (typeof environment !== "object" || environment === null) return noPeer;
  if (!("incoming" in environment)) return noPeer;
  const { incoming } = environment;
  if (!(incoming instanceof IncomingMessage)) return noPeer;
  const { socket } = incoming;
  const isTls = socket instanceof TLSSocket;
  const address = socket.remoteAddress ?? "";
  return { address, isTls, certificate: isTls ? certificateOf(socket) : undefined };
}
