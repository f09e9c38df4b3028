// The entity provider: what has changed in the document since it was last applied becomes a delta mutation.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { LoggerService, RootConfigService, SchedulerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { DeferredEntity, EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { type Document, Unreadable, readDocument } from './document';
import { type Options, readOptions } from './options';

// The portal's plugin has the same two names, so that its entities become this provider's, and the other way round, when one
// takes the place of the other.
const PROVIDER_NAME = 'gloo-platform-portal-backend-provider';
const LOCATION_KEY = 'gloo-platform-portal-provider';

/** After so long the catalog is told all anew, whatever it may have lost meanwhile. */
const FULL_EVERY_MS = 60 * 60_000;

/** What the provider needs of Backstage. */
export interface GlooPortalProviderOptions {
  logger: LoggerService;
  scheduler: SchedulerService;
}

/** Has the catalog follow the document that `understudy serve` serves. */
export class GlooPortalProvider implements EntityProvider {
  private connection: EntityProviderConnection | undefined;
  /** What the catalog was told, where that is known. */
  private applied: Document | undefined;
  /** When all was told. */
  private fullAt = 0;
  /** What was wrong at the last reading. */
  private trouble: string | undefined;

  private constructor(
    private readonly options: Options,
    private readonly logger: LoggerService,
    private readonly scheduler: SchedulerService,
  ) {}

  static fromConfig(config: RootConfigService, { logger, scheduler }: GlooPortalProviderOptions): GlooPortalProvider {
    return new GlooPortalProvider(readOptions(config), logger, scheduler);
  }

  getProviderName(): string {
    return PROVIDER_NAME;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    await this.scheduler.scheduleTask({
      id: 'gloo-portal-catalog-refresh',
      frequency: { milliseconds: this.options.frequency },
      // The limit of `refresh` comes first, so that what was wrong is told.
      timeout: { milliseconds: this.options.timeout + 1000 },
      // Each backend of several compares with what it has told by itself, so none may skip what another has read.
      scope: 'local',
      fn: signal => this.refresh(signal),
    });
  }

  /** Reads the document, and tells the catalog what has changed. Where it can't be read, the catalog stays as it is. */
  async refresh(signal?: AbortSignal): Promise<void> {
    if (!this.connection) throw new Error('the catalog has not connected this provider yet');
    const limit = AbortSignal.timeout(this.options.timeout);
    try {
      await this.follow(signal ? AbortSignal.any([signal, limit]) : limit);
      this.well();
    } catch (error) {
      if (signal?.aborted) return;
      this.ill(
        limit.aborted ? (this.trouble ?? `did not answer within ${this.options.timeout} ms`) : (error as Error).message,
      );
    }
  }

  /** Reads until it is readable, or the time is over. */
  private async follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        const isFullDue = Date.now() - this.fullAt >= FULL_EVERY_MS;
        const document = await readDocument(this.options.url, isFullDue ? undefined : this.applied?.etag, signal);
        if (document) await this.apply(document, isFullDue);
        else this.debug('nothing has changed');
        return;
      } catch (error) {
        if (!(error instanceof Unreadable) || error.retryAfter === undefined) throw error;
        this.ill(error.message);
        await sleep(error.retryAfter, undefined, { signal });
      }
    }
  }

  private async apply(document: Document, isFullDue: boolean): Promise<void> {
    const before = isFullDue ? undefined : this.applied;
    // Where the catalog refuses, nobody knows what it holds: the next mutation is a full one.
    this.applied = undefined;
    if (before) await this.applyChanges(before, document);
    else await this.applyAll(document);
    this.applied = document;
  }

  // After a start nobody here knows what the catalog was told before: it compares by itself, and removes what is gone.
  private async applyAll({ entities }: Document): Promise<void> {
    await this.connection!.applyMutation({ type: 'full', entities: [...entities.values()].map(deferred) });
    this.fullAt = Date.now();
    this.logger.info(`${entities.size} entities from ${this.options.url}`);
  }

  private async applyChanges(before: Document, { entities }: Document): Promise<void> {
    const added = [...entities].filter(
      ([reference, entity]) => !isDeepStrictEqual(entity, before.entities.get(reference)),
    );
    const removed = [...before.entities.keys()].filter(reference => !entities.has(reference));
    if (added.length === 0 && removed.length === 0) {
      this.debug('nothing has changed');
      return;
    }
    await this.connection!.applyMutation({
      type: 'delta',
      added: added.map(([, entity]) => deferred(entity)),
      removed: removed.map(entityRef => ({ entityRef, locationKey: LOCATION_KEY })),
    });
    this.logger.info(`${added.length} entities are new or changed, ${removed.length} are gone`);
  }

  private debug(message: string): void {
    if (this.options.debugLogging) this.logger.info(message);
    else this.logger.debug(message);
  }

  /** Trouble is told once, and so is its end. */
  private ill(message: string): void {
    if (message !== this.trouble) {
      this.logger.warn(`${this.options.url} ${message}; the catalog stays as it is`);
    }
    this.trouble = message;
  }

  private well(): void {
    if (this.trouble !== undefined) this.logger.info(`${this.options.url} is readable again`);
    this.trouble = undefined;
  }
}

function deferred(entity: Entity): DeferredEntity {
  return { entity, locationKey: LOCATION_KEY };
}
