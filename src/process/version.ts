import manifest from '../../package.json' with { type: 'json' };

/** The product's version, as `/livez` says it. */
export const version: string = manifest.version;
