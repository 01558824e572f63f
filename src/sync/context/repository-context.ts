import type { Interruption } from './interruption.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import type { RepositoryWriter } from './repository-writer.ts';

/**
 * One round of one repository, while its lease is held. Only steps that read long lists need all of it; every
 * other function declares which part it takes: the facts, the writer, or the interruption.
 */
export interface RepositoryContext extends RepositoryFacts, RepositoryWriter, Interruption {}
