import { Fault } from "../../schemas/ground/index.ts";

/** A quoted string of the server's configuration language. @throws {Fault} CONFIG_INVALID */
export function quote(text: string): string {
  // Control characters would need escapes that the server's parser does not have.
  if (/\p{Cc}/u.test(text)) {
    throw new Fault("CONFIG_INVALID", "a path or name holds a control character");
  }
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
