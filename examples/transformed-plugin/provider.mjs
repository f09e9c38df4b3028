// The portal's own plugin with an `entityTransformation`, as a user has it who wants names, owners and titles of his own.
import { createRequire } from 'node:module';
import path from 'node:path';

// Among the packages of the folder that it is run in.
const require = createRequire(path.join(process.cwd(), 'here.js'));
const { GlooPlatformPortalProvider } = require('@solo.io/platform-portal-backstage-plugin-backend');

export function create({ logger, config, scheduler }) {
  return new GlooPlatformPortalProvider(logger, config, scheduler, (entity, api) => {
    const owner = api.customMetadata?.team ?? 'shop-floor';
    return {
      ...entity,
      metadata: { ...entity.metadata, name: `shop.${entity.metadata.name}`, labels: { origin: 'gloo' } },
      spec: { ...entity.spec, lifecycle: 'experimental', owner: `group:default/${owner}` },
    };
  });
}
