// What the configuration says.
import type { RootConfigService } from '@backstage/backend-plugin-api';

const DEFAULT_URL = 'http://localhost:31100/catalog-info.yaml';

/** What the module reads of Backstage's configuration. */
export interface Options {
  url: string;
  /** In milliseconds. */
  frequency: number;
  /** In milliseconds. */
  timeout: number;
  debugLogging: boolean;
}

type Config = RootConfigService;

export function readOptions(config: Config): Options {
  const url = config.getOptionalString('glooPlatformPortal.catalog.url') ?? DEFAULT_URL;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new Error(`glooPlatformPortal.catalog.url is no URL of a catalog-info.yaml, such as ${DEFAULT_URL}`);
  }
  const backend = 'glooPlatformPortal.backend';
  return {
    url,
    frequency: milliseconds(config, `${backend}.syncFrequency`) || 5 * 60_000,
    timeout: milliseconds(config, `${backend}.syncTimeout`) || 30_000,
    debugLogging: config.getOptionalBoolean(`${backend}.debugLogging`) ?? false,
  };
}

/** The sum of a length's members, as the portal's plugin takes it; 0 where there is none. */
function milliseconds(config: Config, key: string): number {
  const amount = (unit: string) => config.getOptionalNumber(`${key}.${unit}`) ?? 0;
  const minutes = amount('hours') * 60 + amount('minutes');
  return (minutes * 60 + amount('seconds')) * 1000 + amount('milliseconds');
}
