import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { accountActions } from './account-actions.ts';
import { renamedPayload } from './renamed-payload.ts';

export const accountResource = defineResource({
  actions: accountActions,
  events: [
    event(['organization'], ['members'], renamedPayload),
    event(['installation_target'], [], renamedPayload),
  ],
});
