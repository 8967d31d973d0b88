import { encodeCarryHead } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { sealSuiteFor } from "../../certs/trust/index.ts";
import { type ContentEncryption, sealBody, sealRecipients } from "../crypto/index.ts";
import type { Office } from "../exchange/index.ts";
import { type FileName, renderContent } from "./content.ts";
import type { CarriedFiles } from "./files.ts";
import { renderFrame, renderFront } from "./frames.ts";
import { gatherLoad, type Load, type LoadWish } from "./load.ts";
import { carryOriginator, type FileKey, sealPieces } from "./pieces.ts";
import { headType } from "./read-file.ts";

/** What a file holds, as its writer knows it. */
export interface Written {
  readonly to: string;
  /** Messages, some of which stand on several channels. */
  readonly messages: number;
  readonly receipts: number;
  /** Messages for this reader that do not go: the register does not let him have them now, or is too old for them. */
  readonly withheld: number;
  /** Messages that found no room; they go with the next file. */
  readonly left: number;
  /** Files beside these messages, and how many found no room. */
  readonly files: number;
  readonly filesLeft: number;
}

/** A file that is about to be written. */
export interface Writing {
  readonly written: Written;
  /** The file; made as it is asked for. */
  readonly bytes: AsyncGenerator<Bytes>;
}

function encryptionNow(office: Office): ContentEncryption {
  const suite = sealSuiteFor(office.register(), office.clock.now());
  if (suite !== undefined) return suite.enc;
  throw new Fault("SEAL_KEY_MISSING", "the register allows no way of sealing that we know");
}

interface Sealed {
  readonly head: Bytes;
  readonly name: FileName;
  readonly fileKey: FileKey;
  readonly enc: ContentEncryption;
}

/** A new key for a new file, sealed to the reader's newest key that we believe. */
async function sealHead(office: Office, to: string): Promise<Sealed> {
  const { agency: writer, chance, clock, pins } = office;
  const register = office.register();
  const enc = encryptionNow(office);
  const place = { register, now: clock.now(), believes: pins.under(register) };
  const recipients = sealRecipients(place, [to]);
  const fileKey = { fileId: chance.bytes(16), key: chance.bytes(32) };
  const name = { fileId: fileKey.fileId, writer, reader: to, writtenAt: clock.now() };
  const parts = encodeCarryHead({ version: 1, writer, reader: to, writtenAt: name.writtenAt, key: fileKey.key });
  const binding = { originator: carryOriginator, id: fileKey.fileId, type: headType };
  return { name, fileKey, enc, head: await sealBody({ ...binding, parts, enc, recipients }) };
} // prettier-ignore

/** Messages noted in one write, so that others have their turn. */
const notedAtOnce = 500;

/** Notes of what was written that it went this way. */
async function note({ store, clock }: Office, { publications }: Load, to: string): Promise<void> {
  const messages = [...new Set(publications.map(({ message }) => message))];
  for (let at = 0; at < messages.length; at += notedAtOnce) {
    const some = messages.slice(at, at + notedAtOnce);
    await store.write(() => {
      for (const message of some) {
        const digest = store.messages.get(message)?.digest;
        if (digest !== undefined) store.carried.add(digest, { agency: to, at: clock.now() });
      }
    });
  }
}

/**
 * Writes a carry file for one reader: sealed to him, signed by us, in pieces of one size. The same messages go into every
 * file until his receipt says that he holds them, so a lost stick costs nothing. Files beside messages go when they are asked for,
 * whole and up to so many bytes.
 *
 * @throws {Fault} REQUEST_INVALID, AGENCY_UNKNOWN, REGISTER_STALE, SEAL_KEY_MISSING, SEAL_KEY_UNCONFIRMED,
 * SIGNATURE_KEY_MISSING, KEY_*; the bytes also STORE_WRITE_FAILED
 */
export async function writeFile(
  office: Office,
  wish: LoadWish,
  carried?: CarriedFiles,
): Promise<Writing> {
  const { to } = wish;
  const load = await gatherLoad(office, wish, carried);
  const { head, name, fileKey, enc } = await sealHead(office, to);
  const bytes = async function* (): AsyncGenerator<Bytes> {
    yield renderFront({ fileId: name.fileId, head });
    const content = renderContent(office, name, { ...load, carried });
    for await (const sealed of sealPieces(content, fileKey, enc)) {
      yield renderFrame(sealed);
    }
    await note(office, load, to);
  };
  const { publications, receipts, withheld, left, files, filesLeft } = load;
  const messages = new Set(publications.map(({ message }) => message)).size;
  const counts = { withheld, left, files: files.length, filesLeft };
  const written = { to, messages, receipts: receipts.length, ...counts };
  return { written, bytes: bytes() };
}
