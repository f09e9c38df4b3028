// The smallest Backstage backend whose catalog follows what `understudy serve` serves, by the module that comes along.
//   node module.mjs --config app-config.yaml --config app-config.understudy.yaml
import { createBackend } from '@backstage/backend-defaults';
import { addFrontend } from './frontend.mjs';

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('backstage-plugin-catalog-backend-module-gloo-portal'));
addFrontend(backend);
await backend.start();
