// The backend serves the app of ./app too, once it is built and in `node_modules`, as the workspace `packages/app` is in a
// real Backstage: http://localhost:PORT shows the catalog then. Without it, the backend is an API only.
import { existsSync } from 'node:fs';

/** Adds what serves the app to a backend, where there is an app. */
export function addFrontend(backend) {
  if (existsSync(new URL('node_modules/app/dist', import.meta.url))) {
    backend.add(import('@backstage/plugin-app-backend'));
  }
}
