/** So many repositories of an installation have workflows of their own at once; more are one piece of work. */
export const STORM_FROM = 5;
