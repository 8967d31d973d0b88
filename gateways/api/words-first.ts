import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./call.ts";

interface Named {
  readonly id: string;
}

/** Whether nobody has to accept words of use any more before the content of a message is given. */
export function isFreeToRead({ exchange }: Pick<Desk, "exchange">, { id }: Named): boolean {
  const words = exchange.words(id);
  return words === undefined || words.accepted !== undefined;
}

/** @throws {Fault} WORDS_NOT_ACCEPTED as long as a person here has to accept the words by which a message may be used */
export function checkWordsAccepted(desk: Pick<Desk, "exchange">, message: Named): void {
  if (isFreeToRead(desk, message)) return;
  const way =
    "reads them (GET /v1/messages/{id}/words) and accepts them (POST /v1/messages/{id}/accept)";
  throw new Fault("WORDS_NOT_ACCEPTED", `a person of this agency first ${way}`);
}
