/**
 * Global node ids in GitHub's present format: GitHub's prefix of the type (`LA` of a label) and base64url of a MessagePack array
 * `[0, id]` or `[0, repository id, id or text]`. Clients must treat them as opaque; the sandbox reads them back.
 */

/** The object of a node id. `scope` is the repository's id for objects inside one. */
export interface NodeRef {
  prefix: string;
  scope: number | null;
  id: number | string;
}

function packNumber(value: number): Uint8Array<ArrayBuffer> {
  if (value > 0xffffffff) {
    const wide = Buffer.alloc(9);
    wide[0] = 0xcf;
    wide.writeBigUInt64BE(BigInt(value), 1);
    return wide;
  }
  const buffer = Buffer.alloc(5);
  buffer[0] = 0xce;
  buffer.writeUInt32BE(value, 1);
  return buffer;
}

function packText(value: string): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(value);
  const head = Buffer.from([0xda, text.length >> 8, text.length & 0xff]);
  return Buffer.concat([head, text]);
}

/** The node id of an account, a repository (no scope), or of something inside a repository (its id as scope). */
export function nodeId(prefix: string, id: number | string, scope: number | null = null): string {
  const parts: Uint8Array<ArrayBuffer>[] = [Buffer.from([scope === null ? 0x92 : 0x93, 0])];
  if (scope !== null) parts.push(packNumber(scope));
  parts.push(typeof id === 'number' ? packNumber(id) : packText(id));
  return `${prefix}_${Buffer.concat(parts).toString('base64url')}`;
}

/** Reads a node id back; null when it is none. */
export function readNodeId(text: string): NodeRef | null {
  const cut = text.indexOf('_');
  if (cut < 1) return null;
  const prefix = text.slice(0, cut);
  const bytes = Buffer.from(text.slice(cut + 1), 'base64url');
  const scoped = bytes[0] === 0x93;
  if (!scoped && bytes[0] !== 0x92) return null;
  const scope = scoped ? unpackNumber(bytes, 2) : null;
  if (scoped && scope === null) return null;
  const start = scoped ? 2 + (bytes[2] === 0xcf ? 9 : 5) : 2;
  const id = unpackNumber(bytes, start);
  if (id !== null) return { prefix, scope, id };
  return bytes[start] === 0xda ? { prefix, scope, id: bytes.subarray(start + 3).toString() } : null;
}

/** The packed number at a place, or null where there is none. */
function unpackNumber(bytes: Buffer, at: number): number | null {
  if (bytes[at] === 0xce && bytes.length >= at + 5) return bytes.readUInt32BE(at + 1);
  if (bytes[at] === 0xcf && bytes.length >= at + 9) return Number(bytes.readBigUInt64BE(at + 1));
  return null;
}
