import { type ReadonlySignal, signal } from "@preact/signals";

import { gatewayCarrier } from "./carrier.ts";
import { type Attached, startUpload, type UploadJob } from "./upload.ts";

/** A file that was chosen for one place of one draft. */
interface Chosen {
  readonly place: string;
  readonly job: UploadJob;
}

const all = signal<readonly Chosen[]>([]);

/** How a file that a draft names came here. */
interface Arrival {
  readonly name: string;
  readonly upload: string;
}

const arrivals = new Map<string, Arrival>();

/** Files on their way for all places; they go on while another screen is shown, and stay until their place took them. */
export const chosen: ReadonlySignal<readonly Chosen[]> = all;

/** Begins to bring files for a place of a draft to the gateway. */
export function choose(place: string, files: Iterable<File>): void {
  const begun = [...files].map((file) => ({ place, job: startUpload(file, gatewayCarrier) }));
  all.value = [...all.value, ...begun];
}

/** Lets one go: what came of it is gone on with when the same file is chosen again. */
export function letGo(job: UploadJob): void {
  job.stop();
  all.value = all.value.filter((one) => one.job !== job);
}

/** What has arrived for a place; told once. */
export function takeArrived(place: string): readonly Attached[] {
  const arrived = all.peek().filter((one) => one.place === place && one.job.result.peek() !== undefined);
  if (arrived.length === 0) return [];
  all.value = all.value.filter((one) => !arrived.includes(one));
  return arrived.flatMap(({ job }) => {
    const result = job.result.peek();
    if (result === undefined) return [];
    const { upload, ...attached } = result;
    arrivals.set(attached.digest, { name: job.name, upload });
    return [attached];
  });
} // prettier-ignore

/** How a file came in this window; undefined when it came in another, or was taken away. */
export function arrivalOf(digest: string): Arrival | undefined {
  return arrivals.get(digest);
}

/** Its bytes were taken away again. */
export function forget(digest: string): void {
  arrivals.delete(digest);
}
