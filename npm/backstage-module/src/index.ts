/**
 * A module for Backstage's catalog: the APIs of a Gloo Portal, as `understudy serve` keeps and serves them.
 *
 * @packageDocumentation
 */
export { catalogModuleGlooPortal as default } from './module';
export { GlooPortalProvider, type GlooPortalProviderOptions } from './provider';
