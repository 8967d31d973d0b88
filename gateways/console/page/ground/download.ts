import { after } from "./clock.ts";
import { Refusal } from "./problem.ts";

/** A file as it came: its bytes, and the name its sender's gateway gave it. */
export interface Fetched {
  readonly blob: Blob;
  readonly name: string;
}

/** An answer with bytes, from one byte on. */
export interface Bytes {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly type: string;
  readonly name: string;
  /** Where they begin: 0 where the whole came though a part was asked for. */
  readonly from: number;
}

const mostTries = 300;

/** The name that a Content-Disposition gives, as RFC 8187 writes it; text, whatever it says. */
export function readName(disposition: string): string {
  const [, said = ""] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  try {
    return decodeURIComponent(said);
  } catch {
    return "";
  }
}

/** What reads on from a byte, and waits before it is asked again. */
export interface Source {
  ask(from: number): Promise<Bytes>;
  pause(): Promise<void>;
}

/** Of a file the pieces that came, until the line broke or it was whole. */
async function drain({ body }: Bytes, take: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
} // prettier-ignore

/**
 * Reads a file to its last byte: where the line breaks, on from the byte it broke at.
 *
 * @throws {Refusal} as the gateway refuses
 */
export async function readWhole(source: Source, size: number, note: (done: number) => void): Promise<Fetched> {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let have = 0;
  let [name, type] = ["", ""];
  for (let tries = 0; have < size && tries < mostTries; tries += 1) {
    try {
      const answer = await source.ask(have);
      ({ name, type } = answer);
      if (answer.from !== have) [pieces, have] = [[], 0];
      await drain(answer, (piece) => {
        pieces.push(piece);
        have += piece.length;
        note(have);
      });
    } catch (error) {
      if (error instanceof Refusal && error.problem?.retry !== "later") throw error;
      await source.pause();
    }
  }
  if (have !== size) throw new Error("the file did not come whole");
  return { blob: new Blob(pieces, { type }), name };
} // prettier-ignore

const keptMs = 2_000;

/** Hands a file to the person, to be kept where she likes; it is opened nowhere here. */
export function keepFile({ blob, name }: Fetched): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  after(keptMs, () => URL.revokeObjectURL(url));
}
