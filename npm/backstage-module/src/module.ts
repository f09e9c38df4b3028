// What `backend.add(import(…))` adds.
import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { GlooPortalProvider } from './provider';

/** Has the catalog follow what `understudy serve` serves. */
export const catalogModuleGlooPortal = createBackendModule({
  pluginId: 'catalog',
  // As in the installation of the portal's own plugin: a backend that has both is told so, and does not start.
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
        catalog.addEntityProvider(GlooPortalProvider.fromConfig(config, { logger, scheduler }));
      },
    });
  },
});
