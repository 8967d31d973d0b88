import { type ReadonlySignal, signal } from "@preact/signals";

import { api, had } from "./api.ts";
import { may } from "./session.ts";

const unread = signal<readonly string[]>([]);

/** FLASH messages that nobody here has read. */
export const unreadFlash: ReadonlySignal<readonly string[]> = unread;

const keptAs = "atumpan-sound";

/** Whether a FLASH message is heard; it is not unless the person wants it at this PC. */
export function isSoundOn(): boolean {
  return localStorage.getItem(keptAs) === "on";
}

/** Turns the sound on or off; turned on it is heard once. */
export function turnSound(isOn: boolean): void {
  localStorage.setItem(keptAs, isOn ? "on" : "off");
  if (isOn) sound();
}

const [low, high] = [660, 880];
const toneSeconds = 0.18;
const volume = 0.2;

/** Two short tones, twice; no file is fetched for it. */
function sound(): void {
  const audio = new AudioContext();
  const gain = new GainNode(audio, { gain: volume });
  gain.connect(audio.destination);
  for (const [at, frequency] of [low, high, low, high].entries()) {
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(gain);
    tone.start(audio.currentTime + at * toneSeconds);
    tone.stop(audio.currentTime + (at + 1) * toneSeconds);
    tone.addEventListener("ended", () => void (at === 3 ? audio.close() : undefined));
  }
}

const most = 20;
let known: ReadonlySet<string> | undefined;

/** Asks which FLASH messages nobody here has read; of one that is new to this page there is a sound, where that is wanted. */
export async function askFlash(): Promise<void> {
  if (!may("GET", "/v1/messages")) return;
  const query = { box: "in", urgency: "FLASH", opened: "NO", fields: "id", limit: String(most) } as const;
  const { items } = had((await api.GET("/v1/messages", { params: { query } })).data);
  const ids = items.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const isNew = known !== undefined && ids.some((id) => known?.has(id) === false);
  known = new Set([...(known ?? []), ...ids]);
  unread.value = ids;
  if (isNew && isSoundOn()) sound();
} // prettier-ignore
