import { z } from 'zod';
import { markRowsDeleted, storedRows, writeRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { tags, type TagRow } from '../../entities/tags.ts';
import { readPushPayload, readRefPayload, type RefChange } from '../../github/payloads/payloads.ts';
import { followBranches } from '../listings/follow-branches.ts';
import { compareConnection, refetchByName, writeNamed } from '../further/compare-connection.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { nothingMerged, type FurtherDeliveries } from './further-deliveries.ts';

/** What deliveries say about one tag, in any order. */
interface DeliveredTag {
  guids: Set<string>;
  changes: RefChange[];
  /** what it may point to now (null: deleted), and what it pointed to before */
  heads: Set<string | null>;
  left: Set<string | null>;
}

const pushed = z.object({ after: z.string(), head_commit: z.object({ id: z.string() }) });

/**
 * Reads what pushes, `create` and `delete` say about tags. A deletion, or a tag that points directly to a
 * commit, is written at once if it follows on the stored state. Only GitHub knows the contents of an annotated
 * tag, so all tags are requested by name.
 */
export function createTagDeliveries(): FurtherDeliveries {
  const delivered = new Map<string, DeliveredTag>();
  /** SHAs of commits that tags point to without a tag object */
  const commits = new Set<string>();

  return {
    read({ event, payload, guid }) {
      if (event !== 'push' && event !== 'create' && event !== 'delete') return false;
      const change = event === 'push' ? readPushPayload(payload) : readRefPayload(payload, event);
      if (change.tag === null) return true;
      const one = delivered.get(change.tag) ?? {
        guids: new Set(),
        changes: [],
        heads: new Set(),
        left: new Set(),
      };
      delivered.set(change.tag, one);
      one.guids.add(guid);
      one.changes.push(change);
      const { data: push } = pushed.safeParse(payload);
      if (push !== undefined && push.after === push.head_commit.id) commits.add(push.after);
      return true;
    },
    async merge(context) {
      if (!context.kinds.has(tags.name) || delivered.size === 0) return nothingMerged;
      const { id } = context.repository;
      const known = await storedHeads(context, [...delivered.keys()]);
      for (const [name, one] of delivered) addHeads(one, known.get(name) ?? null);
      const changes = [...delivered.values()].flatMap((one) => one.changes);
      const followed = followBranches(
        changes.map((change) => ({ ...change, branch: change.tag })),
        known,
      );
      const rows = followed.written.flatMap(({ name, head_sha: sha }) =>
        commits.has(sha)
          ? [{ repository_id: id, name, sha, tag_sha: null, tagged_at: null, message: null }]
          : [],
      );
      return {
        async write(tx) {
          const marked = await markRowsDeleted(tx, tags, id, followed.deleted);
          return { tags: (await writeRows(tx, tags, rows)) + marked.length };
        },
        questions: [
          {
            guids: new Set([...delivered.values()].flatMap(({ guids }) => [...guids])),
            ask: (last) => ask(context, delivered, last),
          },
        ],
      };
    },
  };
}

/** What each of these tags points to in our rows; null if it is deleted or unknown. */
async function storedHeads(
  { orm, repository }: RepositoryContext,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  const stored = await storedRows(sqlOf(orm), tags, repository.id, names);
  return new Map(
    names.map((name) => {
      const one = stored.get(name);
      return [name, one === undefined || one.deleted ? null : headOf(one.row)] as const;
    }),
  );
}

/** Collects what a tag may point to after its changes, and what it pointed to before them. */
function addHeads({ changes, heads, left }: DeliveredTag, known: string | null): void {
  for (const { before, after } of changes) {
    if (after !== undefined) heads.add(after);
    left.add(after === null && before === null ? known : before);
  }
}

/** Makes tags match GitHub's answer; returns false while it does not show what it announced. */
async function ask(
  context: RepositoryContext,
  delivered: ReadonlyMap<string, DeliveredTag>,
  last: boolean,
): Promise<boolean> {
  const { verdicts, error } = await refetchByName(context, tags, [...delivered.keys()]);
  const shown = verdicts.filter(([name, row]) => {
    const head = row === null ? null : headOf(row);
    const one = delivered.get(name);
    return last || one === undefined || one.heads.has(head) || !one.left.has(head);
  });
  // No delivery says that one was deleted: the list is checked as well.
  const resolved = shown.filter(
    ([name, row]) => row !== null || delivered.get(name)?.heads.has(null) === true,
  );
  await writeNamed(context, tags, new Map(resolved));
  if (resolved.length < shown.length) {
    const unlisted = await compareConnection(context, tags, false);
    if (unlisted !== null) throw unlisted;
  }
  if (error !== null) throw error;
  return shown.length === verdicts.length;
}

/** What the ref points to: the object of an annotated tag, else a commit. */
function headOf({ sha, tag_sha: object }: TagRow): string {
  return object ?? sha;
}
