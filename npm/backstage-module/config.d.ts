export interface Config {
  glooPlatformPortal?: {
    /** Where the entities come from. */
    catalog?: {
      /**
       * The `catalog-info.yaml` of `understudy serve`. By default `http://localhost:31100/catalog-info.yaml`.
       */
      url?: string;
    };
    /** The keys of the portal's own plugin, of which this module reads three; `understudy serve --app-config` the others. */
    backend?: {
      /** How often the entities are read: the sum of these, 5 minutes by default. */
      syncFrequency?: {
        hours?: number;
        minutes?: number;
        seconds?: number;
        milliseconds?: number;
      };
      /** How long one reading may take, further attempts included: the sum of these, 30 seconds by default. */
      syncTimeout?: {
        hours?: number;
        minutes?: number;
        seconds?: number;
        milliseconds?: number;
      };
      /** Whether to log each reading. */
      debugLogging?: boolean;
    };
  };
}
