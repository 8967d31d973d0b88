import nacl from "tweetnacl";

import { type Bytes, type Chance, concatBytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { publicNkeyBytes, seedNkeyBytes } from "../nats/index.ts";

const version = utf8("xkv1");
const nonceBytes = 24;
const maxServers = 64;

/** Opens what a server sealed to us, and seals answers to it. NaCl box; one key agreement per server. */
export interface XkeyBox {
  /** @throws {Fault} CALLOUT_REQUEST_INVALID */
  open(sealed: Bytes, server: string): Bytes;
  seal(plain: Bytes, server: string): Bytes;
}

/** Builds a box of the hub's curve seed. */
export function makeXkeyBox(seed: string, chance: Chance): XkeyBox {
  const secret = new Uint8Array(seedNkeyBytes(seed, "X"));
  const shared = new Map<string, Uint8Array>();
  const sharedWith = (server: string): Uint8Array => {
    const held = shared.get(server);
    if (held !== undefined) return held;
    const made = nacl.box.before(new Uint8Array(publicNkeyBytes(server, "X")), secret);
    const [oldest] = shared.keys();
    if (shared.size >= maxServers && oldest !== undefined) shared.delete(oldest);
    shared.set(server, made);
    return made;
  };
  return {
    open: (sealed, server) => {
      const head = version.length + nonceBytes;
      // the library throws over what is too short for a nonce
      const isOurs =
        sealed.length > head && Buffer.from(version).equals(sealed.subarray(0, version.length));
      const opened = isOurs
        ? nacl.box.open.after(
            new Uint8Array(sealed.subarray(head)),
            new Uint8Array(sealed.subarray(version.length, head)),
            sharedWith(server),
          )
        : null;
      if (opened === null) {
        throw new Fault("CALLOUT_REQUEST_INVALID", "the request is not sealed to this hub");
      }
      return opened;
    },
    seal: (plain, server) => {
      const nonce = new Uint8Array(chance.bytes(nonceBytes));
      return concatBytes(
        version,
        nonce,
        nacl.box.after(new Uint8Array(plain), nonce, sharedWith(server)),
      );
    },
  };
}
