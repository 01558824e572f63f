import manifest from '../../package.json' with { type: 'json' };

/** The product's version, as shown by `/livez`. */
export const version: string = manifest.version;
