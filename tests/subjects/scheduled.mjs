// Constructed as the published plugin is, and handed over by its config, so that a test sees what it was given.
export class Scheduled {
  constructor(logger, config, scheduler) {
    this.logger = logger.child({ target: 'scheduled' });
    this.config = config;
    console.log('what a provider prints is no answer');
    scheduler.scheduleTask({ id: 'refresh', frequency: { minutes: 5 }, timeout: { seconds: 5 }, fn: () => this.run() });
  }

  getProviderName() {
    return 'scheduled';
  }

  async connect(connection) {
    this.connection = connection;
  }

  async run() {
    const backend = this.config.getConfig('glooPlatformPortal.backend');
    this.logger.info('syncing', { portal: backend.getString('portalServerUrl') });
    const read = {
      url: backend.getString('portalServerUrl'),
      secret: backend.getOptionalString('clientSecret'),
      seconds: backend.getOptionalConfig('syncFrequency')?.getNumber('seconds'),
      debug: backend.getOptionalBoolean('debugLogging'),
      own: this.config.getOptionalString('own.key'),
      missing: this.config.has('own.missing'),
    };
    await this.connection.applyMutation({ type: 'full', entities: [{ entity: { kind: 'API', read } }] });
  }
}
