import { workflowBundle } from './workflow-bundle.ts';

/** `npm run build`: what production wants built beforehand. */
await workflowBundle();
