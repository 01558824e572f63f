/** Annotated tags: Git objects of their own between a ref and its commit. */
import { encodePerson, sha1 } from '../commits/commit.ts';
import type { Network, Signature } from '../../world/types.ts';

/** Immutable; its sha is the SHA-1 of Git's own encoding. */
export interface TagObject {
  sha: string;
  /** The commit it stands on. */
  target: string;
  name: string;
  tagger: Signature | null;
  message: string;
}

/** Adds a tag object to the network and returns it. */
export function addTagObject(network: Network, input: Omit<TagObject, 'sha'>): TagObject {
  const { target, name, tagger, message } = input;
  const lines = [`object ${target}`, 'type commit', `tag ${name}`];
  if (tagger) lines.push(`tagger${encodePerson(tagger)}`);
  const body = [...lines, '', message].join('\n');
  const tag = { ...input, sha: sha1(`tag ${Buffer.byteLength(body)}\0${body}`) };
  network.tags.set(tag.sha, tag);
  return tag;
}

/** The commit behind a sha: itself, or what the tag object of that sha stands on. */
export function peel(network: Network, sha: string): string {
  return network.tags.get(sha)?.target ?? sha;
}
