import type { Clock } from "../../schemas/ground/index.ts";

/** What is known of the line at this moment, for whoever shares it out. Undefined is: not known yet. */
export interface LineQuality {
  readonly roundTripMs?: number | undefined;
  /** Bytes a second that the other side took, while there was something to take. */
  readonly sentPerSecond?: number | undefined;
  /** Bytes a second that came, while something came. */
  readonly receivedPerSecond?: number | undefined;
}

/** How a line is doing: what it carried for certain, and how much may be on it. */
export interface Line {
  /** Bytes given to it so far, over all connections. */
  readonly handed: number;
  /** How many of them the other side is known to have had; what is beyond at a break may be lost. */
  readonly proven: number;
  /** When the other side last answered (elapsed). */
  readonly answeredAt: number | undefined;
  /** Bytes that may be under way from here at a time: some seconds of it, whatever it is worth. */
  readonly sendBytes: number;
  /** Bytes that may be under way to here at a time. */
  readonly receiveBytes: number;
  quality(): LineQuality;
}

/** The two ends of a connection that a pulse is felt by. */
export interface Wire {
  /** Bytes read of the socket so far. */
  bytesRead(): number;
  /** Resolves when the other side answered; it answers in order, so it has all that was handed over before. */
  ping(): Promise<void>;
}

/** Feels whether the other side is there, and how good the line to it is. */
export interface Pulse extends Line {
  /** A connection stands. */
  start(wire: Wire): void;
  stop(): void;
  /** So many bytes were given to the connection. */
  sent(bytes: number): void;
  /** Something came that only who is there sends; as an answer, it says that all up to this mark was had. */
  heard(mark?: number): void;
  /** Call about once a second. False: nothing has answered for so long that the connection is dead. */
  tick(): boolean;
}

/** From the last answer until a line where nobody answers is given up; what is left is for the second's step of the ticks. */
const noticeMs = 28_500;
/** Four losses in a row on a line that answers at once; on one that does not, each takes its round trips more. */
const leastPatienceMs = 8_500;
const patienceRoundTrips = 10;
const mostUsualPatienceMs = 20_000;
/** What was handed over is proved so soon. */
const proveEveryMs = 6_000;
/** A server asks for itself whoever was silent for 20 s, and that costs as much again. */
const mostPingEveryMs = 18_500;
/** Ticks that are further apart than this: nobody listened for the answer either. */
const asleepMs = 4_000;
/** What is ahead of a ping on a slow line takes its time: this much for the way, and twice what it should take. */
const wayMs = 8_000;
/** Whatever is ahead of it, nobody waits longer. */
const mostPatienceMs = 150_000;
/** While this much has come in the last seconds, the answer is behind it. */
const progressBytes = 1_024;
const progressMs = 5_000;
/** So many bytes unproven ask for a ping of their own, and are enough to tell a rate by. */
const sampleBytes = 4_096;
const sampleMs = 3_000;
/** A line nobody knows yet is taken for the slowest we serve: 32 kbit/s. */
const slowestPerSecond = 4_000;
/** Seconds of its line that may be under way: what an urgent message waits behind. */
const windowSeconds = 4;
const leastWindow = 16 * 1024;
/** Not more, whatever the line was worth a moment ago: it may be worth a hundredth now. */
const mostSending = 256 * 1024;
const mostReceiving = 1024 * 1024;

function windowOf(rate: number | undefined, most: number): number {
  const wanted = (rate ?? slowestPerSecond) * windowSeconds;
  return Math.round(Math.min(most, Math.max(leastWindow, wanted)));
}

function smooth(before: number | undefined, sample: number, weight: number): number {
  return before === undefined ? sample : before + (sample - before) * weight;
}

interface ReadMark {
  readonly at: number;
  readonly read: number;
}

interface Ping {
  /** When it went; the time that nobody listened is left out. */
  at: number;
  /** What had been handed over before it. */
  readonly handed: number;
  readonly read: number;
  /** What had been proven before it, and since when the rest was under way: other answers may prove some of that first. */
  readonly proven: number;
  readonly busySince: number | undefined;
}

class RunningPulse implements Pulse {
  handed = 0;
  proven = 0;
  answeredAt: number | undefined;
  readonly #clock: Clock;
  #wire: Wire | undefined;
  #ping: Ping | undefined;
  #pingedAt = 0;
  /** When something came, or was asked for. */
  #heardAt = 0;
  #tickedAt = 0;
  /** Since when something unproven has been under way. */
  #busySince: number | undefined;
  #read = 0;
  #readAt = 0;
  #mark: ReadMark = { at: 0, read: 0 };
  #roundTrip: number | undefined;
  #leastRoundTrip: number | undefined;
  #sendRate: number | undefined;
  #receiveRate: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get sendBytes(): number {
    return windowOf(this.#sendRate, mostSending);
  }

  get receiveBytes(): number {
    return windowOf(this.#receiveRate, mostReceiving);
  }

  quality(): LineQuality {
    return {
      roundTripMs: this.#roundTrip,
      sentPerSecond: this.#sendRate,
      receivedPerSecond: this.#receiveRate,
    };
  }

  start(wire: Wire): void {
    const now = this.#clock.elapsed();
    this.#wire = wire;
    this.#ping = undefined;
    this.#busySince = undefined;
    this.proven = this.handed;
    this.#read = wire.bytesRead();
    this.#readAt = now;
    this.#mark = { at: now, read: this.#read };
    this.answeredAt = now;
    this.#tickedAt = now;
    // another way may be another line, and what was measured last is no promise
    this.#sendRate = undefined;
    this.#receiveRate = undefined;
    this.#leastRoundTrip = undefined;
    this.#sendPing();
  }

  stop(): void {
    this.#wire = undefined;
    this.#ping = undefined;
  }

  sent(bytes: number): void {
    this.handed += bytes;
    this.#busySince ??= this.#clock.elapsed();
    if (this.#ping === undefined && this.handed - this.proven >= sampleBytes) this.#sendPing();
  }

  heard(mark = 0): void {
    const now = this.#clock.elapsed();
    this.answeredAt = now;
    this.#heardAt = now;
    if (mark <= this.proven) return;
    this.proven = mark;
    if (this.handed === mark) this.#busySince = undefined;
  }

  tick(): boolean {
    if (this.#wire === undefined) return true;
    const now = this.#clock.elapsed();
    this.#look(now);
    this.#wake(now);
    if (this.#ping !== undefined) return now - this.#ping.at < this.#patience(this.#ping, now);
    if (this.#isPingDue(now)) this.#sendPing();
    return true;
  }

  #isPingDue(now: number): boolean {
    if (this.handed > this.proven) return now - this.#pingedAt >= proveEveryMs;
    const everyMs = Math.min(mostPingEveryMs, noticeMs - this.#usualPatience());
    return now - Math.max(this.#pingedAt, this.#heardAt) >= everyMs;
  }

  /** A process that stood still has an answer lying there that it did not read yet. */
  #wake(now: number): void {
    const sleptMs = now - this.#tickedAt;
    this.#tickedAt = now;
    if (sleptMs > asleepMs && this.#ping !== undefined) this.#ping.at += sleptMs;
  }

  /** So long an answer may take that nothing is ahead of; the longest while the line is not known. */
  #usualPatience(): number {
    if (this.#roundTrip === undefined) return mostUsualPatienceMs;
    const wanted = leastPatienceMs + patienceRoundTrips * this.#roundTrip;
    return Math.min(mostUsualPatienceMs, wanted);
  }

  #look(now: number): void {
    const read = this.#wire?.bytesRead() ?? 0;
    this.#reckon({ at: now, read });
    if (read - this.#read < progressBytes) return;
    this.#read = read;
    this.#readAt = now;
  }

  #reckon(mark: ReadMark): void {
    const ms = Math.max(mark.at - this.#mark.at, 1);
    const came = mark.read - this.#mark.read;
    if (came < sampleBytes && ms < sampleMs) return;
    this.#mark = mark;
    // what is spread over seconds says what there was to come, and nothing of the line
    if (came < sampleBytes || ms > sampleMs) return;
    const rate = (came * 1_000) / ms;
    const isMore = this.#receiveRate === undefined || rate > this.#receiveRate;
    this.#receiveRate = isMore ? rate : smooth(this.#receiveRate, rate, 0.2);
  }

  #patience({ handed, read }: Ping, now: number): number {
    const ahead = handed - this.proven;
    const due = wayMs + (2 * ahead * 1_000) / (this.#sendRate ?? slowestPerSecond);
    const wanted = Math.min(mostPatienceMs, Math.max(this.#usualPatience(), due));
    const isComing = this.#read - read >= progressBytes && now - this.#readAt < progressMs;
    return isComing ? mostPatienceMs : wanted;
  }

  #sendPing(): void {
    const wire = this.#wire;
    if (wire === undefined) return;
    const { handed, proven } = this;
    const at = this.#clock.elapsed();
    const ping = { at, handed, proven, read: this.#read, busySince: this.#busySince };
    this.#ping = ping;
    this.#pingedAt = ping.at;
    const take = (): void => {
      if (this.#ping === ping) this.#answer(ping);
    };
    // a ping that is refused belongs to a connection that ended: whoever keeps it says so
    wire.ping().then(take, () => undefined);
  }

  #answer({ at, handed, proven, busySince }: Ping): void {
    const now = this.#clock.elapsed();
    const took = Math.max(now - at, 1);
    const carried = handed - proven;
    this.#ping = undefined;
    this.answeredAt = now;
    this.#roundTrip = smooth(this.#roundTrip, took, 0.25);
    this.#leastRoundTrip = Math.min(this.#leastRoundTrip ?? took, took);
    if (carried >= sampleBytes && busySince !== undefined) {
      const ms = Math.max(now - busySince - this.#leastRoundTrip * 0.9, 1);
      this.#sendRate = smooth(this.#sendRate, (carried * 1_000) / ms, 0.5);
    }
    this.proven = Math.max(this.proven, handed);
    this.#busySince = this.handed > this.proven ? at : undefined;
    if (this.handed - this.proven >= sampleBytes) this.#sendPing();
  }
}

/**
 * Builds the pulse of a connection that comes and goes. A dead line is noticed within 30 s of its last answer; one
 * that is slow is not taken for dead, because an answer is given the time of what was handed over before it, and more
 * while something comes.
 */
export function makePulse(clock: Clock): Pulse {
  return new RunningPulse(clock);
}
