// Runs one sync of the published plugin, outside Backstage, and prints the mutation that it hands to the catalog.
//
//   node drive.cjs FOLDER        FOLDER/node_modules holds the plugin (tests/plugin/install.sh)
//
// Where the portal and the token endpoint are comes from the Gloo guide's variables. The plugin's log goes to stderr.
'use strict';
const path = require('node:path');

const folder = path.resolve(process.argv[2]);
const { GlooPlatformPortalProvider } = require(
  path.join(folder, 'node_modules/@solo.io/platform-portal-backstage-plugin-backend'),
);

const backend = {
  portalServerUrl: process.env.PORTAL_SERVER_URL,
  tokenEndpoint: process.env.TOKEN_ENDPOINT,
  clientId: process.env.CLIENT_ID,
  clientSecret: process.env.CLIENT_SECRET,
};
const read = key => backend[key.replace('glooPlatformPortal.backend.', '')];
const config = {
  getOptionalString: read,
  getOptionalBoolean: read,
  getOptionalConfig: read,
};
const log = level => message => console.error(`${level}: ${message}`);
const logger = { info: log('info'), warn: log('warn'), error: log('error') };

const scheduler = {
  async scheduleTask({ fn }) {
    await fn();
    // The plugin has set a timer for its next token, which would keep the process alive.
    process.exitCode = 0;
    process.stdout.write('', () => process.exit());
  },
};
const provider = new GlooPlatformPortalProvider(logger, config, scheduler);
provider.connect({
  async applyMutation(mutation) {
    await new Promise(done => process.stdout.write(JSON.stringify(mutation), done));
  },
});
process.on('unhandledRejection', error => {
  console.error(String(error));
  process.exit(1);
});
