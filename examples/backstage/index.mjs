// The smallest Backstage backend that runs the published plugin: the catalog, and a guest to look at it.
//   node index.mjs --config app-config.yaml --config FILE      FILE as `understudy up --write-app-config FILE` writes it
import { createRequire } from 'node:module';
import { createBackend } from '@backstage/backend-defaults';
import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { addFrontend } from './frontend.mjs';

// The plugin in a folder of its own (tests/plugin/install.sh): its package names releases of Backstage that are years old
// among its dependencies, a thousand more packages, of which it loads none.
const require = createRequire(new URL('plugin/here.js', import.meta.url));
const { GlooPlatformPortalProvider } = require('@solo.io/platform-portal-backstage-plugin-backend');

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  createBackendModule({
    pluginId: 'catalog',
    moduleId: 'gloo-platform-portal',
    register(env) {
      env.registerInit({
        deps: {
          catalog: catalogProcessingExtensionPoint,
          config: coreServices.rootConfig,
          logger: coreServices.logger,
          scheduler: coreServices.scheduler,
        },
        async init({ catalog, config, logger, scheduler }) {
          catalog.addEntityProvider(new GlooPlatformPortalProvider(logger, config, scheduler));
        },
      });
    },
  }),
);
addFrontend(backend);
await backend.start();
