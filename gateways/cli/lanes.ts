/** How work is spread. */
export interface LaneOptions<J> {
  /** Jobs of one lane at once. */
  readonly perLane: number;
  /** Jobs waiting in all lanes before `push` waits: bounds the memory. */
  readonly maxWaiting: number;
  /** Does one job; what it throws ends everything. */
  readonly act: (job: J) => Promise<void>;
}

/** Work in lanes: one that is held up does not hold up another. */
export interface Lanes<J> {
  /** Resolves when there is room for more; rejects when a job failed. */
  push(lane: string, job: J): Promise<void>;
  /** Resolves when every job is done; rejects when a job failed. */
  finish(): Promise<void>;
}

interface Lane<J> {
  readonly jobs: J[];
  running: number;
}

/** Builds lanes. Jobs of one lane begin in their order. */
export function makeLanes<J>({ perLane, maxWaiting, act }: LaneOptions<J>): Lanes<J> {
  const lanes = new Map<string, Lane<J>>();
  const state: { waiting: number; running: number; errors: unknown[]; wake: (() => void)[] } = {
    waiting: 0,
    running: 0,
    errors: [],
    wake: [],
  };
  const tell = (): void => {
    for (const one of state.wake.splice(0)) one();
  };
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (state.errors.length === 0 && !isTrue()) {
      await new Promise<void>((resolve) => {
        state.wake.push(resolve);
      });
    }
    const [error] = state.errors;
    // eslint-disable-next-line typescript/only-throw-error -- it is thrown on as it was caught
    if (state.errors.length > 0) throw error;
  };
  const next = (lane: Lane<J>): J | undefined => {
    const job = state.errors.length === 0 ? lane.jobs.shift() : undefined;
    if (job !== undefined) state.waiting -= 1;
    return job;
  };
  const work = async (lane: Lane<J>): Promise<void> => {
    try {
      for (let job = next(lane); job !== undefined; job = next(lane)) {
        tell();
        await act(job);
      }
    } catch (error) {
      state.errors.push(error);
    }
    lane.running -= 1;
    state.running -= 1;
    tell();
  };
  return {
    push: async (name, job) => {
      const lane = lanes.get(name) ?? { jobs: [], running: 0 };
      lanes.set(name, lane);
      lane.jobs.push(job);
      state.waiting += 1;
      if (lane.running < perLane) {
        lane.running += 1;
        state.running += 1;
        void work(lane);
      }
      await until(() => state.waiting < maxWaiting);
    },
    finish: () => until(() => state.running === 0),
  };
}
