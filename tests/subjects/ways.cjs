// The other ways in which providers are made and fail, each an export.
'use strict';

class Provider {
  constructor(name) {
    this.name = name;
  }

  async connect(connection) {
    this.connection = connection;
  }

  async run() {
    await this.connection.applyMutation({ type: 'delta', added: [{ entity: { kind: 'API', name: this.name } }], removed: [] });
  }
}

exports.FromConfig = class FromConfig extends Provider {
  static fromConfig(config, { logger, scheduler, schedule }) {
    logger.debug('from its config');
    return ['one', 'other'].map(name => {
      const provider = new FromConfig(name);
      schedule.run({ id: name, fn: async () => scheduler.triggerTask(`${name} itself`) });
      scheduler.scheduleTask({ id: `${name} itself`, fn: () => provider.run() });
      return provider;
    });
  }
};

exports.made = async ({ scheduler }) => {
  const provider = new Provider('made');
  setTimeout(() => scheduler.scheduleTask({ id: 'a', fn: () => provider.run() }), 20);
  return provider;
};

exports.silent = () => new Provider('silent');

exports.rejecting = () => {
  Promise.reject(new Error('no token', { cause: new Error('connect ECONNREFUSED') }));
  return new Provider('rejecting');
};

exports.throwing = ({ scheduler }) => {
  const provider = new Provider('throwing');
  scheduler.createScheduledTaskRunner({ frequency: { minutes: 1 } }).run({
    id: 'a',
    fn: async () => {
      await provider.run();
      throw new Error('Not initialized');
    },
  });
  return provider;
};
