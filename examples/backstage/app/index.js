// The smallest Backstage app that shows a catalog's APIs: a guest signs in, lists them and reads their definitions.
// It stands for the `packages/app/src/index.tsx` of a real one, in Backstage's new frontend system.
import '@backstage/ui/css/styles.css';
import { createApp } from '@backstage/frontend-defaults';
import apiDocs from '@backstage/plugin-api-docs/alpha';
import catalog from '@backstage/plugin-catalog/alpha';
import { createRoot } from 'react-dom/client';

const app = createApp({ features: [catalog, apiDocs] });
createRoot(document.getElementById('root')).render(app.createRoot());
