import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { installationActions } from './installation-actions.ts';
import { installationPayload, selectionPayload } from './installation-payload.ts';

export const installationResource = defineResource({
  actions: installationActions,
  events: [
    event(['installation'], [], installationPayload),
    event(['installation_repositories'], [], selectionPayload),
  ],
});
