import type { Action } from '../play.ts';

export const accountActions: Record<string, Action> = {
  createAccount: {
    weight: 2,
    run: (play) => {
      const login = play.fresh('user');
      play.control.createAccount({ login, emails: [`${login}@people.example`] });
    },
  },
  /** At times somebody else takes the old login at once. */
  renameUser: {
    weight: 2,
    unseen: true,
    run: (play) => {
      const { login } = play.person();
      play.control.renameAccount({ login, to: play.fresh('renamed') });
      if (play.random.chance(0.5)) play.control.createAccount({ login });
    },
  },
  renameOwner: {
    weight: 1,
    unseen: true,
    run: (play) => play.control.renameAccount({ login: play.owner().login, to: play.fresh('owner') }),
  },
  deleteUser: {
    weight: 1,
    unseen: true,
    run: (play) => play.control.deleteAccount({ login: play.person().login }),
  },
  addEmail: {
    weight: 3,
    unseen: true,
    run: (play) => {
      const email = `${play.random.pick(['a', 'b', 'c'])}@nowhere.example`;
      play.control.addEmail({ login: play.person().login, email });
    },
  },
};

export const installationActions: Record<string, Action> = {
  suspendForAWhile: {
    weight: 1,
    run: (play) => play.control.suspend({ id: play.installation().id }),
  },
  unsuspend: {
    weight: 3,
    run: (play) => {
      const suspended = [...play.world.state.installations.values()].filter(
        (one) => one.suspendedAt !== null,
      );
      play.control.unsuspend({ id: play.random.pick(suspended).id });
    },
  },
  uninstall: { weight: 0.7, run: (play) => play.control.uninstall({ id: play.installation().id }) },
  install: { weight: 4, run: (play) => play.control.install({ account: play.owner().login }) },
  select: {
    weight: 3,
    run: (play) => {
      const { id, accountId } = play.installation();
      const own = [...play.world.state.repositories.values()].filter(({ ownerId }) => ownerId === accountId);
      const chosen = own.filter(() => play.random.chance(0.6)).map((one) => one.id);
      play.control.changeSelection({ id, repositories: play.random.chance(0.4) ? 'all' : chosen });
    },
  },
  withdrawPermission: {
    weight: 1,
    run: (play) => {
      const { id, permissions } = play.installation();
      const kind = play.random.pick(['issues', 'pull_requests', 'contents']);
      const rest = Object.entries(permissions).filter(([name]) => name !== kind);
      play.control.changePermissions({ id, permissions: Object.fromEntries(rest) });
    },
  },
  grantPermissions: {
    weight: 3,
    run: (play) => {
      const lacking = [...play.world.state.installations.values()].filter(
        ({ permissions }) =>
          Object.keys(permissions).length < Object.keys(play.world.state.app.permissions).length,
      );
      const { id } = play.random.pick(lacking);
      play.control.changePermissions({ id, permissions: play.world.state.app.permissions });
    },
  },
};
