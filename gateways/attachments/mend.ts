import type { FileRow, UploadRow } from "../store/index.ts";
import type { AttachmentParts } from "./parts.ts";
import { lengthOf, sealedBytes } from "./sealed-file.ts";

/** Uploads of which less lies on the disk than the store says: they go on from what is there. */
function findShort({ office, places }: AttachmentParts): readonly UploadRow[] {
  return office.store.attachments.uploads().flatMap((row) => {
    const offset = Math.min(row.offset, lengthOf(places.upload(row.id)));
    return row.state === "RECEIVING" && offset < row.offset ? [{ ...row, offset }] : [];
  });
}

/** Files that should be here, and of which not all lies on the disk. */
function findLost({ office, places }: AttachmentParts): readonly FileRow[] {
  const { attachments } = office.store;
  return attachments
    .here()
    .filter(({ ref, size }) => lengthOf(places.file(ref)) !== sealedBytes(size))
    .flatMap(({ ref }) => attachments.file(ref) ?? []);
}

/**
 * Brings what the store says in line with what lies on the disk, as after a backup without files or a disk that lost some. A
 * lost file that a message names is fetched from the hub, our own too; one that no message names has to be handed in again.
 */
export async function mendFiles(parts: AttachmentParts): Promise<void> {
  const { store, log } = parts.office;
  const [short, lost] = [findShort(parts), findLost(parts)];
  if (short.length + lost.length === 0) return;
  log.warn("files are missing on the disk", { count: short.length + lost.length });
  await store.write(() => {
    for (const row of short) store.attachments.putUpload(row);
    for (const row of lost) {
      if (store.attachments.uses(row.ref).length === 0) store.attachments.dropFile(row.ref);
      else store.attachments.putFile({ ...row, state: "WANTED", nextAt: 0, tries: 0 });
    }
  });
}
