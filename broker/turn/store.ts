import { Fault } from "../../schemas/ground/index.ts";
import {
  appendAfter,
  type Appended,
  type JetStream,
  type Link,
  turnStreamConfig,
  turnSubject,
} from "../nats/index.ts";
import type { TurnPlace } from "./place.ts";

/** The newest word on whose turn it is. */
export interface TurnWord {
  /** Its number; 0 when nobody ever had it, or all that was known is gone. */
  readonly sequence: number;
  /** Who said so. */
  readonly run: string;
  /** Whether he gave it back. */
  readonly isFree: boolean;
  /** Where he is; left out by who does not say. */
  readonly place?: TurnPlace | undefined;
}

/** Where the brokers of a hub say whose turn it is: whoever speaks names the word he answers to. */
export interface TurnStore {
  /** @throws {Fault} HUB_* when nobody can say */
  last(): Promise<TurnWord>;
  /** Never rejects. */
  append(after: number, word: Omit<TurnWord, "sequence">): Promise<Appended>;
}

const runHeader = "Atumpan-Run";
const freeHeader = "Atumpan-Free";
const brokerHeader = "Atumpan-Broker";
const folderHeader = "Atumpan-Folder";

function headersOf({ run, isFree, place }: Omit<TurnWord, "sequence">): Record<string, string> {
  return {
    [runHeader]: run,
    ...(isFree ? { [freeHeader]: "1" } : {}),
    ...(place === undefined ? {} : { [brokerHeader]: place.broker, [folderHeader]: place.folder }),
  };
}

/** Opens it over a connection into the hub's account; its stream is made when it is not there. */
export function makeTurnStore(link: Link, jetStream: JetStream): TurnStore {
  const { name } = turnStreamConfig;
  return {
    last: async () => {
      const state = (await jetStream.stream(name)) ?? (await jetStream.createStream(turnStreamConfig));
      if (state.isDoubtful === true) {
        throw new Fault("HUB_UNREACHABLE", "whoever answers may lead the stream no more");
      }
      const { lastSequence: sequence } = state;
      if (sequence === 0) return { sequence, run: "", isFree: false };
      const note = await jetStream.at(name, sequence);
      if (note === undefined) throw new Fault("HUB_UNREACHABLE", "a newer word came meanwhile");
      const { headers } = note;
      const place = { broker: headers.get(brokerHeader) ?? "", folder: headers.get(folderHeader) ?? "" };
      return { sequence, run: headers.get(runHeader) ?? "", isFree: headers.has(freeHeader), place };
    },
    append: (after, word) => {
      const headers = headersOf(word);
      return appendAfter(link, { subject: turnSubject, payload: new Uint8Array(), after, headers });
    },
  };
} // prettier-ignore
