// The smallest Backstage backend without the plugin: its catalog reads what `catalog.locations` names.
//   node plain.mjs --config app-config.yaml --config FILE      FILE with what `understudy serve` prints
import { createBackend } from '@backstage/backend-defaults';
import { addFrontend } from './frontend.mjs';

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
addFrontend(backend);
await backend.start();
