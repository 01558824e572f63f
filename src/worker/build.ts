import { workflowBundle } from './workflow-bundle.ts';

/** `npm run build`: the files that production needs built beforehand. */
await workflowBundle();
