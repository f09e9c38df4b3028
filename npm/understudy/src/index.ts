/**
 * A Gloo Portal and its identity provider for tests, and the verdict of a suite on a provider.
 *
 * @packageDocumentation
 */
export { binaryPath } from './binary';
export { StageClock } from './clock';
export type { ControlAddress } from './control';
export type { components } from './control-api';
export { UnderstudyError } from './error';
export { providerSubject, run } from './run';
export type { CatalogLine, Outcome, RunOptions, RunReport, ScenarioReport, StepReport } from './run';
export { FaultHandle, Stage, startStage } from './stage';
export type {
  ActiveFault,
  AppConfig,
  Change,
  Client,
  Done,
  Exchange,
  Fault,
  Issuer,
  JournalFilter,
  KeyChange,
  RequestWish,
  Scenario,
  Server,
  StageOptions,
  Step,
  TokenChange,
  World,
} from './stage';
