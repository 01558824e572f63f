import { branches } from './branches.ts';
import { issues } from './issues.ts';
import { pullRequests } from './pull-requests.ts';

/** Every kind of GitHub's data that is described, parents before what belongs to them. */
export const entities = [branches, issues, pullRequests] as const;
