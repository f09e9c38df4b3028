// Makes `dist` as Backstage's app backend serves it: the bundle, the page that the configuration is put into, and which
// keys of the configuration a browser may see.
import { build } from 'esbuild';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';

process.chdir(import.meta.dirname);
rmSync('dist', { recursive: true, force: true });

// What package.json leaves out, with all below it: widgets for other kinds of APIs, and what only servers call.
const { overrides } = JSON.parse(readFileSync('package.json', 'utf8'));
const absent = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(overrides).join('|')})(/|$)`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

await build({
  entryPoints: ['index.js'],
  outdir: 'dist/static',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  assetNames: '[hash]',
  chunkNames: '[hash]',
  loader: { '.svg': 'file' },
  define: {
    global: 'globalThis',
    'process.env.APP_CONFIG': '[]',
    'process.env.HAS_REACT_DOM_CLIENT': 'true',
    'process.env.NODE_ENV': '"production"',
  },
  plugins: [absent],
});
copyFileSync('index.html.tmpl', 'dist/index.html.tmpl');
copyFileSync('config-schema.json', 'dist/.config-schema.json');
