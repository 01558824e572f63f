/**
 * Up to this many repositories of an installation have their own workflows at once; more are one piece of work.
 */
export const STORM_FROM = 5;
