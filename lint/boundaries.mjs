/**
 * The boundaries of docs/architecture.md as a lint rule. An import is resolved from where its file lies, so that it is
 * judged by the folder it leads to, at any depth and however it is spelled.
 *
 * Options: `folders`, what each folder of src (or file of its own) may import, `type:` before what it may import types
 * of only; `leaves`, for a folder that may not import all of the files directly in src, those it may; `files`, what one of
 * those files may import beside the others; `packages`, who knows each of them; `only`, for a folder that knows no other packages, and no module of Node's.
 */
import { dirname, posix, relative, sep } from 'node:path';

const TREES = /(?:^|\/)((?:src|sandbox|test|dashboard)\/.*)$/;

/** The folder of src, the file of its own, or the tree that a path belongs to; `leaf` for what lies directly in src. */
function unitOf(path, own) {
  const [tree, first, ...rest] = path.split('/');
  if (tree === 'package.json') return 'leaf';
  if (tree !== 'src') return tree;
  if (rest.length > 0) return first;
  return own.includes(first) ? first : 'leaf';
}

function mayImport({ folders, leaves, files }, from, path, target, isType) {
  const to = unitOf(target, Object.keys(folders));
  if (from === to) return true;
  const may = folders[from] ?? files[path.slice('src/'.length)] ?? [];
  if (to === 'leaf') {
    const some = leaves[from];
    return (
      some === undefined || some.includes(target.slice('src/'.length)) || (isType && some.includes('type:*'))
    );
  }
  return (
    may.includes(to) || may.includes(target.slice('src/'.length)) || (isType && may.includes(`type:${to}`))
  );
}

function mayUse({ packages, only }, from, name, isType) {
  const known = only[from];
  if (known !== undefined) return isType || known.some((one) => covers(one, name));
  return Object.entries(packages).every(([one, by]) => !covers(one, name) || by.includes(from));
}

function covers(pattern, name) {
  if (pattern.endsWith('/*')) return name.startsWith(pattern.slice(0, -1));
  return name === pattern || name.startsWith(`${pattern}/`);
}

const imports = {
  meta: { schema: [{ type: 'object' }] },
  create(context) {
    const [options] = context.options;
    const [, path] = TREES.exec(relative(context.cwd, context.filename).split(sep).join('/')) ?? [];
    if (path === undefined) return {};
    const from = unitOf(path, Object.keys(options.folders));
    if (from === 'test') return {};

    function check(node, source, isType) {
      if (typeof source?.value !== 'string') return;
      const name = source.value;
      const isFile = name.startsWith('.');
      const target = isFile ? posix.join(dirname(path), name) : name;
      const isAllowed = isFile
        ? mayImport(options, from, path, target, isType)
        : mayUse(options, from, name, isType);
      if (isAllowed) return;
      const message = `${from === 'leaf' ? 'A file directly in src' : from} may not import ${target}: see "Folders and what they may import" in docs/architecture.md.`;
      context.report({ node, message });
    }
    const allTypes = (specifiers, kind) =>
      specifiers.length > 0 && specifiers.every((one) => one[kind] === 'type');
    return {
      ImportDeclaration: (node) =>
        check(node, node.source, node.importKind === 'type' || allTypes(node.specifiers, 'importKind')),
      ExportNamedDeclaration: (node) =>
        check(node, node.source, node.exportKind === 'type' || allTypes(node.specifiers, 'exportKind')),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.argument ?? node.source, true),
    };
  },
};

export default { meta: { name: 'boundaries' }, rules: { imports } };
