// The stage's clock, by which tokens age and quotas refill.
import type { Control } from './control';
import type { components } from './control-api';

type Schemas = components['schemas'];

/** The stage's clock. Lengths of time are written as in a scenario: `10s`, `1h 30m`. */
export class StageClock {
  /** @internal */
  constructor(private readonly api: Control) {}

  /** What time it is there, whether it stands, and how wrong each mock goes. */
  async show(): Promise<Schemas['ClockFace']> {
    return this.api.ask('GET', '/clock');
  }

  /** Lets time pass at once. */
  async advance(by: string): Promise<Schemas['Done']> {
    return this.move({ advance: by });
  }

  /** Sets it. */
  async set(time: Date | string): Promise<Schemas['Done']> {
    return this.move({ set: typeof time === 'string' ? time : time.toISOString() });
  }

  /** Has it stand still. */
  async freeze(): Promise<Schemas['Done']> {
    return this.move('freeze');
  }

  /** Has it go on. */
  async run(): Promise<Schemas['Done']> {
    return this.move('run');
  }

  /** Has one mock's clock be wrong; a `by` that begins with `-` has it be behind. */
  async skew(server: Schemas['Server'], by: string): Promise<Schemas['Done']> {
    return this.move({ skew: { server, by } });
  }

  private move(move: Schemas['ClockMove']): Promise<Schemas['Done']> {
    return this.api.ask('POST', '/clock', move);
  }
}
