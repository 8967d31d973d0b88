import { outAdmittedSubject } from "../schemas/index.ts";
import { type Bytes, type Log, toFault } from "../schemas/ground/index.ts";
import type { HubConnection } from "./link/index.ts";

const timeoutMs = 5_000;

/** Asks the hub something, when it took a message unless told; undefined when it does not answer, and then it is asked again some time. */
export async function askHub(
  connection: HubConnection | undefined,
  question: Bytes,
  { log, subject = outAdmittedSubject }: { readonly log: Log; readonly subject?: string },
): Promise<Bytes | undefined> {
  if (connection?.isUp !== true) return undefined;
  try {
    return await connection.request(subject, question, timeoutMs);
  } catch (error) {
    log.info("the hub did not answer", { code: toFault(error, "HUB_UNREACHABLE").code });
    return undefined;
  }
}
